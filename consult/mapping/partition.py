"""Groups of points on a plane: k-means from many starts, how well the groups stand apart, how alike two groupings are.

Every draw is seeded and every sum has one order, so the same points in the same order make the same groups.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from consult.core.later import numpy as np
from consult.mapping.votes import Floats, Ints

EXACT, GRID = 2_000, 32
EXACT_AGAIN, GRID_AGAIN = 500, 16  # coarser, for of a recomputation the groups alone are asked, not how they stand
SMALL = 1_200
STARTS_SMALL, STARTS, STARTS_AGAIN, REFINED = 40, 20, 12, 4
ROUNDS = 100
WORTH, ALIKE = 1.01, 0.97
BLOCK = 256
FINEST = 2.0**30  # so many units across: distances of four million points still add up exactly in a double
AS_GOOD = 1.0025  # inertia this close tells nothing apart on real answers, so the silhouette decides


@dataclass(frozen=True)
class Cells:
    """Points with weights that stand for many more: each point by itself where they are few, else means of a grid."""

    points: Floats
    weights: Floats

    @cached_property
    def distances(self) -> Floats:
        """The distance between every two of them, in whole numbers of a unit so small that it tells all apart."""
        widest = np.hypot(*np.ptp(self.points, axis=0))
        points = self.points * (FINEST / widest if widest else 1.0)
        apart = np.empty((len(points), len(points)))
        for first in range(0, len(apart), BLOCK):  # by blocks, for what is made on the way is as large as the whole
            block = slice(first, first + BLOCK)
            np.sqrt(_squares(points, points[None, block])[0], out=apart[block])
            np.rint(apart[block], out=apart[block])
        return apart


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


def cells(points: Floats, *, exact: int = EXACT, lines: int = GRID) -> Cells:
    """The points themselves while they are few, else the means of the cells of a grid, with how many are in each.

    Its lines stand where as many points lie between each two, so that a few far away do not make it coarse.
    """
    if len(points) < exact:
        return Cells(points, np.ones(len(points)))
    index = np.zeros(len(points), dtype=np.int64)
    for across in points.T:
        ranked = np.sort(across)
        index = index * lines + np.searchsorted(
            ranked[np.arange(1, lines) * len(points) // lines], across, side="right")
    counts = np.bincount(index, minlength=lines * lines).astype(np.float64)
    sums = [np.bincount(index, weights=across, minlength=lines * lines) for across in points.T]
    full = counts > 0
    return Cells(np.stack(sums, axis=1)[full] / counts[full, None], counts[full])


def grouped(points: Floats, coarse: Cells, groups: int, *, seed: int = 0, starts: int | None = None) -> Partition:
    """The best of many groupings of the points into so many groups, from starts on their cells.

    The best has the least inertia; of those that are as good to a four-hundredth, the highest silhouette.
    """
    labels, centres, judged = candidates(points, coarse, groups, seed=seed, starts=starts)
    apart = silhouettes(coarse, judged, groups)
    best = int(np.argmax(apart))
    return Partition(labels[best], centres[best], float(apart[best]))


def likened(points: Floats, groups: int, other: Ints, *, seed: int = 0) -> float:
    """How like another grouping of the same points is the best of these into so many groups."""
    coarse = cells(points, exact=EXACT_AGAIN, lines=GRID_AGAIN)
    labels, _, judged = candidates(points, coarse, groups, seed=seed, starts=STARTS_AGAIN)
    best = 0 if len(judged) == 1 else int(np.argmax(silhouettes(coarse, judged, groups)))
    return likeness(labels[best], other)


def candidates(points: Floats, coarse: Cells, groups: int, *, seed: int,
               starts: int | None = None) -> tuple[Ints, Floats, Ints]:
    """The groupings that are as good as the best: labels of the points, centres, labels of the cells, of each."""
    drawn = starts or (STARTS_SMALL if len(points) < SMALL else STARTS)
    centres, labels, inertia = _settle(coarse.points, coarse.weights, np.concatenate([
        _farthest(coarse, groups)[None], _spread(coarse, groups, drawn, np.random.default_rng((seed, groups)))]))
    judged = labels
    if len(points) != len(coarse.points):
        centres, labels, inertia = _settle(points, np.ones(len(points)), centres[_distinct(labels, inertia)])
        judged, _ = _closest(coarse.points, centres)
    order = np.argsort(inertia, kind="stable")
    order = order[inertia[order] <= AS_GOOD * inertia[order[0]]]
    _, different = np.unique(np.round(inertia[order] / max(inertia[order[0]], 1e-300), 5), return_index=True)
    chosen = order[different]
    return labels[chosen], centres[chosen], judged[chosen]


def _distinct(labels: Ints, inertia: Floats) -> list[int]:
    """The best few of many groupings, none of them nearly the same as a better one."""
    kept: list[int] = []
    for index in np.argsort(inertia, kind="stable"):
        if len(kept) == REFINED or inertia[index] > WORTH * inertia[kept[0] if kept else index]:
            break
        if all(likeness(labels[index], labels[other]) < ALIKE for other in kept):
            kept.append(int(index))
    return kept


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
    """Lloyd's rounds for many starts at once until nobody moves: centres, labels (starts x n) and inertia of each.

    A start that comes where another has been goes where that one goes: it is left off, its inertia without end.
    """
    starts = len(centres)
    centres, labels = centres.copy(), np.full((starts, len(points)), -1)
    inertia, moving = np.zeros(starts), np.arange(starts)
    been: dict[float, int] = {}
    for _ in range(ROUNDS):
        closest, apart = _closest(points, centres[moving])
        inertia[moving] = (apart * weights).sum(axis=1)
        still = (closest != labels[moving]).any(axis=1)
        labels[moving] = closest
        for place, start in enumerate(moving.tolist()):
            if been.setdefault(float(inertia[start]), start) != start and still[place]:
                inertia[start], still[place] = np.inf, False
        moving, closest = moving[still], closest[still]
        if not len(moving):
            break
        centres[moving] = _means(points, weights, closest, centres[moving])
    return centres, labels, inertia


def _means(points: Floats, weights: Floats, closest: Ints, centres: Floats) -> Floats:
    """The mean of the points of each group in each start; the centre that was, where a group has none."""
    starts, groups, _ = centres.shape
    flat = (closest + np.arange(starts)[:, None] * groups).ravel()
    counts, *sums = (np.bincount(flat, weights=np.tile(part, starts), minlength=starts * groups)
                     for part in (weights, weights * points[:, 0], weights * points[:, 1]))
    full = (counts > 0).reshape(starts, groups, 1)
    means = (np.stack(sums, axis=1) / np.maximum(counts, 1e-300)[:, None]).reshape(starts, groups, 2)
    return np.where(full, means, centres)


def _closest(points: Floats, centres: Floats) -> tuple[Ints, Floats]:
    """The centre nearest to each point and its squared distance, for each start; of two as near, the first."""
    labels = np.zeros((len(centres), len(points)), dtype=np.int64)
    least = _squares(points, centres[:, :1])[:, 0]
    for group in range(1, centres.shape[1]):
        squares = _squares(points, centres[:, group:group + 1])[:, 0]
        np.copyto(labels, group, where=squares < least)
        np.minimum(least, squares, out=least)
    return labels, least


def silhouettes(coarse: Cells, judged: Ints, groups: int) -> Floats:
    """The mean silhouette of all points in each grouping of the cells, the points of one taken to be at its mean.

    One alone in its group counts 0.
    """
    members = (judged[:, None] == np.arange(groups)[:, None]) * coarse.weights
    # the threaded library may add in any order: sums of whole numbers are exact
    sums = (coarse.distances @ members.reshape(-1, len(coarse.weights)).T).reshape(len(coarse.weights), -1, groups)
    return np.array([_silhouette(coarse.weights, labels, of_each.sum(axis=1), sums[:, index])
                     for index, (labels, of_each) in enumerate(zip(judged, members, strict=True))])


def _silhouette(weights: Floats, labels: Ints, sizes: Floats, sums: Floats) -> float:
    """The mean silhouette of a grouping from the sums of the distances of each cell to every group."""
    rows = np.arange(len(labels))
    inside = sums[rows, labels] / np.maximum(sizes[labels] - 1, 1)
    means = sums / np.maximum(sizes, 1)
    means[rows, labels] = np.inf
    means[:, sizes == 0] = np.inf
    outside = means.min(axis=1)
    larger = np.maximum(inside, outside)
    told = (sizes[labels] > 1) & (larger > 0) & np.isfinite(larger)
    apart = np.zeros(len(labels))
    apart[told] = (outside[told] - inside[told]) / larger[told]
    return float((apart * weights).sum() / weights.sum())


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
