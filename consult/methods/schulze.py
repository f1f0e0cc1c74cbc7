"""The method of Schulze: options are compared two by two, and the strongest chain of victories decides.

Schulze: "A new monotonic, clone-independent, reversal symmetric, and Condorcet-consistent single-winner election
method", Social Choice and Welfare 36 (2011). The strength of a victory is the number of papers for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.later import numpy as np
from consult.methods import lots
from consult.methods.choices import NOBODY
from consult.methods.interface import Column, Grid, Line, Names, Paper, Result, Rules, Titled
from consult.methods.ranked import (
    NOTHING,
    Matrix,
    Ranked,
    condorcet,
    first_places,
    flat,
    layers,
    pairwise,
    pairwise_grid,
)
from consult.methods.sifting import sift
from consult.methods.wording import figure


def strongest_paths(matrix: Matrix) -> Matrix:
    """The strength of the weakest victory on the strongest chain from the option of the row to that of the column."""
    paths = np.where(matrix > matrix.T, matrix, 0)
    for between in range(len(paths)):
        np.maximum(paths, np.minimum(paths[:, between, None], paths[None, between, :]), out=paths)
    np.fill_diagonal(paths, 0)
    return paths


class Schulze(Ranked):
    """Options compared two by two."""

    name = "schulze"

    @property
    def title(self) -> LazyString:
        return _l("Order of preference, two by two (Schulze)")

    def counting(self, _rules: Rules) -> Sequence[LazyString]:
        return [
            _l("Every two options are compared: the one that more papers put before the other wins. An option that "
               "wins against each other one comes first."),
            _l("Where victories go round in a circle, the strongest chain of victories decides: a chain is as strong "
               "as its weakest victory, and a victory as strong as the number of papers for it (method of Schulze)."),
            lots.LOT]

    def tally(self, rules: Rules, papers: Iterable[Paper]) -> Result:
        sifted = sift(self, rules, papers)
        matrix = pairwise(rules, sifted)
        paths = strongest_paths(matrix)
        order = layers(rules.codes, paths > paths.T)
        marked = sifted.valid > sifted.blank
        winners, ties = lots.first(rules, order) if marked else ((), ())
        codes = flat(order)
        at = {code: position for position, code in enumerate(rules.codes)}
        return Result(
            valid=sifted.valid, blank=sifted.blank, invalid=sifted.invalid, winners=winners, order=order, ties=ties,
            grids=(self._options(rules, order, matrix, first_places(rules, sifted, self), sifted.valid),
                   pairwise_grid(codes, rules.codes, matrix), _paths_grid(codes, rules.codes, paths)),
            facts={"condorcet": condorcet(rules.codes, matrix), "pairwise": {
                row: {column: int(matrix[at[row], at[column]]) for column in codes} for row in codes}})

    def _options(self, rules: Rules, order: Sequence[Sequence[str]], matrix: Matrix, firsts: dict[str, int],
                 valid: int) -> Grid:
        wins = dict(zip(rules.codes, (matrix > matrix.T).sum(axis=1), strict=True))
        return Grid(
            code="options", caption=_l("The options in order"), heading=_l("Option"), chart=True,
            columns=(Column(label=_l("Wins against others")), Column(label=_l("First places")),
                     Column(label=_l("Share of the papers"), unit="share"), Column(label=_l("Place"))),
            lines=tuple(Line(label=Titled(code), values=(
                int(wins[code]), firsts[code], Fraction(firsts[code], valid) if valid else 0, place))
                for place, rank in _placed(order) for code in rank))

    def because(self, rules: Rules, result: Result, names: Names) -> Sequence[LazyString]:
        if not result.winners:
            return [NOBODY]
        best = result.winners[0]
        if result.facts["condorcet"] == best:
            others = {code: result.facts["pairwise"][best][code] - result.facts["pairwise"][code][best]
                      for code in rules.codes if code != best}
            if not others:
                return [_l("“%(title)s” is the only option.", title=names(best))]
            nearest = min(others, key=lambda code: (others[code], code))
            return [_l("“%(title)s” comes first: compared two by two it wins against each other option, most narrowly "
                       "against “%(other)s” (%(more)s papers to %(fewer)s).", title=names(best), other=names(nearest),
                       more=figure(result.facts["pairwise"][best][nearest]),
                       fewer=figure(result.facts["pairwise"][nearest][best]))]
        return [_l("No option wins against each other one when they are compared two by two."),
                *([_l("By the strongest chain of victories “%(title)s” comes first.", title=names(best))]
                  if not result.ties else []), *lots.told(result.ties, names)]


def _placed(order: Sequence[Sequence[str]]) -> list[tuple[int, Sequence[str]]]:
    """Each rank with its place: after two that share the first place comes the third."""
    return [(1 + sum(len(before) for before in order[:at]), rank) for at, rank in enumerate(order)]


def _paths_grid(codes: Sequence[str], of: Sequence[str], paths: Matrix) -> Grid:
    at = {code: position for position, code in enumerate(of)}
    return Grid(
        code="paths", caption=_l("The strongest chain of victories from the option of the row to that of the column"),
        heading=_l("Option"), columns=tuple(Column(label=Titled(code)) for code in codes),
        lines=tuple(Line(label=Titled(row), values=tuple(
            int(paths[at[row], at[column]]) if row != column else NOTHING for column in codes)) for row in codes))
