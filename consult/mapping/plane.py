"""The plane of a conversation: the two directions along which the answers differ most, and everybody's point on it.

The centred matrix has one entry an answer, for what was not seen is taken for the mean of its column. Sums are exact
(whole numbers of a millionth) or in a fixed order, so neither the order of the answers nor the number of threads of
the machine's linear algebra changes a digit.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from consult.core.later import numpy as np
from consult.mapping.votes import Flags, Floats, Matrix

GRAIN = 2.0**20  # of a centred answer: 2,048 products of two of them still add up exactly in a double
CHUNK = 2_048
BASIS, KEPT, ROUNDS = 24, 6, 100
PRECISION = 1e-10
NARROW, STEPS, CLOSE = 200, 8, 3e-3
COARSE, FINE, FAIR = 2.0**14, 2.0**26, 2.0**18
"""The grains of centred answers, directions and points when a plane is followed: up to 3,000 rows of 30,000 columns,
products of the first with either of the others add up exactly in a double."""


@dataclass(frozen=True)
class Plane:
    """What places a row of answers: the mean of each column, two axes (2 x columns), and the damping.

    Of n answers among T columns, the point is stretched by the root of (T + damping) / (n + damping), so that one who
    answered little is not drawn to the middle, nor flung out of it. Columns that are not kept count for nothing.
    """

    means: Floats
    axes: Floats
    damping: float
    kept: Flags

    def points(self, matrix: Matrix) -> Floats:
        """The point of each row, rows x 2."""
        centred = matrix.values - self.means[matrix.columns]
        sums = np.stack([matrix.sums(centred * axis[matrix.columns]) for axis in self.axes], axis=1)
        answers = matrix.lengths if self.kept.all() else matrix.sums(self.kept[matrix.columns].astype(np.float64))
        stretch = np.sqrt((self.kept.sum() + self.damping) / np.maximum(answers + self.damping, 1))
        points: Floats = sums * stretch[:, None]
        return points

    def again(self, matrix: Matrix) -> Plane:
        """The plane of most of the same rows: with few columns as it is, else found from here to some thousandths."""
        if matrix.width < NARROW:
            return plane(matrix, self.damping, self.kept)
        means = _means(matrix, self.kept, COARSE)
        dense = _dense(matrix, means, slice(0, matrix.height))
        dense[:, ~self.kept] = 0.0
        return replace(self, means=means, axes=followed(dense, self.axes))

    def towards(self, axes: Floats) -> Plane:
        """The same plane, its axes pointing the way of earlier ones over the same columns."""
        signs = np.where(np.einsum("ij,ij->i", self.axes, axes) < 0, -1.0, 1.0)
        return replace(self, axes=self.axes * signs[:, None])


def plane(matrix: Matrix, damping: float, kept: Flags | None = None) -> Plane:
    """The plane of the two leading directions of a matrix of answers, of its kept columns alone where some are not."""
    kept = np.ones(matrix.width, dtype=bool) if kept is None else kept
    means = _means(matrix, kept, GRAIN)
    return Plane(means, leading(products(matrix, means) * np.outer(kept, kept)), damping, kept)


def _means(matrix: Matrix, kept: Flags, grain: float) -> Floats:
    """The mean of each kept column, in whole numbers of a grain."""
    shown = np.bincount(matrix.columns, minlength=matrix.width)
    sums = np.bincount(matrix.columns, weights=matrix.values, minlength=matrix.width)
    return np.where(kept, np.round(sums / np.maximum(shown, 1) * grain) / grain, 0.0)


def products(matrix: Matrix, means: Floats) -> Floats:
    """The products of every two centred columns, exact."""
    total = np.zeros((matrix.width, matrix.width), dtype=np.int64)
    for first in range(0, matrix.height, CHUNK):
        dense = _dense(matrix, means, slice(first, first + CHUNK))
        dense *= GRAIN
        total += (dense.T @ dense).astype(np.int64)
    return total / GRAIN**2


def _dense(matrix: Matrix, means: Floats, which: slice) -> Floats:
    """Some rows of the centred matrix with all that was not seen, too."""
    starts = matrix.starts[which.start:which.stop + 1]
    entries = slice(starts[0], starts[-1])
    columns = matrix.columns[entries]
    dense = np.zeros((len(starts) - 1, matrix.width))
    rows = np.repeat(np.arange(len(starts) - 1) * matrix.width, np.diff(starts))
    dense.ravel()[rows + columns] = matrix.values[entries] - means[columns]
    return dense


def leading(square: Floats) -> Floats:
    """The two leading eigenvectors of a symmetric matrix without negative eigenvalues, as rows; zeros for none left.

    Lanczos with thick restarts. Sums by einsum, which has one order, rather than by the threaded library.
    """
    size = len(square)
    basis, images = np.zeros((BASIS, size)), np.zeros((BASIS, size))
    following, held = np.random.default_rng(size).standard_normal(size), 0
    values, vectors = np.zeros(0), np.zeros((0, size))
    for _ in range(ROUNDS):
        held = _extend(square, basis, images, held, following)
        values, turn = np.linalg.eigh(np.einsum("ik,jk->ij", basis[:held], images[:held]))
        values, turn = values[::-1][:KEPT], turn[:, ::-1][:, :KEPT]
        vectors, mapped = np.einsum("ij,ik->jk", turn, basis[:held]), np.einsum("ij,ik->jk", turn, images[:held])
        errors = mapped[:2] - values[:2, None] * vectors[:2]
        norms = np.sqrt(np.einsum("ij,ij->i", errors, errors))
        if held < BASIS or norms.max(initial=0.0) <= PRECISION * values[0]:
            break
        held = len(values)
        basis[:held], images[:held], following = vectors, mapped, errors[np.argmax(norms > PRECISION * values[0])]
    return _axes(values, vectors, size)


def _axes(values: Floats, vectors: Floats, size: int) -> Floats:
    axes = np.zeros((2, size))
    for index in range(min(2, len(values))):
        if values[index] > PRECISION * max(values[0], 1.0):
            axes[index] = _upright(vectors[index])
    return axes


def _extend(square: Floats, basis: Floats, images: Floats, held: int, following: Floats) -> int:
    """Fill the basis with the directions that follow; how many it then holds: fewer than it has room for at the end."""
    while held < len(basis) and _added(basis, held, following):
        images[held] = following = np.einsum("ij,j->i", square, basis[held])
        held += 1
    return held


def _added(basis: Floats, held: int, following: Floats) -> bool:
    """Put what is new in a direction in the next place of the basis; whether there was anything new."""
    scale = np.sqrt((following * following).sum())
    for _ in range(2):  # once leaves what rounding lost
        following = following - np.einsum("i,ij->j", np.einsum("ij,j->i", basis[:held], following), basis[:held])
    norm = np.sqrt((following * following).sum())
    if norm <= 1e-13 * scale or not norm:
        return False
    basis[held] = following / norm
    return True


def followed(dense: Floats, axes: Floats) -> Floats:
    """The two leading directions of centred rows, as rows, from two that are near them; zeros for none left.

    Krylov's space of the two, which grows until both are nearly fixed. What is multiplied is rounded first (to less
    than a hundred thousandth), so that sums are exact whatever their order.
    """
    size = dense.shape[1]
    basis, images = np.zeros((2 * STEPS, size)), np.zeros((2 * STEPS, size))
    held, values, mapped, following = 0, np.zeros(0), np.zeros((0, size)), axes
    for _ in range(STEPS):
        first = held
        for direction in following:
            held += _added(basis, held, direction)
        if held == first:
            break
        along = np.rint(dense @ np.rint(basis[first:held] * FINE).T * (FAIR / FINE))
        images[first:held] = following = along.T @ dense / FAIR
        values, turn = np.linalg.eigh(np.einsum("ik,jk->ij", basis[:held], images[:held]))
        values, turn = values[::-1][:2], turn[:, ::-1][:, :2]
        mapped = np.einsum("ij,ik->jk", turn, images[:held])
        errors = mapped - values[:, None] * np.einsum("ij,ik->jk", turn, basis[:held])
        if np.einsum("ij,ij->i", errors, errors).max() <= (CLOSE * values[0]) ** 2:
            break
    # the image of a direction is nearer to the one that is looked for than the direction itself
    lengths = np.sqrt(np.einsum("ij,ij->i", mapped, mapped))
    return _axes(values, mapped / np.maximum(lengths, 1e-300)[:, None], size)


def _upright(axis: Floats) -> Floats:
    """An axis in the direction in which its first largest part is positive: of two that are the same, always one."""
    sizes = np.abs(axis)
    return axis if axis[np.argmax(sizes > sizes.max() - 1e-9)] > 0 else -axis
