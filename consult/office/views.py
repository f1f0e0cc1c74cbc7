"""The desks of the staff: what awaits whom, and setting up percorsi, phases and activities."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.db import StaleVersionError, db
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.office import queries
from consult.office.call_forms import CallForm, NewCallForm
from consult.office.forms import (
    ActivityForm,
    ExtendForm,
    PhaseForm,
    ProcessForm,
    SuspendForm,
    differences,
)
from consult.processes import queries as processes
from consult.processes import services
from consult.processes.models import Activity, Phase
from consult.processes.services import TimetableError, UnreadyError
from consult.proposals import calls
from consult.proposals import queries as proposals
from consult.proposals.calls import InUseError
from consult.proposals.models import ProposalCall
from consult.proposals.services import prepare_call
from consult.results import queries as results

bp = Blueprint("office", __name__)

FOUR_WEEKS = timedelta(days=28)


@bp.route("/ufficio")
@access("office.read")
def show():
    theirs = queries.processes(me())
    latest = theirs[0] if theirs and can(me(), "office.answer", theirs[0]) else None
    return render_template("office/show.html", agenda=queries.agenda(me()), processes=theirs, latest=latest,
                           unanswered=results.without_outcome(latest) if latest else 0)


@bp.route("/ufficio/percorsi/<slug>")
@access("process.manage", loads=processes.process_called)
def process(process):
    return render_template("office/process.html", process=process,
                           activities=processes.activities(process, unpublished=True))


@bp.route("/ufficio/percorsi/<slug>/senza-esito")
@access("office.answer", loads=processes.process_called)
def unanswered(process):
    return render_template("office/unanswered.html", process=process, how_many=results.without_outcome(process),
                           page=queries.unanswered(process, after=argument("dopo", 400)))


@bp.route("/ufficio/percorsi/<slug>/presentazione", methods=["GET", "POST"])
@access("process.manage", loads=processes.process_called)
def describe(process):
    form = ProcessForm.of(process)
    if form.accepted():
        try:
            services.change_process(process, me(), seen=form.seen, **form.values)
        except StaleVersionError:
            return _stale(form, url_for(".describe", slug=process.slug))
        flash(_("The percorso was changed."))
        return redirect(url_for(".process", slug=process.slug), 303)
    return render_template("office/describe.html", process=process, form=form)


@bp.route("/ufficio/fasi/<int:id>", methods=["GET", "POST"])
@access("process.manage", loads=Phase)
def phase(phase):
    form = PhaseForm.of(phase)
    if form.accepted():
        try:
            services.change_phase(phase, me(), seen=form.seen, **form.values)
        except StaleVersionError:
            return _stale(form, url_for(".phase", id=phase.id))
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The phase was changed."))
            return redirect(url_for(".process", slug=phase.process.slug), 303)
    return render_template("office/phase.html", phase=phase, process=phase.process, form=form)


@bp.route("/ufficio/percorsi/<slug>/nuova-raccolta", methods=["GET", "POST"])
@access("process.manage", loads=processes.process_called)
def new_call(process):
    earlier = _earlier(request.form.get("earlier") if request.method == "POST" else argument("come", 12))
    form = NewCallForm.after(process, earlier)
    if form.accepted():
        try:
            call = prepare_call(form.chosen, me(), **form.values)
        except TimetableError as fault:
            form.refuse(fault)
        else:
            calls.set_categories(call, me(), form.categories)
            if earlier is not None:
                calls.take_over(call, earlier, me())
            flash(_("The call for proposals was prepared."))
            _advise(call)
            return redirect(url_for(".activity", id=call.id), 303)
    return render_template("office/new_call.html", process=process, form=form, earlier=earlier,
                           calls=queries.calls(me()))


def _earlier(id: str | None) -> ProposalCall | None:
    """The call that a new one is to be like, if it is there and its office asks."""
    call = proposals.call(int(id)) if id and id.isdigit() and len(id) < 10 else None
    return call if call is not None and can(me(), "activity.manage", call) else None


@bp.route("/ufficio/attivita/<int:id>", methods=["GET", "POST"])
@access("activity.manage", loads=Activity)
def activity(activity):
    call = activity if isinstance(activity, ProposalCall) else None
    form = CallForm.filled_in(call) if call else ActivityForm.of(activity)
    if form.accepted():
        try:
            with db.session.begin_nested():
                services.change_activity(activity, me(), seen=form.seen, **form.values)
                if call:
                    calls.set_categories(call, me(), form.categories)
        except StaleVersionError:
            return _stale(form, url_for(".activity", id=activity.id))
        except (TimetableError, UnreadyError, InUseError) as fault:
            form.refuse(fault)
        else:
            flash(_("The activity was changed."))
            _advise(activity)
            return redirect(url_for(".activity", id=activity.id), 303)
    return render_template("office/activity.html", activity=activity, process=activity.phase.process, form=form)


def _advise(activity: Activity) -> None:
    """Say what the guidelines on public consultations ask for, without insisting."""
    if activity.closes_at - activity.opens_at < FOUR_WEEKS:
        flash(_("It stays open for less than four weeks. The guidelines on public consultations ask for at least that "
                "much, so that everyone has time."), "warning")


@bp.route("/ufficio/attivita/<int:id>/proroga", methods=["GET", "POST"])
@access("activity.manage", loads=Activity)
def extend(activity):
    form = ExtendForm(data={"version": activity.version, "notice": activity.notice})
    if form.accepted():
        try:
            services.extend(activity, me(), seen=form.seen, **form.values)
        except StaleVersionError:
            return _stale(form, url_for(".extend", id=activity.id))
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The closing was put off. Everyone reads why."))
            return redirect(url_for(".activity", id=activity.id), 303)
    return render_template("office/extend.html", activity=activity, process=activity.phase.process, form=form)


@bp.route("/ufficio/attivita/<int:id>/sospendi", methods=["GET", "POST"])
@access("activity.manage", loads=Activity)
def suspend(activity):
    form = SuspendForm(data={"version": activity.version})
    if form.accepted():
        try:
            services.suspend(activity, me(), seen=form.seen, reason=form.reason.data)
        except StaleVersionError:
            return _stale(form, url_for(".suspend", id=activity.id))
        flash(_("The activity is suspended. Everyone reads why."))
        return redirect(url_for(".activity", id=activity.id), 303)
    return render_template("office/suspend.html", activity=activity, process=activity.phase.process, form=form)


@bp.route("/ufficio/attivita/<int:id>/riprendi", methods=["POST"])
@access("activity.manage", loads=Activity)
def resume(activity):
    services.resume(activity, me())
    flash(_("The activity goes on."))
    return redirect(url_for(".activity", id=activity.id), 303)


def _stale(form: Any, again: str) -> tuple[str, int]:
    """What others saved beside what was typed."""
    return render_template("errors/stale.html", fields=differences(form), again=again), 409
