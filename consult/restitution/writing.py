"""Pages of the plan office: writing what was asked, said and done, and closing a phase."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.db import StaleVersionError, db
from consult.core.forms import argument, one_for_each_language
from consult.core.policy import can
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Activity, Axis, Phase, Process
from consult.restitution import counting, queries, services
from consult.restitution.forms import ClosingForm, RestitutionForm
from consult.restitution.services import RestitutionError
from consult.restitution.views import restitution_url
from consult.results import queries as results

bp = Blueprint("restituting", __name__)


@bp.route("/ufficio/percorsi/<slug>/restituzioni")
@access("process.manage", loads=processes.process_called)
def show(process: Process) -> str:
    return render_template(
        "restitution/office.html", process=process, activities=results.activities(process),
        editions=queries.of_process(process), of_axes=queries.of_axes(process), begun=queries.begun_in(process),
        closings=queries.closings(phase.id for phase in process.phases))


@bp.route("/ufficio/attivita/<int:id>/restituzione", methods=["GET", "POST"])
@access("restitution.write", loads=Activity)
def write(activity: Activity) -> Any:
    return _written(activity, activity.phase.process, url_for(".write", id=activity.id))


@bp.route("/ufficio/assi/<int:id>/restituzione", methods=["GET", "POST"])
@access("restitution.write", loads=Axis)
def write_of_axis(axis: Axis) -> Any:
    return _written(axis, axis.process, url_for(".write_of_axis", id=axis.id))


def _written(of: Activity | Axis, process: Process, here: str) -> Any:
    known = queries.of(of)
    form = RestitutionForm.of(known, {} if known else services.begun(of))
    if form.accepted():
        publishing = request.form.get("act") == "publish"
        try:
            with db.session.begin_nested():
                saved = services.save(of, me(), form.texts, seen=form.seen)
                if publishing:
                    services.publish(saved, me())
        except StaleVersionError:
            return _stale(of, form, here)
        except RestitutionError as fault:
            form[f"{fault.field}_it"].errors = [fault.sentence]
        else:
            if publishing:
                flash(_("It is public. Whoever made a proposal that it speaks of, or follows one, is told by mail."))
                return redirect(restitution_url(of), 303)
            flash(_("Saved: only the staff sees it until you publish it."))
            return redirect(here, 303)
    return render_template(
        "restitution/write.html", of=of, process=process, form=form, here=here, known=known,
        axis=of if isinstance(of, Axis) else None, figures=counting.figures_of(of), editions=queries.editions(of))


def _stale(of: Activity | Axis, form: RestitutionForm, here: str) -> Any:
    known = queries.of(of)
    saved = one_for_each_language(**{part: getattr(known, part) for part in services.PARTS}) if known else {}
    fields = [(form[name].label.text, text, form[name].data) for name, text in saved.items()
              if text != (form[name].data or "")]
    return render_template("errors/stale.html", fields=fields, again=here), 409


@bp.route("/ufficio/fasi/<int:id>/chiusura")
@access("process.manage", loads=Phase)
def closing(phase: Phase) -> str:
    return _closing(phase, ClosingForm())


@bp.route("/ufficio/fasi/<int:id>/chiudi", methods=["POST"])
@access("phase.close", loads=Phase)
def close(phase: Phase) -> Any:
    form = ClosingForm()
    if form.accepted():
        try:
            services.close(phase, me(), reason=form.reason.data or "")
        except RestitutionError as fault:
            form.reason.errors = [fault.sentence]
        else:
            flash(_("The phase is closed. Everybody reads it on its page."))
            return redirect(url_for("processes.phase", slug=phase.process.slug, n=phase.position), 303)
    return _closing(phase, form)


def _closing(phase: Phase, form: ClosingForm) -> str:
    return render_template(
        "restitution/closing.html", phase=phase, process=phase.process, form=form, lacking=queries.missing(phase),
        page=queries.unanswered(phase, after=argument("dopo", 400)), closing=queries.closing_of(phase),
        verdict=can(me(), "phase.close", phase))
