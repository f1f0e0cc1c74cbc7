"""Groups of points on a plane: k-means from many starts, how well the groups stand apart, how alike two groupings are.

Every draw is seeded and every sum has one order, so the same points in the same order make the same groups.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from consult.mapping.votes import Floats, Ints

EXACT = 1_200
GRID = 32
STARTS_EXACT, STARTS_GRID, REFINED = 40, 20, 4
ROUNDS = 100
AS_GOOD = 1.0025  # inertia this close tells nothing apart on real answers, so the silhouette decides


@dataclass(frozen=True)
class Cells:
    """Points with weights that stand for many more: each point by itself where they are few, else means of a grid."""

    points: Floats
    weights: Floats

    @cached_property
    def distances(self) -> Floats:
        """The distance between every two of them."""
        squares: Floats = _squares(self.points, self.points[None])[0]
        return np.sqrt(squares, out=squares)


@dataclass(frozen=True)
class Partition:
    """A grouping of points: the group of each, the centres, and how well the groups stand apart (-1 to 1)."""

    labels: Ints
    centres: Floats
    silhouette: float

    @property
    def sizes(self) -> Ints:
        """How many points each group has."""
        return np.bincount(self.labels, minlength=len(self.centres))


def cells(points: Floats) -> Cells:
    """The points themselves below 1,200, else the means of the cells of a grid with the number of points in each."""
    if len(points) < EXACT:
        return Cells(points, np.ones(len(points)))
    low, high = points.min(axis=0), points.max(axis=0)
    places = np.minimum((points - low) / np.maximum(high - low, 1e-300) * GRID, GRID - 1).astype(np.int64)
    index = places[:, 0] * GRID + places[:, 1]
    counts = np.bincount(index, minlength=GRID * GRID).astype(np.float64)
    sums = [np.bincount(index, weights=points[:, axis], minlength=GRID * GRID) for axis in (0, 1)]
    full = counts > 0
    return Cells(np.stack(sums, axis=1)[full] / counts[full, None], counts[full])


def grouped(points: Floats, coarse: Cells, groups: int, *, seed: int = 0) -> Partition:
    """The best of many groupings of the points into so many groups, from starts on their cells.

    The best has the least inertia; of those that are as good to a four-hundredth, the highest silhouette.
    """
    starts = STARTS_EXACT if len(points) < EXACT else STARTS_GRID
    centres, labels, inertia = _settle(coarse.points, coarse.weights, np.concatenate([
        _farthest(coarse, groups)[None], _spread(coarse, groups, starts, np.random.default_rng((seed, groups)))]))
    _, distinct = np.unique(np.round(np.log(np.maximum(inertia, 1e-300)), 4), return_index=True)
    centres, labels, inertia = centres[distinct], labels[distinct], inertia[distinct]
    judged = labels
    if len(points) != len(coarse.points):
        centres, labels, inertia = _settle(points, np.ones(len(points)), centres[:REFINED])
        judged = _squares(coarse.points, centres).argmin(axis=1)
    as_good = np.flatnonzero(inertia <= AS_GOOD * inertia.min())
    silhouettes = [silhouette(coarse, judged[index], groups) for index in as_good]
    best = int(np.argmax(silhouettes))
    return Partition(labels[as_good[best]], centres[as_good[best]], silhouettes[best])


def _squares(points: Floats, centres: Floats) -> Floats:
    """The squared distances of every point (n x 2) from every centre (starts x groups x 2): starts x groups x n."""
    across = points[:, 0] - centres[..., 0, None]
    along = points[:, 1] - centres[..., 1, None]
    across *= across
    along *= along
    across += along
    return across


def _farthest(coarse: Cells, groups: int) -> Floats:
    """Centres each as far as can be from those before, the first from the middle of all."""
    middle = np.einsum("i,ij->j", coarse.weights, coarse.points) / coarse.weights.sum()
    nearest = _squares(coarse.points, middle[None, None])[0, 0]
    centres = np.empty((groups, 2))
    for index in range(groups):
        centres[index] = coarse.points[np.argmax(nearest)]
        distance = _squares(coarse.points, centres[index][None, None])[0, 0]
        nearest = distance if index == 0 else np.minimum(nearest, distance)
    return centres


def _spread(coarse: Cells, groups: int, starts: int, rng: np.random.Generator) -> Floats:
    """Centres drawn for many starts at once, each with a chance that grows with its distance from those before."""
    centres = np.empty((starts, groups, 2))
    chances = np.broadcast_to(coarse.weights, (starts, len(coarse.weights)))
    nearest = np.full(chances.shape, np.inf)
    for index in range(groups):
        sums = np.cumsum(chances, axis=1)
        drawn = (sums <= rng.random((starts, 1)) * sums[:, -1:]).sum(axis=1)
        centres[:, index] = coarse.points[np.minimum(drawn, len(coarse.points) - 1)]
        nearest = np.minimum(nearest, _squares(coarse.points, centres[:, index:index + 1])[:, 0])
        chances = nearest * coarse.weights
    return centres


def _settle(points: Floats, weights: Floats, centres: Floats) -> tuple[Floats, Ints, Floats]:
    """Lloyd's rounds for many starts at once until nobody moves: centres, labels (starts x n) and inertia of each."""
    starts, groups, _ = centres.shape
    offsets = np.arange(starts)[:, None] * groups
    tiled = [np.tile(weights * points[:, axis], starts) for axis in (0, 1)]
    weighted = np.tile(weights, starts)
    labels = np.full((starts, len(points)), -1)
    squares = _squares(points, centres)
    for _ in range(ROUNDS):
        nearest = squares.argmin(axis=1)
        if np.array_equal(nearest, labels):
            break
        labels = nearest
        flat = (labels + offsets).ravel()
        counts = np.bincount(flat, weights=weighted, minlength=starts * groups)
        sums = np.stack([np.bincount(flat, weights=part, minlength=starts * groups) for part in tiled], axis=1)
        moved = (sums / np.maximum(counts, 1e-300)[:, None]).reshape(centres.shape)
        centres = np.where((counts > 0).reshape(starts, groups, 1), moved, centres)
        squares = _squares(points, centres)
    return centres, labels, (squares.min(axis=1) * weights).sum(axis=1)


def silhouette(coarse: Cells, labels: Ints, groups: int) -> float:
    """The mean silhouette of all points, those of one cell taken to be at its mean; one alone in its group counts 0."""
    members = (labels[:, None] == np.arange(groups)) * coarse.weights[:, None]
    sizes = members.sum(axis=0)
    sums = np.einsum("ij,jk->ik", coarse.distances, members)
    rows = np.arange(len(labels))
    inside = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[rows, labels] = np.inf
    means[:, sizes == 0] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    apart = np.where((sizes[labels] > 1) & (larger > 0) & np.isfinite(larger),
                     (outside - inside) / np.where(larger > 0, larger, 1), 0.0)
    return float((apart * coarse.weights).sum() / coarse.weights.sum())


def likeness(first: Ints, second: Ints) -> float:
    """The adjusted Rand index of two groupings of the same things: 1 when they are the same, about 0 by chance."""
    shape = int(first.max(initial=0)) + 1, int(second.max(initial=0)) + 1
    pairs = np.bincount(first * shape[1] + second, minlength=shape[0] * shape[1]).reshape(shape).astype(np.float64)
    together = (pairs * (pairs - 1) / 2).sum()
    rows, columns = ((sums * (sums - 1) / 2).sum() for sums in (pairs.sum(axis=1), pairs.sum(axis=0)))
    everything = len(first) * (len(first) - 1) / 2
    expected = rows * columns / everything if everything else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else float((together - expected) / (most - expected))
