"""The sheet in which a ballot answers: who came first and why, by option, by municipality, and how many voted."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core import charts, disclosure
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table, Value
from consult.core.languages import Localized, everywhere, one_after_another
from consult.processes import queries as processes
from consult.voting import queries, services, tally, words
from consult.voting.models import Ballot, BallotOption
from consult.voting.tally import Count, Funding, Place, Rules, euros, figure


@dataclass(frozen=True)
class Counted:
    """A ballot with everything its sheet is made of."""

    ballot: Ballot
    rules: Rules
    count: Count
    options: list[BallotOption]
    """In order of approvals; ties as the rules say."""
    places: list[tuple[Place, Localized]]
    electorate: dict[int, int]
    funding: Funding | None

    def title(self, code: str) -> Localized:
        return next(option.title for option in self.options if option.code == code)


def sheet(ballot: Ballot) -> Sheet:
    """Count a ballot from its papers. Raises StillOpenError while it is not over, for everybody."""
    counted = _counted(ballot)
    tables = [_options(counted), *_by_municipality(counted)]
    return Sheet(
        kind="ballot", title=ballot.title, figures=_figures(counted), tables=tuple(tables), method=_method(counted),
        channels=dict(sorted(counted.count.channels.items())), conclusion=_conclusion(counted),
        source={"activity": ballot.id, "process": ballot.phase.process.code, "question": ballot.question,
                "opened": ballot.opens_at.isoformat(), "closed": ballot.closes_at.isoformat()})


def _counted(ballot: Ballot) -> Counted:
    rules = services.rules(ballot)
    count = tally.count(rules, queries.papers(ballot))
    by_code = {option.code: option for option in ballot.options}
    electorate = queries.electorate(ballot)
    places: list[tuple[Place, Localized]] = [
        (m.id, Localized.of(m.name)) for m in processes.municipalities(ballot.phase.process)
        if not electorate or m.id in electorate or count.papers[m.id]]
    known = {place for place, _name in places}
    elsewhere = [place for place in count.papers if place not in known]
    if elsewhere:
        places.append((None, everywhere(_l("Elsewhere or not stated"))))
    return Counted(
        ballot=ballot, rules=rules, count=_gathered(count, elsewhere), places=places, electorate=electorate,
        options=[by_code[code] for code in tally.ranking(rules, count.approvals)],
        funding=None if ballot.budget is None else tally.fund(rules, count.approvals))


def _gathered(count: Count, elsewhere: Sequence[Place]) -> Count:
    """The same count with all papers from outside the percorso's municipalities under None."""
    for place in [place for place in elsewhere if place is not None]:
        count.papers[None] += count.papers.pop(place)
        count.by_place.setdefault(None, Counter()).update(count.by_place.pop(place))
    return count


def _figures(counted: Counted) -> tuple[KeyFigure, ...]:
    count, eligible = counted.count, sum(counted.electorate.values())
    figures = [KeyFigure(label=everywhere(_l("Ballot papers")), value=count.valid)]
    if eligible:
        figures += [KeyFigure(label=everywhere(_l("People who could vote")), value=eligible),
                    KeyFigure(label=everywhere(_l("Turnout")), value=count.valid / eligible, unit="share")]
    if counted.rules.minimum == 0:
        figures.append(KeyFigure(label=everywhere(_l("Blank papers")), value=count.blank))
    if count.invalid:
        figures.append(KeyFigure(label=everywhere(_l("Papers that broke the rules, not counted")),
                                 value=count.invalid))
    if counted.funding is not None:
        figures += [KeyFigure(label=everywhere(_l("Budget")), value=counted.rules.budget or 0, unit="money"),
                    KeyFigure(label=everywhere(_l("Projects funded")), value=len(counted.funding.funded)),
                    KeyFigure(label=everywhere(_l("Left over")), value=counted.funding.left, unit="money")]
    return tuple(figures)


def _options(counted: Counted) -> Table:
    count, funding = counted.count, counted.funding
    columns = [Column(label=everywhere(_l("Votes"))), Column(label=everywhere(_l("Share of the papers")), unit="share")]
    values: dict[str, list[Value]] = {
        option.code: [count.approvals[option.code], count.approvals[option.code] / count.valid if count.valid else 0.0]
        for option in counted.options}
    if any(counted.rules.costs.values()):
        columns.append(Column(label=everywhere(_l("Cost")), unit="money"))
        for code, row in values.items():
            row.append(counted.rules.costs[code])
    if funding is not None:
        columns.append(Column(label=everywhere(_l("With the budget")), unit="text"))
        yes, no = everywhere(_l("Funded")), everywhere(_l("Not funded"))
        for code, row in values.items():
            row.append(yes if code in funding.funded else no)
    return Table(
        code="options", caption=everywhere(_l("Votes for each option")), heading=everywhere(_l("Option")),
        columns=tuple(columns), chart=True,
        rows=tuple(Row(label=option.title, values=tuple(values[option.code])) for option in counted.options))


def _by_municipality(counted: Counted) -> list[Table]:
    """Who voted and for what in each municipality; nothing where no paper says where it comes from."""
    if not any(place is not None and papers for place, papers in counted.count.papers.items()):
        return []
    papers = _papers_shown(counted)
    votes = _votes_shown(counted, papers)
    tables = [_votes(counted, votes), _turnout(counted, papers)]
    if counted.rules.maximum == 1 and counted.funding is None:
        tables.insert(1, _firsts(counted, votes))
    return tables


def _papers_shown(counted: Counted) -> list[int | None]:
    """The papers of each place that may be told, beside their total."""
    return disclosure.protect([[counted.count.papers[place] for place, _name in counted.places]],
                              column_totals=False)[0]


def _votes_shown(counted: Counted, papers: Sequence[int | None]) -> list[list[int | None]]:
    """The votes that may be told, a list for each place; none where the number of papers is kept back."""
    voted = [counted.count.papers[place] for place, _name in counted.places]
    here = [counted.count.by_place.get(place, Counter()) for place, _name in counted.places]
    cells = disclosure.protect([[votes[option.code] for votes in here] for option in counted.options], ceilings=voted)
    return [[row[at] if papers[at] is not None else None for row in cells] for at in range(len(here))]


def _votes(counted: Counted, votes: Sequence[Sequence[int | None]]) -> Table:
    rows = [Row(label=name, values=tuple(shown))
            for (_place, name), shown in zip(counted.places, votes, strict=True)]
    total = Row(label=everywhere(_l("Total")), total=True,
                values=tuple(counted.count.approvals[option.code] for option in counted.options))
    return Table(code="municipalities", caption=everywhere(_l("Votes by municipality")),
                 heading=everywhere(_l("Municipality")), rows=(*rows, total),
                 columns=tuple(Column(label=option.title) for option in counted.options))


def _turnout(counted: Counted, papers: Sequence[int | None]) -> Table:
    rows = []
    for (place, name), shown in zip(counted.places, papers, strict=True):
        eligible = counted.electorate.get(place or 0)
        turnout = shown / eligible if shown is not None and eligible else None
        rows.append(Row(label=name, values=(turnout, shown, eligible or 0) if counted.electorate else (shown,)))
    eligible, voted = sum(counted.electorate.values()), counted.count.valid
    rows.append(Row(label=everywhere(_l("Total")), total=True,
                    values=(voted / eligible if eligible else None, voted, eligible) if counted.electorate
                    else (voted,)))
    columns = [Column(label=everywhere(_l("Ballot papers")))]
    if counted.electorate:
        columns = [Column(label=everywhere(_l("Turnout")), unit="share"), *columns,
                   Column(label=everywhere(_l("People who could vote")))]
    return Table(code="turnout", caption=everywhere(_l("Who voted, by municipality")),
                 heading=everywhere(_l("Municipality")), columns=tuple(columns), rows=tuple(rows),
                 chart=bool(counted.electorate))


def _firsts(counted: Counted, votes: Sequence[Sequence[int | None]]) -> Table:
    """Who came first in each place; told only where every vote is, because it narrows what is kept back."""
    tie, nobody = everywhere(_l("A tie")), everywhere(_l("Nobody"))
    rows = []
    for (place, name), shown in zip(counted.places, votes, strict=True):
        winners = tally.first(counted.count.by_place.get(place, {}))
        said = counted.title(winners[0]) if len(winners) == 1 else tie if winners else nobody
        rows.append(Row(label=name, values=(None if None in shown else said,)))
    return Table(code="firsts", caption=everywhere(_l("The option with the most votes in each municipality")),
                 heading=everywhere(_l("Municipality")), rows=tuple(rows),
                 columns=(Column(label=everywhere(_l("Most voted")), unit="text"),))


def _conclusion(counted: Counted) -> Localized:
    count = counted.count
    if not count.approvals:
        return everywhere(_l("Nobody chose an option, so nothing came out of this ballot."))
    said = _funded(counted, counted.funding) if counted.funding is not None else _came_first(counted)
    return one_after_another(*map(everywhere, said))


def _funded(counted: Counted, funding: Funding) -> list[LazyString]:
    budget = euros(counted.rules.budget or 0)
    if not funding.funded:
        return [_l("No option that got votes fits the budget of %(budget)s.", budget=budget)]
    said = [_n("The budget of %(budget)s funds %(num)s project: %(titles)s.",
               "The budget of %(budget)s funds %(num)s projects: %(titles)s.", len(funding.funded), budget=budget,
               titles=_listed([counted.title(code) for code in funding.funded])),
            _l("%(left)s are left over.", left=euros(funding.left))]
    for won, lost in funding.ties:
        equal = {"one": counted.title(won), "other": counted.title(lost), "votes": figure(counted.count.approvals[won])}
        cheaper = counted.rules.costs[won] < counted.rules.costs[lost]
        said.append(
            _l("“%(one)s” and “%(other)s” had the same number of votes, %(votes)s: as announced, the cheaper one came "
               "first.", **equal) if cheaper else
            _l("“%(one)s” and “%(other)s” had the same number of votes, %(votes)s, and cost the same: as announced, "
               "the one whose code comes first came first.", **equal))
    return said


def _came_first(counted: Counted) -> list[LazyString]:
    count, winners = counted.count, tally.first(counted.count.approvals)
    votes = figure(count.approvals[winners[0]])
    if len(winners) > 1:
        return [_l("These options have the most votes, %(votes)s each: %(titles)s. "
                   "The ballot decides nothing between them.", votes=votes,
                   titles=_listed([counted.title(code) for code in winners]))]
    said = [_l("The option with the most votes is “%(title)s”: %(votes)s votes on %(papers)s papers (%(share)s).",
               title=counted.title(winners[0]), votes=votes, papers=figure(count.valid),
               share=LazyString(charts.written, count.approvals[winners[0]] / count.valid, "share"))]
    if counted.rules.maximum == 1 and (places := _places_told(counted)):
        where = {"first": places.count(winners), "all": len(places)}
        voted = sum(1 for place, papers in count.papers.items() if place is not None and papers)
        said.append(_l("It has the most votes in %(first)s of the %(all)s municipalities that voted.", **where)
                    if len(places) == voted else
                    _l("It has the most votes in %(first)s of the %(all)s municipalities of which this can be told.",
                       **where))
    return said


def _places_told(counted: Counted) -> list[list[str]]:
    """Who came first in each municipality of which it is told."""
    votes = _votes_shown(counted, _papers_shown(counted))
    return [tally.first(counted.count.by_place.get(place, {}))
            for (place, _name), shown in zip(counted.places, votes, strict=True)
            if place is not None and None not in shown]


def _listed(titles: Sequence[Localized]) -> LazyString:
    return LazyString(lambda: "; ".join(_("“%(title)s”", title=title) for title in titles))


def _method(counted: Counted) -> Localized:
    said = [
        _l("Everybody who may vote has one paper, which could be changed until the ballot closed: the last one counts. "
           "Papers lie under tags that do not say whose they are; the votes were counted from the papers, for the "
           "first time after closing."),
        words.counting(counted.rules),
        _l("By municipality, figures behind which fewer than five people stand are kept back, and so are those that "
           "would give such a figure away or would tell how nearly everybody in a place voted."),
    ]
    return one_after_another(*map(everywhere, said))
