"""What was asked, said and done, as everybody reads it: of an activity, of an axis, of a phase, of a percorso."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, abort, render_template, url_for
from flask_babel import gettext as _

from consult.core import asking, pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Activity, Axis, Phase, Process
from consult.restitution import queries
from consult.restitution.models import RestitutionEdition
from consult.results import queries as results

bp = Blueprint("restitution", __name__)


def activity_of(id: int, number: int = 0) -> Activity | None:
    """The activity named in an address, whatever else the address names."""
    return results.activity(id)


def process_of(slug: str, **_others: Any) -> Process | None:
    """The percorso named in an address, whatever else the address names."""
    return processes.process_called(slug)


@bp.route("/risultati/<int:id>/restituzione")
@access("activity.read", loads=activity_of)
def of_activity(activity):
    return _shown(activity, queries.editions(activity))


@bp.route("/risultati/<int:id>/restituzione/<int:number>")
@access("activity.read", loads=activity_of)
def earlier_of_activity(activity, number):
    return _shown(activity, queries.editions(activity), number)


@bp.route("/percorsi/<slug>/assi/<code>/restituzione")
@access("process.read", loads=process_of)
def of_axis(process, code):
    axis = queries.axis_called(process, code) or abort(404)
    return _shown(axis, queries.editions(axis))


@bp.route("/percorsi/<slug>/assi/<code>/restituzione/<int:number>")
@access("process.read", loads=process_of)
def earlier_of_axis(process, code, number):
    axis = queries.axis_called(process, code) or abort(404)
    return _shown(axis, queries.editions(axis), number)


@bp.route("/percorsi/<slug>/fasi/<int:n>/restituzione")
@access("process.read", loads=processes.phase_called)
def of_phase(phase):
    return render_template(
        "restitution/phase.html", phase=phase, process=phase.process, closing=queries.closing_of(phase),
        editions=queries.of_phase(phase), activities=_of_phase(phase), lacking=queries.missing(phase))


@bp.route("/percorsi/<slug>/restituzione")
@access("process.read", loads=processes.process_called)
def of_process(process):
    return render_template(
        "restitution/process.html", process=process, activities=results.activities(process),
        editions=queries.of_process(process), of_axes=queries.of_axes(process),
        closings=queries.closings(phase.id for phase in process.phases))


def _of_phase(phase: Phase) -> list[Activity]:
    return [one for one in results.activities(phase.process) if one.phase_id == phase.id and one.over()]


def _shown(of: Activity | Axis, editions: Sequence[RestitutionEdition], number: int | None = None) -> Any:
    """An edition, the last unless another is asked for; unknown where nothing was published."""
    wanted = number or (editions[-1].number if editions else 0)
    edition = next((one for one in editions if one.number == wanted), None)
    if edition is None:
        abort(404)
    axis = of if isinstance(of, Axis) else None
    return render_template("restitution/show.html", of=of, axis=axis, edition=edition, editions=editions,
                           process=of.process if isinstance(of, Axis) else of.phase.process)


@bp.app_template_global()
def restitution_url(of: Activity | Axis, number: int | None = None) -> str:
    """The public page of what was published of an activity or of an axis, the last edition or another."""
    if isinstance(of, Axis):
        values: dict[str, Any] = {"slug": of.process.slug, "code": of.code}
        kind = "axis"
    else:
        values, kind = {"id": of.id}, "activity"
    if number is None:
        return url_for(f"restitution.of_{kind}", **values)
    return url_for(f"restitution.earlier_of_{kind}", number=number, **values)


@pages.slot("results.below", position=5)
def with_the_results(activity: Activity) -> str:
    """With the results of an activity: what was done of them, once that is public."""
    editions = queries.editions(activity)
    return render_template("restitution/of_activity.html", edition=editions[-1], of=activity) if editions else ""


@asking.question("phase", "restitution")
def _closed_or_told(phase: Phase, _person: Any) -> sa.ColumnElement[bool]:
    return queries.closed_or_told(phase)


@pages.slot("phase.below", position=10)
def on_the_phase(phase: Phase) -> str:
    """On the page of a phase: that it was closed, by whom and why, and what was done of what people said."""
    if not asking.answer("phase", "restitution", phase):
        return ""
    closing, editions = queries.closing_of(phase), queries.of_phase(phase)
    return render_template("restitution/of_phase.html", phase=phase, closing=closing, editions=editions.values())


@asking.question("process", "restitution")
def _anything_told(process: Process, _person: Any) -> sa.ColumnElement[bool]:
    return queries.published_in(process)


@pages.slot("process.decided", position=10)
def on_the_percorso(process: Process) -> str:
    """On the page of the percorso: the way to what was asked, said and done."""
    if not asking.answer("process", "restitution", process):
        return ""
    return render_template("restitution/of_process.html", process=process)


@pages.slot("office.process", position=35)
def for_the_office(process: Process) -> str:
    """Where a percorso is set up: the way to what is told of it."""
    if not can(me(), "process.manage", process):
        return ""
    return render_template("restitution/way.html", process=process, label=_("We asked, you said, we did"))
