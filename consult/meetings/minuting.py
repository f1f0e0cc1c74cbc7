"""Writing minutes, sending them round, correcting them, answering corrections, approving, and notes afterwards."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.core.db import StaleVersionError
from consult.core.personal_words import Alarm
from consult.core.policy import can
from consult.core.refusing import FieldError
from consult.core.web import access, me
from consult.meetings import minutes as acts
from consult.meetings import queries
from consult.meetings.minutes import PersonalWordsError
from consult.meetings.minutes_forms import AnswerForm, CorrectionForm, HarmlessForm, MinutesForm, NoteForm
from consult.meetings.models import Meeting, Minutes, MinutesCorrection

bp = Blueprint("minuting", __name__)


@bp.route("/ufficio/incontri/<int:id>/verbale", methods=["GET", "POST"])
@access("minutes.write", loads=queries.meeting)
def write(meeting: Meeting) -> Any:
    known = meeting.minutes
    form = MinutesForm(data={"body": known.body if known else acts.begun(meeting),
                             "version": known.version if known else 0})
    if form.accepted():
        try:
            acts.write(meeting, me(), body=form.body.data, seen=form.seen)
        except StaleVersionError:
            saved = meeting.minutes.body if meeting.minutes else ""
            return _stale([(_("Minutes"), saved, form.body.data)], url_for(".write", id=meeting.id))
        flash(_("The minutes were saved."))
        return _desk(meeting.id)
    return render_template("meetings/write.html", meeting=meeting, process=meeting.phase.process, form=form,
                           minutes=known)


@bp.route("/ufficio/verbali/<int:id>/invia", methods=["GET", "POST"])
@access("minutes.circulate", loads=queries.minutes)
def circulate(minutes: Minutes) -> Any:
    return _passage(minutes, acts.circulate, "meetings/circulate.html", "minuting.circulate", _(
        "The minutes are with those who sit at the table: they are told, and have a week for corrections."))


@bp.route("/ufficio/verbali/<int:id>/approva", methods=["GET", "POST"])
@access("minutes.approve", loads=queries.minutes)
def approve(minutes: Minutes) -> Any:
    return _passage(minutes, acts.approve, "meetings/approve.html", "minuting.approve", _(
        "The minutes are approved: everyone can read them, and they stay as they are."))


def _passage(minutes: Minutes, act: Any, template: str, endpoint: str, done: str) -> Any:
    """Send minutes on their way, once nothing in them tells who somebody is."""
    form = HarmlessForm(data={"version": minutes.version})
    found = acts.found_in(minutes)
    form.offer(names=any(one.sort not in acts.CERTAIN for one in found))
    if form.accepted():
        try:
            act(minutes, me(), seen=form.seen, harmless=form.looked_at)
        except StaleVersionError:
            return _stale([], url_for(endpoint, id=minutes.id))
        except PersonalWordsError as fault:
            form.form_errors.append(_("Some words in the minutes tell who somebody is. Take them out first."))
            found = fault.alarms
        except FieldError as fault:
            form.refuse(fault)
        else:
            flash(done)
            return _desk(minutes.meeting_id)
    return render_template(template, minutes=minutes, meeting=minutes.meeting, form=form, found=found)


@bp.route("/incontri/<int:id>/verbale/correzioni", methods=["GET", "POST"])
@access("minutes.correct", loads=queries.minutes_of)
def correct(minutes: Minutes) -> Any:
    spoken_for, oneself = _speaking(minutes)
    form = CorrectionForm(spoken_for, oneself=oneself)
    if form.accepted():
        acts.send_correction(minutes, me(), text=form.text.data, organisation_id=form.chosen)
        flash(_("Your correction was received. It is answered before the minutes are approved."))
        return redirect(url_for(".correct", id=minutes.meeting_id), 303)
    seats = {one.id for one in spoken_for}
    own = [one for one in minutes.corrections if one.written_by_id == me().id or one.organisation_id in seats]
    return render_template("meetings/correct.html", minutes=minutes, meeting=minutes.meeting, form=form, own=own)


def _speaking(minutes: Minutes) -> tuple[list[Organisation], bool]:
    """For which organisations at the table somebody writes, and whether also for themselves.

    Whoever leads writes down what came by other ways, for any of them.
    """
    body = minutes.meeting.body
    if can(me(), "minutes.write", minutes.meeting):
        return queries.seated(body), True
    seats = body.seats_of(me()) if body else []
    return ([seat.organisation for seat in seats if seat.organisation is not None],
            any(seat.person_id == me().id for seat in seats))


@bp.route("/ufficio/verbali/<int:id>/correzioni")
@access("minutes.answer", loads=queries.minutes)
def corrections(minutes: Minutes) -> Any:
    return render_template("meetings/corrections.html", minutes=minutes, meeting=minutes.meeting)


@bp.route("/ufficio/correzioni/<int:id>", methods=["GET", "POST"])
@access("minutes.answer", loads=queries.correction)
def answer(correction: MinutesCorrection) -> Any:
    form = AnswerForm(data={"taken": {True: "yes", False: "no", None: None}[correction.taken],
                            "answer": correction.answer, "version": correction.version})
    if form.accepted():
        try:
            acts.answer(correction, me(), seen=form.seen, taken=form.taken.data == "yes", text=form.answer.data)
        except StaleVersionError:
            return _stale([(_("Answer"), correction.answer, form.answer.data)], url_for(".answer", id=correction.id))
        flash(_("The correction is answered."))
        return redirect(url_for(".corrections", id=correction.minutes_id), 303)
    return render_template("meetings/answer.html", correction=correction, minutes=correction.minutes,
                           meeting=correction.minutes.meeting, form=form)


@bp.route("/ufficio/verbali/<int:id>/note", methods=["GET", "POST"])
@access("minutes.annotate", loads=queries.minutes)
def annotate(minutes: Minutes) -> Any:
    form = NoteForm()
    found: list[Alarm] = []
    if form.accepted():
        try:
            acts.annotate(minutes, me(), text=form.text.data, harmless=bool(form.harmless.data))
        except PersonalWordsError as fault:
            form.form_errors.append(_("Some words in the note tell who somebody is. Take them out first."))
            found = fault.alarms
        else:
            flash(_("The note stands below the minutes."))
            return redirect(url_for("meetings.minutes", id=minutes.meeting_id), 303)
    if not any(one.sort not in acts.CERTAIN for one in found):
        del form.harmless
    return render_template("meetings/annotate.html", minutes=minutes, meeting=minutes.meeting, form=form, found=found)


def _stale(fields: list[tuple[str, str, str]], again: str) -> tuple[str, int]:
    """What others saved beside what was typed."""
    return render_template("errors/stale.html", fields=fields, again=again), 409


def _desk(id: int) -> Any:
    return redirect(url_for("convening.desk", id=id, _anchor="verbale"), 303)
