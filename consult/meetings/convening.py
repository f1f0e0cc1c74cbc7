"""The desk at which meetings are prepared and convened, and at which one says who came and what they said."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core.db import StaleVersionError
from consult.core.refusing import FieldError
from consult.core.uploads import received, takes_files
from consult.core.web import access, me
from consult.governance import queries as governance
from consult.meetings import positions, queries, services
from consult.meetings.forms import (
    COLUMNS,
    ROW,
    CancelForm,
    ConveneForm,
    MeetingForm,
    NewMeetingForm,
    PeopleForm,
    PositionsForm,
)
from consult.meetings.models import Meeting
from consult.processes import queries as processes
from consult.processes.models import Process

bp = Blueprint("convening", __name__)


def _meeting(id: int, **_others: int) -> Meeting | None:
    return queries.meeting(id)


@bp.route("/ufficio/percorsi/<slug>/nuovo-incontro", methods=["GET", "POST"])
@access("meeting.prepare", loads=processes.process_called)
def new(process: Process) -> Any:
    form = NewMeetingForm(process, queries.bodies(process))
    if not form.arrange(request.form.get("act", "")) and form.accepted():
        try:
            meeting = services.prepare(form.chosen, me(), form.points, **form.values)
        except FieldError as fault:
            form.refuse(fault)
        else:
            flash(_("The meeting was prepared. Add its documents, then convene it: until then only the staff see it."))
            return _desk(meeting)
    return render_template("meetings/form.html", process=process, meeting=None, form=form)


@bp.route("/ufficio/incontri/<int:id>")
@access("meeting.prepare", loads=queries.meeting)
def desk(meeting: Meeting) -> Any:
    return render_template("meetings/desk.html", meeting=meeting, process=meeting.phase.process)


@bp.route("/ufficio/incontri/<int:id>/modifica", methods=["GET", "POST"])
@access("meeting.edit", loads=queries.meeting)
def edit(meeting: Meeting) -> Any:
    process = meeting.phase.process
    form = MeetingForm(queries.bodies(process), meeting)
    if not form.arrange(request.form.get("act", "")) and form.accepted():
        try:
            services.change(meeting, me(), form.points, seen=form.seen, **form.values)
        except StaleVersionError:
            return _stale(_differing(meeting, form), url_for(".edit", id=meeting.id))
        except FieldError as fault:
            form.refuse(fault)
        else:
            flash(_("The meeting was changed."))
            return _desk(meeting)
    return render_template("meetings/form.html", process=process, meeting=meeting, form=form)


@bp.route("/ufficio/incontri/<int:id>/convoca", methods=["GET", "POST"])
@access("meeting.convene", loads=queries.meeting)
def convene(meeting: Meeting) -> Any:
    form = ConveneForm(data={"version": meeting.version})
    if form.accepted():
        try:
            services.convene(meeting, me(), seen=form.seen, reason=form.reason.data or "")
        except StaleVersionError:
            return _again(meeting)
        except FieldError as fault:
            form.refuse(fault)
        else:
            flash(_("The meeting is convened: everyone can read it, and those who sit at the table are told."))
            return _desk(meeting)
    return render_template("meetings/convene.html", meeting=meeting, process=meeting.phase.process, form=form,
                           late=services.short(meeting))


@bp.route("/ufficio/incontri/<int:id>/annulla", methods=["GET", "POST"])
@access("meeting.cancel", loads=queries.meeting)
def cancel(meeting: Meeting) -> Any:
    form = CancelForm(data={"version": meeting.version})
    if form.accepted():
        try:
            services.cancel(meeting, me(), seen=form.seen, reason=form.reason.data)
        except StaleVersionError:
            return _again(meeting)
        flash(_("The meeting is cancelled. Everyone reads why."))
        return _desk(meeting)
    return render_template("meetings/cancel.html", meeting=meeting, process=meeting.phase.process, form=form)


@bp.route("/ufficio/incontri/<int:id>/documenti", methods=["POST"])
@takes_files
@access("meeting.edit", loads=queries.meeting)
def add_documents(meeting: Meeting) -> Any:
    sent = received()
    title = str(request.form.get("title", ""))[:160].strip()
    for sentence in sent.refused:
        flash(str(sentence), "warning")
    for kept in sent.kept:
        services.add_document(meeting, me(), kept, title=title if len(sent.kept) == 1 else "")
    if sent.kept:
        flash(ngettext("The document was added.", "The documents were added.", len(sent.kept)))
    elif not sent.refused:
        flash(_("Choose a file first."), "warning")
    return _desk(meeting, "documenti")


@bp.route("/ufficio/incontri/<int:id>/documenti/<int:document_id>/togli", methods=["POST"])
@access("meeting.edit", loads=_meeting)
def remove_document(meeting: Meeting, document_id: int) -> Any:
    services.remove_document(queries.document(meeting.id, document_id) or abort(404), me())
    flash(_("The document was removed: nobody can open it any more."))
    return _desk(meeting, "documenti")


@bp.route("/ufficio/incontri/<int:id>/presenze", methods=["GET", "POST"])
@access("meeting.record", loads=queries.meeting)
def people(meeting: Meeting) -> Any:
    form = PeopleForm(governance.organisations(), meeting)
    if form.accepted():
        try:
            services.count(meeting, me(), form.chosen, seen=form.seen, attended=form.attended.data,
                           online=form.online.data or 0)
        except StaleVersionError:
            return _again(meeting)
        flash(_("Noted: everyone reads how many came, and which organisations."))
        return _desk(meeting)
    return render_template("meetings/people.html", meeting=meeting, process=meeting.phase.process, form=form)


@bp.route("/ufficio/incontri/<int:id>/punti/<int:item_id>", methods=["GET", "POST"])
@access("meeting.record", loads=_meeting)
def stated(meeting: Meeting, item_id: int) -> Any:
    item = next((one for one in meeting.agenda if one.id == item_id), None) or abort(404)
    form = PositionsForm(item, queries.seated(meeting.body), governance.organisations())
    if request.form.get("act") == f"{ROW}positions":
        form.add_row()
    elif form.accepted():
        try:
            positions.record(item, me(), form.stated, seen=form.seen)
        except StaleVersionError:
            return _stale([(_("Positions"), _told(item.positions), _told(form.stated))],
                          url_for(".stated", id=meeting.id, item_id=item.id))
        except FieldError as fault:
            form.refuse(fault)
        else:
            flash(_("The positions are recorded: everyone reads them on the page of the meeting."))
            return _desk(meeting, "punti")
    return render_template("meetings/stated.html", meeting=meeting, item=item, form=form)


def _told(stated: Any) -> str:
    names = {one.id: one.name for one in governance.organisations()}
    return "\n".join(" · ".join(filter(None, (
        one.name or names.get(one.organisation_id, ""), one.stance.value, one.note))) for one in stated)


def _differing(meeting: Meeting, form: MeetingForm) -> list[tuple[str, str, str]]:
    """What is saved beside what was typed, of each field in which the two differ."""
    saved: dict[str, Any] = {name: getattr(meeting, name) for name in COLUMNS}
    typed = form.values
    found = [(form[name].label.text, str(saved[name] or ""), str(typed[name] or "")) for name in COLUMNS]
    found += [(form[f"{name}_it"].label.text, getattr(meeting, name).get("it", ""), typed[name].get("it", ""))
              for name in ("title", "intro")]
    found.append((form.agenda.label.text, "\n".join(item.title for item in meeting.agenda),
                  "\n".join(point.title for point in form.points)))
    return [each for each in found if each[1] != each[2]]


def _again(meeting: Meeting) -> Any:
    return _stale([], url_for(".desk", id=meeting.id))


def _stale(fields: list[tuple[str, str, str]], again: str) -> tuple[str, int]:
    """What others saved beside what was typed."""
    return render_template("errors/stale.html", fields=fields, again=again), 409


def _desk(meeting: Meeting, anchor: str | None = None) -> Any:
    return redirect(url_for("convening.desk", id=meeting.id, _anchor=anchor), 303)
