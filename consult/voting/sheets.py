"""The sheet in which a ballot answers: what came out and why, by option, by municipality, and how many voted."""

from collections import Counter
from collections.abc import Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.charts import KeyFigure, Sheet
from consult.core.languages import Localized, everywhere, one_after_another
from consult.methods.interface import Paper, Place
from consult.methods.registry import METHODS
from consult.methods.sifting import Places, by_place
from consult.processes import queries as processes
from consult.voting import deciding, queries, services, tables
from consult.voting.models import Ballot
from consult.voting.tables import Counted


def sheet(ballot: Ballot) -> Sheet:
    """Count a ballot from its papers. Raises StillOpenError while it is not over, for everybody."""
    papers = list(queries.papers(ballot))
    counted = _counted(ballot, papers)
    grids = [tables.of_grid(grid, counted.titles) for grid in counted.result.grids]
    return Sheet(
        kind="ballot", title=ballot.title, figures=_figures(counted),
        tables=(*grids, *tables.by_municipality(counted), *deciding.asked_for(counted),
                *deciding.by_another_rule(counted, papers)), method=_method(counted),
        channels=dict(sorted(counted.where.channels.items())), conclusion=_conclusion(counted), source=_source(ballot))


def _source(ballot: Ballot) -> dict[str, object]:
    """What somebody needs to count again."""
    return {"activity": ballot.id, "process": ballot.phase.process.code, "question": ballot.question,
            "opened": ballot.opens_at.isoformat(), "closed": ballot.closes_at.isoformat(), "method": ballot.method,
            "parameters": ballot.parameters, "conditions": ballot.conditions, "seed": ballot.seed}


def _counted(ballot: Ballot, papers: Sequence[Paper]) -> Counted:
    rules, electorate = services.rules(ballot), queries.electorate(ballot)
    method = METHODS[rules.method]
    where = by_place(method, rules, papers)
    places: list[tuple[Place, Localized]] = [
        (m.id, Localized.of(m.name)) for m in processes.municipalities(ballot.phase.process)
        if not electorate or m.id in electorate or where.papers[m.id]]
    known = {place for place, _name in places}
    elsewhere = [place for place in where.papers if place not in known]
    if elsewhere:
        places.append((None, everywhere(_l("Elsewhere or not stated"))))
    valid = (paper.marks for paper in papers if method.fault(rules, paper.marks) is None)
    return Counted(
        ballot=ballot, rules=rules, method=method, result=method.tally(rules, papers),
        where=_gathered(where, elsewhere), places=places, electorate=electorate,
        highest=max((most for marks in valid for most in method.adds(rules, marks).values()), default=1) or 1,
        titles={option.code: option.title for option in ballot.options})


def _gathered(where: Places, elsewhere: Sequence[Place]) -> Places:
    """The same with all papers from outside the percorso's municipalities under None."""
    for place in [place for place in elsewhere if place is not None]:
        where.papers[None] += where.papers.pop(place)
        for sums in (where.added, where.against):
            sums.setdefault(None, Counter()).update(sums.pop(place, Counter()))
    return where


def _figures(counted: Counted) -> tuple[KeyFigure, ...]:
    result, eligible, by_organisation = counted.result, sum(counted.electorate.values()), counted.ballot.by_organisation
    figures = [KeyFigure(label=everywhere(_l("Papers of organisations") if by_organisation else _l("Ballot papers")),
                         value=result.valid)]
    if eligible:
        figures += [KeyFigure(label=everywhere(_l("Organisations that could vote") if by_organisation
                                               else _l("People who could vote")), value=eligible),
                    KeyFigure(label=everywhere(_l("Turnout")), value=result.valid / eligible, unit="share")]
    if counted.rules.minimum == 0:
        figures.append(KeyFigure(label=everywhere(_l("Blank papers")), value=result.blank))
    if result.invalid:
        figures.append(KeyFigure(label=everywhere(_l("Papers that broke the rules, not counted")),
                                 value=result.invalid))
    if counted.method.needs_budget:
        spent = sum(counted.rules.costs[code] for code in result.winners)
        figures += [KeyFigure(label=everywhere(_l("Budget")), value=counted.rules.budget or 0, unit="money"),
                    KeyFigure(label=everywhere(_l("Projects funded")), value=len(result.winners)),
                    KeyFigure(label=everywhere(_l("Left over")), value=(counted.rules.budget or 0) - spent,
                              unit="money")]
    return tuple(figures)


def _conclusion(counted: Counted) -> Localized:
    said = list(counted.method.because(counted.rules, counted.result, counted.name))
    if len(counted.result.winners) == 1 and tables.one_each(counted.rules):
        said += _where(counted)
    said += deciding.told(counted)
    return one_after_another(*map(everywhere, said))


def _where(counted: Counted) -> list[LazyString]:
    """In how many municipalities the winner came first, as far as it can be told."""
    votes = tables.votes_shown(counted, tables.papers_shown(counted))
    told = [tables.first(counted.where.added.get(place, {}))
            for (place, _name), shown in zip(counted.places, votes, strict=True)
            if place is not None and None not in shown]
    if len(told) < 2:
        return []
    where = {"first": told.count(list(counted.result.winners)), "all": len(told)}
    voted = sum(1 for place, papers in counted.where.papers.items() if place is not None and papers)
    return [_l("It has the most votes in %(first)s of the %(all)s municipalities that voted.", **where)
            if len(told) == voted else
            _l("It has the most votes in %(first)s of the %(all)s municipalities of which this can be told.", **where)]


def _method(counted: Counted) -> Localized:
    said = [
        _l("Every organisation that may vote has one paper, which could be changed until the ballot closed: the last "
           "one counts. Papers lie under tags that do not say whose they are; the votes were counted from the papers, "
           "for the first time after closing.") if counted.ballot.by_organisation else
        _l("Everybody who may vote has one paper, which could be changed until the ballot closed: the last one counts. "
           "Papers lie under tags that do not say whose they are; the votes were counted from the papers, for the "
           "first time after closing."),
        *counted.method.counting(counted.rules),
        _l("By municipality, figures behind which fewer than five people stand are kept back, and so are those that "
           "would give such a figure away or would tell how nearly everybody in a place voted."),
    ]
    return one_after_another(*map(everywhere, said))
