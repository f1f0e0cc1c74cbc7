"""Meetings as everyone reads them, those of a percorso, and all positions side by side."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, g, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.comments.views import discussion as comments_on
from consult.core import asking, config, files, languages, pages
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.spreadsheet import as_csv
from consult.core.web import access, me
from consult.governance.models import GovernanceBody
from consult.meetings import calendar, positions, queries, services, words
from consult.meetings.models import Meeting, MeetingDocument
from consult.processes import queries as processes
from consult.processes.models import Activity, Process

bp = Blueprint("meetings", __name__)

OF_A_BODY = 5
"""Meetings shown with the body that met, before a link to all of them."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals.update(meeting_words=words, positions_counted=positions.counted,
                                       convened_late=services.short)


@bp.route("/incontri/<int:id>")
@access("activity.read", loads=queries.meeting)
def show(meeting):
    said = meeting.minutes
    return render_template(
        "meetings/show.html", meeting=meeting, activity=meeting,
        minutes=said if said and can(me(), "minutes.read", said) else None,
        for_corrections=said if said and said.takes_corrections() and can(me(), "minutes.correct", said) else None,
        discussion=comments_on(meeting.thread) if meeting.published and meeting.thread else None)


@bp.route("/incontri/<int:id>/calendario/scarica")
@access("activity.read", loads=queries.meeting)
def appointment(meeting):
    content = calendar.appointment(meeting, address=config.current().address + url_for(".show", id=meeting.id))
    return _file(content, "text/calendar; charset=utf-8", f"incontro-{meeting.id}.ics")


def readable_document(id: int, document_id: int) -> MeetingDocument | None:
    """A file of a meeting, unknown to whoever may not read about the meeting."""
    found = queries.document(id, document_id)
    return found if found is not None and can(me(), "activity.read", found.meeting) else None


@bp.route("/incontri/<int:id>/documenti/<int:document_id>/scarica")
@access("page.read", loads=readable_document)
def document(document):
    return files.answer(document.token, size=files.Size.LARGE, name=document.name,
                        mimetype=document.mimetype) or abort(404)


@bp.route("/incontri/<int:id>/verbale", endpoint="minutes")
@access("minutes.read", loads=queries.minutes_of)
def minutes_page(found):
    return render_template("meetings/minutes.html", minutes=found, meeting=found.meeting)


@bp.route("/percorsi/<slug>/incontri")
@access("process.read", loads=processes.process_called)
def of_process(process):
    bodies, after = queries.bodies_that_met(process), argument("dopo", 400)
    body = _chosen(bodies)
    prepares = can(me(), "meeting.prepare", process)
    return render_template(
        "meetings/of_process.html", process=process, bodies=bodies, body=body, begins_later=bool(after),
        coming=[] if after else queries.coming(process, body.id if body else None), prepares=prepares,
        page=queries.past(process, body.id if body else None, after=after),
        preparing=queries.in_preparation(process) if prepares and not after else [])


@bp.route("/percorsi/<slug>/posizioni", endpoint="positions")
@access("process.read", loads=processes.process_called)
def positions_page(process):
    bodies = queries.bodies_that_met(process)
    body = _chosen(bodies)
    return render_template("meetings/positions.html", process=process, bodies=bodies, body=body,
                           tables=queries.positions(process, body.id if body else None))


@bp.route("/percorsi/<slug>/posizioni/scarica")
@access("process.read", loads=processes.process_called)
def positions_file(process):
    body = _chosen(queries.bodies_that_met(process))
    heads = [_("Meeting"), _("Day"), _("Who meets"), _("Point"), _("Who"), _("Category"), _("Position"),
             _("Condition or note")]
    rows = [[str(one.item.meeting.title), one.item.meeting.day.isoformat(),
             str(one.item.meeting.body.name) if one.item.meeting.body else "", one.item.title, one.called,
             _category(one.organisation), str(words.STANCES[one.stance]), one.note]
            for one in queries.positions_in_a_row(process, body.id if body else None)]
    return _file(as_csv([heads, *rows], languages.current()), "text/csv", f"posizioni-{process.slug}.csv")


def _category(organisation: Organisation | None) -> str:
    return str(organisation.category.name) if organisation is not None and organisation.category is not None else ""


def _chosen(bodies: Sequence[GovernanceBody]) -> GovernanceBody | None:
    """The body to which a list is narrowed; all of them where the address names none that met."""
    asked = argument("organo", 12)
    return next((body for body in bodies if str(body.id) == asked), None)


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@pages.slot("activity.state")
def state_on_the_card(activity: Activity) -> str:
    """On the card of a meeting: whether it is convened, took place or was cancelled."""
    return render_template("meetings/card_state.html", meeting=activity) if isinstance(activity, Meeting) else ""


@pages.slot("activity.when")
def on_the_card(activity: Activity) -> str:
    """On the card of a meeting: the day and the place, which matter more than until when one can write."""
    return render_template("meetings/card_when.html", meeting=activity) if isinstance(activity, Meeting) else ""


@asking.question("process", "meetings")
def _has_meetings(process: Process, _person: Any) -> sa.ColumnElement[bool]:
    return queries.there_are(process.id)


@pages.slot("process.lists", position=40)
def way_to_meetings(process: Process) -> str:
    """On the page of the percorso: the way to its meetings."""
    there = asking.answer("process", "meetings", process)
    return render_template("meetings/way.html", process=process) if there else ""


@pages.slot("office.process", position=22)
def way_to_prepare(process: Process) -> str:
    """On the desk of a percorso: preparing a meeting."""
    return render_template("meetings/prepare_way.html", process=process)


@pages.slot("office.activity", position=5)
def way_to_desk(activity: Activity) -> str:
    """Where the staff set up an activity: what is particular to meetings has a page of its own."""
    return render_template("meetings/desk_way.html", meeting=activity) if isinstance(activity, Meeting) else ""


@pages.before_list("body")
def _fetch_of_bodies(bodies: Sequence[GovernanceBody]) -> None:
    """Fetch at once the meetings of the bodies of a page."""
    g.meetings_of_bodies = queries.of_bodies([body.id for body in bodies], OF_A_BODY + 1) if bodies else {}


@pages.slot("body.below")
def of_body(body: GovernanceBody) -> str:
    """With each body: when it met and meets."""
    found = g.get("meetings_of_bodies", {}).get(body.id, [])
    return render_template("meetings/of_body.html", body=body, meetings=found[:OF_A_BODY],
                           more=len(found) > OF_A_BODY) if found else ""
