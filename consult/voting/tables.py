"""The tables of a ballot: those of its way of voting, and those by municipality with small figures kept back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import disclosure
from consult.core.charts import Column, Row, Table, Value
from consult.core.languages import Localized, everywhere
from consult.methods import interface
from consult.methods.interface import Method, Place, Result, Rules, Titled
from consult.methods.sifting import Places
from consult.voting.models import Ballot

BY_PLACE = ("municipalities", "against", "firsts", "turnout")
"""The codes of the tables by municipality."""
Shown = list[list[int | None]]
"""What may be told of each option, a list for each place."""


@dataclass(frozen=True)
class Counted:
    """A ballot with everything its sheet is made of."""

    ballot: Ballot
    rules: Rules
    method: Method
    result: Result
    where: Places
    """Papers from outside the municipalities of the percorso lie under None."""
    highest: int
    """The most that one paper adds to an option."""
    places: list[tuple[Place, Localized]]
    electorate: Mapping[int, int]
    titles: Mapping[str, Localized]

    def name(self, code: str) -> Localized:
        """The title of an option."""
        return self.titles[code]

    @property
    def added(self) -> dict[str, int]:
        """What all papers add to each option."""
        return self._everywhere(self.where.added)

    @property
    def opposed(self) -> dict[str, int]:
        """How many papers speak against each option."""
        return self._everywhere(self.where.against)

    def _everywhere(self, said: Mapping[Place, Mapping[str, int]]) -> dict[str, int]:
        sums: Counter[str] = Counter()
        for here in said.values():
            sums.update(here)
        return {code: sums[code] for code in self.codes}

    @property
    def codes(self) -> list[str]:
        """The options in the order of the result."""
        ranked = [code for rank in self.result.order for code in rank]
        return [*ranked, *(code for code in self.rules.codes if code not in ranked)]


def of_grid(grid: interface.Grid, titles: Mapping[str, Localized]) -> Table:
    """Figures of a way of voting as a table of the sheet."""

    def label(thing: interface.Label) -> Localized:
        return titles[thing.code] if isinstance(thing, Titled) else everywhere(thing)

    def value(thing: interface.Figure, unit: interface.Unit) -> Value:
        if isinstance(thing, Titled | LazyString):
            return label(thing)
        if isinstance(thing, Fraction) or (thing is not None and unit in ("share", "number")):
            return float(thing)
        return thing

    units = [column.unit for column in grid.columns]
    return Table(
        code=grid.code, caption=everywhere(grid.caption), heading=everywhere(grid.heading), chart=grid.chart,
        note=everywhere(grid.note) if grid.note else Localized(),
        columns=tuple(Column(label=label(column.label), unit=column.unit) for column in grid.columns),
        rows=tuple(Row(label=label(line.label), total=line.total,
                       values=tuple(map(value, line.values, units))) for line in grid.lines))


def by_municipality(counted: Counted) -> list[Table]:
    """Who voted and for what in each municipality; nothing where no paper says where it comes from."""
    if not any(place is not None and papers for place, papers in counted.where.papers.items()):
        return []
    papers = papers_shown(counted)
    votes = votes_shown(counted, papers)
    against = [_against(counted, votes_against_shown(counted, papers))] if counted.method.opposed else []
    firsts = [_firsts(counted, votes)] if one_each(counted.rules) else []
    return [_votes(counted, votes), *against, *firsts, _turnout(counted, papers)]


def one_each(rules: Rules) -> bool:
    """True where a paper chooses one option at most: then it can be said who came first in a place."""
    return rules.method in ("single", "approval") and rules.maximum == 1


def papers_shown(counted: Counted) -> list[int | None]:
    """The papers of each place that may be told, beside their total."""
    return disclosure.protect([[counted.where.papers[place] for place, _name in counted.places]],
                              column_totals=False)[0]


def votes_shown(counted: Counted, papers: Sequence[int | None]) -> Shown:
    """What papers add to the options of which may be told, a list for each place; none where papers are kept back.

    Where one paper adds more than 1 to an option, as many times more must be hidden for the same number of people
    to stand behind it.
    """
    if counted.method.opposed:
        return _both_sides(counted, papers)[0]
    most = counted.highest
    if any(votes < 0 for here in counted.where.added.values() for votes in here.values()):
        return [[None] * len(counted.codes) for _place in counted.places]  # scores under 0 could be had back
    ceilings = [counted.where.papers[place] * most for place, _name in counted.places]
    here = [counted.where.added.get(place, Counter()) for place, _name in counted.places]
    cells = disclosure.protect([[votes[code] for votes in here] for code in counted.codes],
                               disclosure.MINIMUM * most, ceilings=ceilings)
    return [[row[at] if papers[at] is not None else None for row in cells] for at in range(len(here))]


def votes_against_shown(counted: Counted, papers: Sequence[int | None]) -> Shown:
    """What papers say against the options and may be told, a list for each place; none where papers are kept back."""
    return _both_sides(counted, papers)[1]


def _both_sides(counted: Counted, papers: Sequence[int | None]) -> tuple[Shown, Shown]:
    """What may be told of votes for and against, each a list for each place, the options in it.

    Of each option those for, those against and those that say nothing are all papers of a place: the three are
    protected together, so that none can be had back from the other two.
    """
    places = [place for place, _name in counted.places]
    pro: Shown = [[] for _place in places]
    contra: Shown = [[] for _place in places]
    for code in counted.codes:
        sides = [[said.get(place, Counter())[code] for place in places]
                 for said in (counted.where.added, counted.where.against)]
        silent = [counted.where.papers[place] - sides[0][at] - sides[1][at] for at, place in enumerate(places)]
        kept = disclosure.protect([*sides, silent])
        for at, shown in enumerate(papers):
            pro[at].append(kept[0][at] if shown is not None else None)
            contra[at].append(kept[1][at] if shown is not None else None)
    return pro, contra


def all_told(counted: Counted) -> bool:
    """True where no figure of any place is kept back."""
    papers = papers_shown(counted)
    against = votes_against_shown(counted, papers) if counted.method.opposed else []
    return None not in papers and not any(None in votes for votes in (*votes_shown(counted, papers), *against))


def first(votes: Mapping[str, int]) -> list[str]:
    """The codes with the most votes, in order of code: one, several in a tie, none if nobody chose anything."""
    most = max(votes.values(), default=0)
    return sorted(code for code, given in votes.items() if given == most) if most else []


def _votes(counted: Counted, votes: Sequence[Sequence[int | None]]) -> Table:
    votes_alone = counted.rules.method in ("single", "approval", "greedy")
    caption = _l("Votes by municipality") if votes_alone else (
        _l("%(what)s by municipality", what=counted.method.added))
    return _of_options(counted, "municipalities", caption, votes, counted.added)


def _against(counted: Counted, votes: Sequence[Sequence[int | None]]) -> Table:
    caption = _l("%(what)s by municipality", what=counted.method.opposed)
    return _of_options(counted, "against", caption, votes, counted.opposed)


def _of_options(counted: Counted, code: str, caption: LazyString, votes: Sequence[Sequence[int | None]],
                totals: Mapping[str, int]) -> Table:
    """A line for each place and a column for each option."""
    rows = [Row(label=name, values=tuple(shown))
            for (_place, name), shown in zip(counted.places, votes, strict=True)]
    total = Row(label=everywhere(_l("Total")), total=True, values=tuple(totals.values()))
    return Table(code=code, caption=everywhere(caption), heading=everywhere(_l("Municipality")), rows=(*rows, total),
                 columns=tuple(Column(label=counted.titles[option]) for option in counted.codes))


def _turnout(counted: Counted, papers: Sequence[int | None]) -> Table:
    rows = []
    for (place, name), shown in zip(counted.places, papers, strict=True):
        eligible = counted.electorate.get(place or 0)
        turnout = shown / eligible if shown is not None and eligible else None
        rows.append(Row(label=name, values=(turnout, shown, eligible or 0) if counted.electorate else (shown,)))
    eligible, voted = sum(counted.electorate.values()), counted.result.valid
    rows.append(Row(label=everywhere(_l("Total")), total=True,
                    values=(voted / eligible if eligible else None, voted, eligible) if counted.electorate
                    else (voted,)))
    organisations = counted.ballot.by_organisation
    columns = [Column(label=everywhere(_l("Papers of organisations") if organisations else _l("Ballot papers")))]
    if counted.electorate:
        columns = [Column(label=everywhere(_l("Turnout")), unit="share"), *columns,
                   Column(label=everywhere(_l("Organisations that could vote") if organisations
                                           else _l("People who could vote")))]
    return Table(code="turnout", caption=everywhere(_l("Who voted, by municipality")),
                 heading=everywhere(_l("Municipality")), columns=tuple(columns), rows=tuple(rows),
                 chart=bool(counted.electorate))


def _firsts(counted: Counted, votes: Sequence[Sequence[int | None]]) -> Table:
    """Who came first in each place; told only where every vote is, because it narrows what is kept back."""
    tie, nobody = everywhere(_l("A tie")), everywhere(_l("Nobody"))
    rows = []
    for (place, name), shown in zip(counted.places, votes, strict=True):
        winners = first(counted.where.added.get(place, {}))
        said = counted.titles[winners[0]] if len(winners) == 1 else tie if winners else nobody
        rows.append(Row(label=name, values=(None if None in shown else said,)))
    return Table(code="firsts", caption=everywhere(_l("The option with the most votes in each municipality")),
                 heading=everywhere(_l("Municipality")), rows=tuple(rows),
                 columns=(Column(label=everywhere(_l("Most voted")), unit="text"),))
