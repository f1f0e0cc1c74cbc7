"""The figures that stand beside a restitution, counted when it is written and kept with what is published."""

from collections.abc import Mapping

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table
from consult.core.db import db, table
from consult.core.languages import Localized, everywhere, one_after_another
from consult.planning.models import Action, Objective, TraceLink
from consult.processes.models import Activity, Axis, ResultsVisible
from consult.proposals.models import Proposal
from consult.results import counting, inherited, words
from consult.results import queries as results
from consult.results.models import Verdict

Verdicts = Mapping[Verdict | None, int]


def figures_of(of: Activity | Axis) -> Sheet:
    """The figures of an activity, from its frozen results, or of an axis; with what became of the proposals."""
    return _of_axis(of) if isinstance(of, Axis) else _frozen(of)


def _frozen(activity: Activity) -> Sheet:
    """The figures of an activity from what is frozen; nothing of it where the results are for the staff."""
    shown = activity.results_visible is not ResultsVisible.STAFF
    frozen = results.sheet_of(activity.id) if shown else None
    return of_activity(activity, Sheet.from_json(frozen.content) if frozen else None,
                       sha256=frozen.sha256 if frozen else None)


def of_activity(activity: Activity, sheet: Sheet | None, *, sha256: str | None = None) -> Sheet:
    """The figures of an activity from the sheet in which it answered, with what became of its proposals."""
    said = table(Contribution)
    verdicts = inherited.counted(said.c.activity_id == activity.id, said.c.kind == "proposal",
                                 said.c.state == State.PUBLISHED)
    return Sheet(
        kind="restitution", title=activity.title, figures=sheet.figures if sheet else (), tables=_tables(verdicts),
        conclusion=sheet.conclusion if sheet else Localized(), channels=sheet.channels if sheet else {},
        method=_method(sheet, verdicts),
        source=_source(activity.phase.process.code, activity=activity.id, sheet=sha256))


def _of_axis(axis: Axis) -> Sheet:
    ours = (Proposal.axis_id == axis.id, Contribution.state == State.PUBLISHED)
    proposals, supports, comments = counting.of_axis(axis.id)
    ids = sa.select(Proposal.id).where(*ours)
    linked = sa.select(sa.func.count(sa.distinct(TraceLink.contribution_id))).where(TraceLink.contribution_id.in_(ids))
    actions = sa.select(sa.func.count(Action.id)).join(Objective).where(Objective.axis_id == axis.id)
    said, own = table(Contribution), table(Proposal)
    public = sa.select(own.c.id).where(own.c.axis_id == axis.id)
    verdicts = inherited.counted(said.c.id.in_(public), said.c.state == State.PUBLISHED)
    counted = [(_l("Proposals"), proposals), (_l("Supports"), supports), (_l("Comments"), comments),
               (_l("Proposals that lead to a part of the plan"), db.session.scalar(linked) or 0),
               (_l("Actions of the plan"), db.session.scalar(actions) or 0)]
    return Sheet(
        kind="restitution", title=axis.title, tables=_tables(verdicts), channels={},
        figures=tuple(KeyFigure(label=everywhere(label), value=value) for label, value in counted),
        method=one_after_another(everywhere(_l(
            "Proposals, supports and comments are those that were public when this was written, in all calls of the "
            "percorso.")), *_outcome_method(verdicts)),
        source=_source(axis.process.code, axis=axis.code))


def begun(figures: Sheet) -> tuple[Localized, Localized]:
    """What the figures let one say of what people said, and of what became of it: to begin from."""
    table_of = next((each for each in figures.tables if each.code == "outcomes"), None)
    if table_of is None:
        return figures.conclusion, Localized()
    total = sum(int(str(row.values[0])) for row in table_of.rows)
    said = everywhere(_n("What became of %(num)s proposal:", "What became of %(num)s proposals:", total))
    return figures.conclusion, Localized({code: "\n".join([words_first, "", *(
        f"- {row.label[code]}: {row.values[0]}" for row in table_of.rows)]) for code, words_first in said.items()})


def _tables(verdicts: Verdicts) -> tuple[Table, ...]:
    total = sum(verdicts.values())
    if not total:
        return ()
    named: list[tuple[Verdict | None, LazyString]] = [*words.VERDICTS.items(), (None, _l("No outcome yet"))]
    rows = [Row(label=everywhere(label), values=(verdicts.get(verdict, 0),)) for verdict, label in named
            if verdicts.get(verdict)]
    return (Table(code="outcomes", caption=everywhere(_l("What became of the proposals")), chart=True,
                  heading=everywhere(_l("Outcome")), columns=(Column(label=everywhere(_l("Proposals"))),),
                  rows=tuple(rows)),)


def _method(sheet: Sheet | None, verdicts: Verdicts) -> Localized:
    said = [everywhere(_l("The figures are those of the frozen results of the activity."))] if sheet else []
    return one_after_another(*said, *_outcome_method(verdicts))


def _outcome_method(verdicts: Verdicts) -> list[Localized]:
    if not sum(verdicts.values()):
        return []
    return [everywhere(_l("Outcomes are those that stood when this was written; a proposal that was merged or split "
                          "has the outcome of what was made of it."))]


def _source(process: str, **named: object) -> dict[str, object]:
    return {"process": process, "counted": clock.now().isoformat(timespec="seconds"),
            **{name: value for name, value in named.items() if value is not None}}

