"""The desk at which the plan office writes the pact, takes it on its way and asks people what they think of it."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.conflicts import TAKE, Conflict, conflicts, take, taking
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.pact import queries, services
from consult.pact.forms import NewPactForm, PactForm, PactStateForm
from consult.pact.models import Pact
from consult.pact.services import PASSAGES, HinderedError
from consult.processes import queries as processes
from consult.processes.forms import ConsultationForm
from consult.processes.models import Process

bp = Blueprint("pact_writing", __name__)

ROW = "row:"
"""Before the name of the list to which a button adds a row."""


@bp.route("/percorsi/<slug>/patto/nuovo", methods=["GET", "POST"])
@access("pact.make", loads=processes.process_called)
def new(process: Process) -> Any:
    known = queries.of_process(process.id)
    if known is not None:
        return redirect(url_for("pact.show", slug=known.slug), 303)
    form = NewPactForm()
    if not another_row(form) and form.accepted():
        pact = services.make(process, me(), form.sheet)
        flash(_("The pact was begun. Only the staff see it until you put it before everybody."))
        return redirect(url_for("pact.show", slug=pact.slug), 303)
    return render_template("pact/edit.html", process=process, pact=None, form=form, differing=())


@bp.route("/patti/<slug>/modifica", methods=["GET", "POST"])
@access("pact.edit", loads=queries.by_slug)
def edit(pact: Pact) -> Any:
    form = PactForm(obj=pact)
    differing: Sequence[Conflict] = ()
    if take(pact, form):
        differing = conflicts(pact, form)
    elif not (another_row(form) or still_writing()) and form.accepted():
        try:
            services.edit(pact, me(), form.sheet, seen=form.seen)
        except StaleVersionError:
            differing = conflicts(pact, form)
        else:
            flash(_("The pact was saved."))
            return redirect(url_for("pact.show", slug=pact.slug), 303)
    return render_template("pact/edit.html", process=pact.process, pact=pact, form=form,
                           differing=differing), 409 if differing and not taking() else 200


@bp.route("/patti/<slug>/stato", methods=["GET", "POST"])
@access("pact.run", loads=queries.by_slug)
def state(pact: Pact) -> Any:
    form = PactStateForm(PASSAGES[pact.state], act=pact.act, version=pact.version)
    status = 200
    if form.accepted():
        try:
            services.take_to(pact, form.chosen, me(), seen=form.seen, **form.told)
        except HinderedError as refusal:
            form.state.errors = [refusal.sentence]
        except StaleVersionError:
            status = stale(form, pact)
        else:
            flash(_("The state of the pact was changed."))
            return redirect(url_for("pact.show", slug=pact.slug), 303)
    return render_template("pact/state.html", pact=pact, form=form, hindrances=[
        (state, services.hindrance(pact, state)) for state in PASSAGES[pact.state]]), status


@bp.route("/patti/<slug>/consultazioni/nuova", methods=["GET", "POST"])
@access("pact.edit", loads=queries.by_slug)
def new_consultation(pact: Pact) -> Any:
    form = ConsultationForm(pact.process)
    consultation = form.begun(partial(services.begin_consultation, pact, actor=me()))
    if consultation is None:
        return render_template("pact/consultation_form.html", pact=pact, form=form)
    flash(_("The consultation was prepared: every commitment can be commented while it is open."))
    return redirect(url_for("pact.consultation", id=consultation.id), 303)


def another_row(form: Any) -> bool:
    """Add the row that a button asks for; the page is then shown again with what was typed."""
    act = request.form.get("act", "")
    return act.startswith(ROW) and bool(form.add_row(act.removeprefix(ROW)))


def still_writing() -> bool:
    """Whether somebody asked for the page again with what they typed, and not yet to save it."""
    return request.form.get("act", "").startswith((TAKE, ROW))


def stale(form: Any, thing: Any) -> int:
    """Somebody decided in the meantime: the page is shown as things stand now, to be decided once more."""
    form.version.data = str(thing.version)
    form.form_errors.append(_("Somebody changed this in the meantime: look at it as it is now, then decide again."))
    return 409
