"""Papers that put options in order: what makes them valid, and how two options compare on them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core.later import numpy as np
from consult.methods.interface import Column, Form, Grid, Line, Marks, Method, Rules, Titled
from consult.methods.marked import too_few
from consult.methods.sifting import Sifted

if TYPE_CHECKING:
    import numpy.typing as npt

Matrix: TypeAlias = "npt.NDArray[np.int64]"
AT_ONCE = 20_000
"""How many different papers are compared at a time: it bounds the memory."""
NOTHING = LazyString(lambda: "–")


class Ranked(Method):
    """A way of voting by numbering options, 1 for the best."""

    form = Form.RANKS
    equals = True
    """True if several options may have the same place."""

    def choosing(self, rules: Rules) -> Sequence[LazyString]:
        said = [_l("Number the options in the order in which you prefer them, 1 for the best."),
                _l("Several may have the same place.") if self.equals else _l("Give each place once.")]
        if rules.minimum >= len(rules.options):
            return [*said, _l("Leave none out.")]
        if rules.maximum < len(rules.options):
            said.append(_n("Number at most %(num)s option.", "Number at most %(num)s options.", rules.maximum))
        return [*said, _l("Those you leave out come after all that have a number.")]

    def fault(self, rules: Rules, marks: Marks) -> LazyString | None:
        costs = rules.costs
        if any(code not in costs or not 1 <= place <= len(costs) for code, place in marks.items()):
            return _l("Number the options shown with whole numbers from 1 to %(most)s.", most=len(costs))
        if len(marks) < rules.minimum:
            return too_few(rules)
        if len(marks) > rules.maximum:
            return _l("You chose %(chosen)s options, the most is %(most)s: take some away.", chosen=len(marks),
                      most=rules.maximum)
        if not self.equals and len(set(marks.values())) < len(marks):
            twice = min(place for place, times in Counter(marks.values()).items() if times > 1)
            return _l("Several options have place %(place)s: give each place once.", place=twice)
        return None

    def adds(self, _rules: Rules, marks: Marks) -> Marks:
        best = min(marks.values(), default=0)
        return {code: 1 for code, place in marks.items() if place == best}

    @property
    def added(self) -> LazyString:
        return _l("First places")

    def parameter_faults(self, rules: Rules) -> Sequence[LazyString]:
        if rules.maximum < 1:
            return [_l("Let one paper choose at least one option.")]
        return ()


def first_places(rules: Rules, sifted: Sifted, method: Method) -> Counter[str]:
    """How many papers put each option first, alone or with others."""
    found = Counter(dict.fromkeys(rules.codes, 0))
    for marks, times in sifted.piles:
        for code in method.adds(rules, marks):
            found[code] += times
    return found


def pairwise(rules: Rules, sifted: Sifted) -> Matrix:
    """How many papers put the option of the row before that of the column; left out is after all others, tied."""
    codes = rules.codes
    position = {code: at for at, code in enumerate(codes)}
    found = np.zeros((len(codes), len(codes)), dtype=np.int64)
    for start in range(0, len(sifted.piles), AT_ONCE):
        piles = sifted.piles[start:start + AT_ONCE]
        places = np.full((len(codes), len(piles)), np.iinfo(np.int32).max, dtype=np.int32)
        for at, (marks, _times) in enumerate(piles):
            for code, place in marks.items():
                places[position[code], at] = place
        times = np.array([times for _marks, times in piles], dtype=np.float64)
        for row in range(len(codes)):
            found[row] += ((places[row] < places) @ times).astype(np.int64)  # whole numbers, exact below 2^53
    return found


def pairwise_grid(codes: Sequence[str], of: Sequence[str], matrix: Matrix) -> Grid:
    """How many papers prefer the option of the row to that of the column, options in the order given."""
    at = {code: position for position, code in enumerate(of)}
    return Grid(
        code="pairwise", caption=_l("Two by two: papers that put the option of the row before that of the column"),
        heading=_l("Option"), columns=tuple(Column(label=Titled(code)) for code in codes),
        lines=tuple(Line(label=Titled(row), values=tuple(
            int(matrix[at[row], at[column]]) if row != column else NOTHING for column in codes)) for row in codes))


def condorcet(codes: Sequence[str], matrix: Matrix) -> str | None:
    """The option that more papers put before than after each other one, if there is one."""
    beaten = (matrix > matrix.T).sum(axis=1)
    winner = np.flatnonzero(beaten == len(codes) - 1)
    return codes[int(winner[0])] if winner.size else None


def layers(codes: Sequence[str], beats: npt.NDArray[np.bool_]) -> tuple[tuple[str, ...], ...]:
    """Ranks from a strict order: those that nobody left beats, then those that nobody then left beats."""
    left = list(range(len(codes)))
    ranks = []
    while left:
        inside = beats[np.ix_(left, left)]
        unbeaten = [left[at] for at in np.flatnonzero(~inside.any(axis=0))]
        ranks.append(tuple(sorted(codes[at] for at in unbeaten)))
        left = [at for at in left if at not in unbeaten]
    return tuple(ranks)


def in_order(marks: Marks) -> list[str]:
    """The codes of a paper, the best first."""
    return sorted(marks, key=lambda code: (marks[code], code))


def flat(order: Iterable[Iterable[str]]) -> list[str]:
    """The codes of all ranks, one after the other."""
    return [code for rank in order for code in rank]
