"""The map of a conversation: where people stand, which groups they form, and what marks and what joins the groups."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass, field

from consult.core.later import numpy as np
from consult.mapping.counts import (
    Common,
    Counts,
    Informed,
    Representative,
    counts,
    extremity,
    informed,
    majority,
    priorities,
    representatives,
)
from consult.mapping.partition import Partition, cells, grouped, likened
from consult.mapping.plane import Plane, plane
from consult.mapping.snapshots import Projection, lettered, nearest
from consult.mapping.votes import Flags, Floats, Ints, Matrix, Table, Votes, table

SILHOUETTE, STABILITY = 0.35, 0.8
"""What a grouping must reach to be shown."""
SMALLEST, SMALLEST_SHARE = 5, 0.02
MOST_GROUPS, FEWEST = 5, 15
REMAINING, AT_MOST = 0.7, 3_000
"""What is left of the participants for a recomputation: a share, and never more than so many, which is only harder."""
AGAIN, AGAIN_SMALL, SMALL = 10, 50, 20_000
"""Recomputations: ten, and of small conversations, where the median of ten is luck, as many as make up `SMALL` rows."""


class Reason(enum.Enum):
    """Why a map shows no groups."""

    TOO_FEW = "too_few"
    NO_CLEAR_GROUPS = "no_clear_groups"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """How a map is drawn; published with it.

    `k` fixes the number of groups. `damping` is a share of the number of statements (Polis has as many as it moderated
    out). `least` is how many of a group must have answered a statement before it is said to mark it. With `parity` the
    map is that of Polis: the moderated statements stay as columns of zeros. `kept` names participants who take part
    however little they answered. `recomputations` is how often the grouping is tried again for its stability; left out,
    ten times or, in small conversations, up to fifty.
    """

    k: int | None = None
    seed: int = 0
    damping: float = 0.5  # with a quarter, groups of people who answered little came out again or not by luck
    least_votes: int = 7
    least: int = 5
    recomputations: int | None = None
    moderated: frozenset[int] = frozenset()
    parity: bool = False
    kept: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Group:
    """A group of like opinion that may be shown: its letter, how many, the middle of its points, what marks it."""

    letter: str
    size: int
    centre: tuple[float, float]
    representative: tuple[Representative, ...]


@dataclass(frozen=True)
class Grouping:
    """A grouping as measured, whether it may be shown or not: the group of each clustered row, and how sure it is."""

    partition: Partition
    stability: float
    shown: bool


@dataclass(frozen=True)
class Majority:
    """The statements on which most of all participants agree, and those most reject."""

    agree: tuple[Common, ...]
    disagree: tuple[Common, ...]


@dataclass(frozen=True)
class OpinionMap:
    """A map: arrays over participants and over statements by ascending id, groups by letter.

    `groups` is empty when a `reason` says why; `k`, `silhouette`, `stability` and `smallest` are then those of the best
    grouping that was found. Rows of `counts` are the groups, or one row of all who took part when there are none.
    """

    participants: Ints
    points: Floats
    clustered: Flags
    labels: Ints
    statements: Ints
    groups: tuple[Group, ...]
    reason: Reason | None
    k: int
    silhouette: float
    stability: float
    smallest: int
    counts: Counts
    total: Counts
    consensus: Majority
    informed: Informed
    extremity: Floats
    priorities: Floats
    projection: Projection
    measured: Ints = field(repr=False)
    """The best grouping found, shown or not; -1 for who does not take part. For checks, never for a page."""


def map_of(votes: Votes, settings: Settings = Settings(), *, statements: Iterable[int] = (), meta: Iterable[int] = (),
           previous: Projection | None = None) -> OpinionMap:
    """The map of the votes: the same for the same votes, in whatever order and under whatever ids of participants.

    `statements` names those without a vote yet, so that they have a priority too; `meta` those about the participants
    themselves. `previous` is the projection of the map before, from which the letters and the way of the axes are kept.
    """
    held = table(votes if settings.parity else votes.without(settings.moderated), statements, seed=settings.seed)
    surface = _plane(held, settings)
    if previous is not None:
        surface = surface.towards(previous.within(held.statements).axes)
    points = surface.points(held.matrix)
    least_votes = min(settings.least_votes, int(surface.kept.sum() + settings.parity * surface.damping))
    taking_part = _taking_part(held, points, least_votes, settings.kept)
    grouping = _grouping(held.matrix, surface, points, taking_part, settings)
    labels, letters, centres = _shown(held, points, taking_part, grouping, previous)
    projection = Projection(held.statements, surface, centres, letters, least_votes)
    return _described(held, points, taking_part, grouping, labels, projection, settings, np.isin(
        held.statements, np.fromiter(meta, dtype=np.int64)))


def _plane(held: Table, settings: Settings) -> Plane:
    voted = np.bincount(held.matrix.columns, minlength=held.matrix.width) > 0
    muted = voted & np.isin(held.statements, list(settings.moderated))
    kept = voted & ~muted
    return plane(held.matrix, float(muted.sum()) if settings.parity else settings.damping * float(kept.sum()), kept)


def _taking_part(held: Table, points: Floats, least_votes: int, kept: frozenset[int]) -> Ints:
    """The rows that are grouped: who answered enough; where they are too few, also the most active, ties and all."""
    lengths = held.matrix.lengths
    enough = (lengths >= least_votes) | np.isin(held.participants, list(kept))
    if enough.sum() < FEWEST < len(points):
        enough |= lengths >= np.sort(lengths)[-FEWEST]
    elif len(points) <= FEWEST:
        enough[:] = True
    return np.flatnonzero(enough)


def _grouping(matrix: Matrix, surface: Plane, points: Floats, rows: Ints, settings: Settings) -> Grouping | None:
    """The grouping that stands apart most; where so many groups do not come out again, fewer; None for too few."""
    if len(rows) < 2 * SMALLEST:
        return None
    coarse = cells(points[rows])
    most = min(MOST_GROUPS, 2 + len(rows) // 12)
    wanted = range(2, most + 1) if settings.k is None else (settings.k,)
    found = [grouped(points[rows], coarse, groups, seed=settings.seed) for groups in wanted]
    found.sort(key=lambda one: (-_large(one), -one.silhouette))
    first: Grouping | None = None
    again = _recomputed(matrix, surface, settings)  # the same for every grouping that is tried
    for partition in found:
        if first is not None and (not _large(partition) or len(partition.centres) > len(first.partition.centres)):
            continue
        stability = _stability(again, rows, partition, matrix.height, settings.seed)
        shown = _large(partition) and partition.silhouette >= SILHOUETTE and stability >= STABILITY
        if shown:
            return Grouping(partition, stability, shown)
        first = first or Grouping(partition, stability, shown)
    return first


def _large(partition: Partition) -> bool:
    return bool(partition.sizes.min() >= max(SMALLEST, SMALLEST_SHARE * len(partition.labels)))


def _stability(again: list[tuple[Ints, Floats]], rows: Ints, partition: Partition, height: int, seed: int) -> float:
    """How alike the grouping is to those into as many groups made without three in ten of the participants.

    The median of the adjusted Rand indices over some recomputations of everything: the means, the plane, the groups.
    """
    labels = np.full(height, -1)
    labels[rows] = partition.labels
    alike = []
    for left, points in again:
        grouped_before = labels[left] >= 0
        if grouped_before.sum() < len(partition.centres):
            return 0.0
        alike.append(likened(points[grouped_before], len(partition.centres), labels[left][grouped_before], seed=seed))
    return (sorted(alike)[(len(alike) - 1) // 2] + sorted(alike)[len(alike) // 2]) / 2 if alike else 0.0


def _recomputed(matrix: Matrix, surface: Plane, settings: Settings) -> list[tuple[Ints, Floats]]:
    """The rows that are left in each recomputation, and where its plane places them."""
    rng = np.random.default_rng((settings.seed, 7))
    remaining = min(round(REMAINING * matrix.height), AT_MOST)
    times = settings.recomputations
    if times is None:
        times = min(AGAIN_SMALL, max(AGAIN, SMALL // matrix.height))
    again = []
    for _ in range(times):
        left = np.sort(rng.permutation(matrix.height)[:remaining])
        part = matrix.take(left)
        again.append((left, surface.again(part).points(part)))
    return again


def _shown(held: Table, points: Floats, rows: Ints, grouping: Grouping | None,
           previous: Projection | None) -> tuple[Ints, tuple[str, ...], Floats]:
    """The group of each row by the order of the letters, the letters, and the centres: none where none may be shown."""
    labels = np.full(len(points), -1)
    if grouping is None or not grouping.shown:
        return labels, (), np.zeros((0, 2))
    partition, earlier = grouping.partition, np.zeros(0, dtype=np.int64)
    known: tuple[str, ...] = ()
    if previous is not None and previous.letters:
        known = previous.letters
        earlier = nearest(previous.within(held.statements).points(held.matrix)[rows], previous.centres)
    letters = lettered(partition.labels, partition.sizes, earlier, known)
    order = np.array(sorted(range(len(letters)), key=letters.__getitem__))
    labels[rows] = np.argsort(order)[partition.labels]
    return labels, tuple(letters[group] for group in order), partition.centres[order]


def _described(held: Table, points: Floats, rows: Ints, grouping: Grouping | None, labels: Ints,
               projection: Projection, settings: Settings, meta: Flags) -> OpinionMap:
    """Everything that is said of the map, its participants put in the order of their ids."""
    matrix, letters = held.matrix, projection.letters
    clustered, measured = np.zeros(len(points), dtype=bool), np.full(len(points), -1)
    clustered[rows] = True
    if grouping is not None:
        measured[rows] = grouping.partition.labels
    by_group = counts(matrix, labels if letters else np.where(clustered, 0, -1), max(len(letters), 1))
    total = counts(matrix, np.zeros(len(points), dtype=np.int64), 1)
    plain = ~np.isin(held.statements, list(settings.moderated))
    far = extremity(projection.plane.means, projection.plane.axes)
    order = np.argsort(held.participants)
    return OpinionMap(
        participants=held.participants[order], points=points[order], clustered=clustered[order],
        labels=labels[order], statements=held.statements,
        groups=tuple(
            Group(letter, int((labels == group).sum()), (float(centre[0]), float(centre[1])),
                  tuple(representatives(by_group, group, least=settings.least, among=plain)))
            for group, (letter, centre) in enumerate(zip(letters, projection.centres, strict=True))),
        reason=Reason.TOO_FEW if grouping is None else None if grouping.shown else Reason.NO_CLEAR_GROUPS,
        k=len(grouping.partition.centres) if grouping else 0,
        silhouette=grouping.partition.silhouette if grouping else 0.0,
        stability=grouping.stability if grouping else 0.0,
        smallest=int(grouping.partition.sizes.min()) if grouping else 0,
        counts=by_group, total=total, consensus=Majority(
            tuple(majority(total.agree[0], total.seen[0], least=settings.least, among=plain)),
            tuple(majority(total.disagree[0], total.seen[0], least=settings.least, among=plain))),
        informed=informed(by_group.agree, by_group.seen), extremity=far,
        priorities=priorities(by_group, far, meta), projection=projection, measured=measured[order])


@dataclass(frozen=True)
class Bubble:
    """Some people of one group who stand near each other, as one circle: where, how many, which group if any."""

    x: float
    y: float
    count: int
    letter: str | None


def bubbles(drawn: OpinionMap, *, least: int = 5, most: int = 240) -> tuple[Bubble, ...]:
    """The points of a map as circles of at least so many people of one group each, so that nobody can be found there.

    Everyone who takes part is in one circle; there are about as many circles as `most` says at most.
    """
    size = max(least, -(-int(drawn.clustered.sum()) // most))
    circles = []
    letters: tuple[str | None, ...] = drawn.projection.letters or (None,)
    for group, letter in enumerate(letters):
        members = drawn.points[drawn.labels == group] if letter else drawn.points[drawn.clustered]
        circles += [Bubble(float(part[:, 0].mean()), float(part[:, 1].mean()), len(part), letter)
                    for part in _halved(members, size) if len(part) >= least]
    return tuple(circles)


def _halved(points: Floats, size: int) -> list[Floats]:
    """The points in parts of at least the size where they are so many, each half of the one before across its width."""
    if len(points) < 2 * size:
        return [points]
    axis = int(np.ptp(points[:, 1]) > np.ptp(points[:, 0]))
    order = np.lexsort((points[:, 1 - axis], points[:, axis]))
    middle = len(points) // 2
    return _halved(points[order[:middle]], size) + _halved(points[order[middle:]], size)
