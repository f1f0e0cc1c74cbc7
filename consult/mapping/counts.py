"""What a statement's answers say in numbers: the statistics of Polis, from counts alone.

Every figure here is a function of three counts for each group and statement: how many agree, how many disagree, how
many answered at all, passing included. Counts can be kept up with each answer, so no figure needs the answers again.
The formulas are those of Polis (compdemocracy/polis, `repness.clj`, `stats.clj`, `conversation.clj`).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from consult.core.later import numpy as np
from consult.mapping.votes import AGREE, DISAGREE, Flags, Floats, Ints, Matrix

SIGNIFICANT = 1.2816
"""The value of a normal deviate that is passed in one of ten cases by chance alone."""
PICKED = 5
META = 49.0
"""The priority of a statement about the participants themselves, always the same."""


@dataclass(frozen=True)
class Counts:
    """How many of each group (rows) agree, disagree, and answered at all, on each statement (columns)."""

    agree: Ints
    disagree: Ints
    seen: Ints

    @property
    def passed(self) -> Ints:
        """How many saw the statement and took no side."""
        return self.seen - self.agree - self.disagree

    @property
    def together(self) -> Counts:
        """The counts of all groups in one row."""
        return Counts(*(part.sum(axis=0, keepdims=True) for part in (self.agree, self.disagree, self.seen)))

    @property
    def others(self) -> Counts:
        """For each group, the counts of all the other groups together."""
        return Counts(*(part.sum(axis=0) - part for part in (self.agree, self.disagree, self.seen)))


def counts(matrix: Matrix, labels: Ints, groups: int) -> Counts:
    """The counts of each group from the answers and the group of each row, -1 for none."""
    group = labels[matrix.rows()]
    answers = AGREE - DISAGREE + 1
    cell = (group * matrix.width + matrix.columns) * answers + (matrix.values - DISAGREE)
    of_each = np.bincount(cell[group >= 0], minlength=groups * matrix.width * answers).reshape(
        groups, matrix.width, answers)
    return Counts(of_each[..., AGREE - DISAGREE].copy(), of_each[..., 0].copy(), of_each.sum(axis=2))


@dataclass(frozen=True)
class Side:
    """The statistics of one answer, agreeing or disagreeing, for each group and statement.

    `share` is the smoothed share of the group, `test` its distance from a half; `ratio` the share over that of all
    other groups, `ratio_test` the distance between the two. Both distances are about normal deviates.
    """

    share: Floats
    test: Floats
    ratio: Floats
    ratio_test: Floats

    @cached_property
    def weight(self) -> Floats:
        """How far the answer marks the group: what representative statements are ordered by."""
        product: Floats = self.ratio * self.ratio_test * self.share * self.test
        return product


def agreeing(held: Counts) -> Side:
    """The statistics of agreeing."""
    return _side(held.agree, held.seen, held.others.agree, held.others.seen)


def disagreeing(held: Counts) -> Side:
    """The statistics of disagreeing."""
    return _side(held.disagree, held.seen, held.others.disagree, held.others.seen)


def _side(count: Ints, seen: Ints, count_of_others: Ints, seen_of_others: Ints) -> Side:
    share, share_of_others = (count + 1) / (seen + 2), (count_of_others + 1) / (seen_of_others + 2)
    inside, outside = (count + 1) / (seen + 1), (count_of_others + 1) / (seen_of_others + 1)
    pooled = (count + count_of_others + 2) / (seen + seen_of_others + 2)
    spread = np.sqrt(np.maximum(pooled * (1 - pooled), 0) * (1 / (seen + 1) + 1 / (seen_of_others + 1)))
    apart = np.where(spread > 0, (inside - outside) / np.where(spread > 0, spread, 1), 0.0)
    return Side(share, 2 * np.sqrt(seen + 1) * (inside - 0.5), share / share_of_others, apart)


@dataclass(frozen=True)
class Representative:
    """A statement that marks a group: its column, the side the group takes, and the figures of that side."""

    column: int
    agrees: bool
    best: bool
    count: int
    seen: int
    share: float
    test: float
    ratio: float
    ratio_test: float


def representatives(held: Counts, group: int, *, least: int = 0, among: Flags | None = None) -> list[Representative]:
    """The statements that mark a group, at most five, those it agrees with first.

    The one it agrees with best leads. Only statements that at least so many of the group answered are looked at, and
    of those only the ones named by `among`. Where none is significant, the best there is stands alone.
    """
    yes, no = agreeing(held), disagreeing(held)
    columns = np.flatnonzero((held.seen[group] >= max(least, 1)) & (True if among is None else among))
    agrees = yes.ratio_test[group] > no.ratio_test[group]
    strong = (((yes.ratio_test > SIGNIFICANT) & (yes.test > SIGNIFICANT))
              | ((no.ratio_test > SIGNIFICANT) & (no.test > SIGNIFICANT)))[group]
    weight = np.where(agrees, yes.weight[group], no.weight[group])
    best = _best_agreed(yes, group, columns)
    chosen = [int(column) for column in columns if strong[column]]
    chosen.sort(key=lambda column: -weight[column])
    if best is not None:
        chosen = [best, *(column for column in chosen if column != best)]
    elif not chosen and len(columns):
        apart = np.maximum(yes.ratio_test[group], no.ratio_test[group])
        chosen = [int(columns[np.argmax(apart[columns])])]
    shown = []
    for column in chosen[:PICKED]:
        agreed = bool(agrees[column]) or column == best
        shown.append(_representative(held, yes if agreed else no, group, column, agrees=agreed, best=column == best))
    return sorted(shown, key=lambda shown_one: not shown_one.agrees)


def _representative(held: Counts, side: Side, group: int, column: int, *, agrees: bool, best: bool) -> Representative:
    at = group, column
    return Representative(
        column, agrees, best, int((held.agree if agrees else held.disagree)[at]), int(held.seen[at]),
        float(side.share[at]), float(side.test[at]), float(side.ratio[at]), float(side.ratio_test[at]))


def _best_agreed(yes: Side, group: int, columns: Ints) -> int | None:
    """The statement a group agrees with best, looked for in the order of the columns as Polis does."""
    best = None
    for column in columns:
        share, test, ratio = yes.share[group, column], yes.test[group, column], yes.ratio[group, column]
        if best is None:
            better = test > SIGNIFICANT or (ratio > 1 and share > 0.5)
        elif yes.ratio[group, best] > 1:
            better = yes.weight[group, column] > yes.weight[group, best]
        else:
            better = share * test > yes.share[group, best] * yes.test[group, best]
        if better:
            best = int(column)
    return best


@dataclass(frozen=True)
class Common:
    """A statement on which most of all participants are of one mind."""

    column: int
    count: int
    seen: int
    share: float
    test: float


def majority(count: Ints, seen: Ints, *, least: int = 0, among: Flags | None = None) -> list[Common]:
    """The statements most of all agree with (or disagree, by which count is given), at most five, the clearest first.

    More than half, and significantly so; statements that fewer than `least` answered are left out.
    """
    side = _side(count, seen, count, seen)
    clear = (side.share > 0.5) & (side.test > SIGNIFICANT) & (seen >= least)
    columns = np.flatnonzero(clear if among is None else clear & among)
    order = columns[np.argsort(-(side.share * side.test)[columns], kind="stable")]
    return [Common(int(column), int(count[column]), int(seen[column]), float(side.share[column]),
                   float(side.test[column])) for column in order[:PICKED]]


@dataclass(frozen=True)
class Informed:
    """How far every group agrees with each statement: the product of their shares, as in Polis, and its root.

    The product falls with the number of groups; the root, the geometric mean of the shares, does not, so it can be
    compared when groups come and go.
    """

    product: Floats
    root: Floats


def informed(count: Ints, seen: Ints) -> Informed:
    """The consensus that heeds the groups, from how many of each group (rows) take one side and how many answered."""
    product = ((count + 1) / (seen + 2)).prod(axis=0)
    return Informed(product, product ** (1 / max(len(count), 1)))


def extremity(means: Floats, axes: Floats) -> Floats:
    """How far from the middle one who agreed with one statement only would stand, for each statement."""
    lengths = np.sqrt(np.einsum("ij,ij->j", axes, axes))
    far: Floats = np.sqrt(len(means)) * np.abs(1 - means) * lengths
    return far


def priorities(held: Counts, far: Floats, meta: Flags) -> Floats:
    """How much is learned by asking each statement next: the chance of a draw is in proportion to it.

    High for what few passed on, what parts people, what people agree with, and what few have seen yet.
    """
    total = held.together
    passed, agree, seen = total.passed[0], total.agree[0], total.seen[0]
    plain = (1 - (passed + 1) / (seen + 2)) * (far + 1) * (agree + 1) / (seen + 2)
    return np.where(meta, META, (plain * (1 + 8 * 2.0 ** (-seen / 5))) ** 2)


def interval(count: Ints | int, seen: Ints | int, *, deviate: float = 1.96) -> tuple[Floats, Floats]:
    """The Wilson interval of a share, at 95 in 100 unless said: 0 to 1 where nobody answered."""
    counted, trials = np.asarray(count, dtype=np.float64), np.asarray(seen, dtype=np.float64)
    known = np.maximum(trials, 1)
    share, slack = counted / known, deviate**2 / known
    middle = (share + slack / 2) / (1 + slack)
    half = deviate / (1 + slack) * np.sqrt(share * (1 - share) / known + slack / (4 * known))
    return (np.where(trials > 0, np.maximum(middle - half, 0), 0.0),
            np.where(trials > 0, np.minimum(middle + half, 1), 1.0))
