"""The desk at which the plan office writes the project sheets of actions."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_babel import gettext as _

from consult.analysis import queries as indicators
from consult.core.conflicts import Conflict, conflicts, take, taking
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.planning import programme, queries, writing
from consult.planning.models import Action, Objective, Plan
from consult.planning.programme import CodeTakenError
from consult.planning.services import InUseError
from consult.planning.sheet_forms import ActionForm, NewActionForm
from consult.planning.views import part_url, plan_called
from consult.processes import queries as processes

ROW = "row:"
"""Before the name of the list to which a button adds a row."""


@writing.bp.route("/piani/<slug>/obiettivi/<int:id>/azioni/nuova", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def new_action(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    form = NewActionForm(processes.municipalities(plan.process), indicators.indicators(plan.process))
    if not (_another_row(form) or writing.still_writing()) and form.accepted():
        try:
            action = programme.add_action(plan, objective, me(), form.sheet)
        except CodeTakenError:
            form.code.errors = [_("Another action has this code: choose another one.")]
        else:
            return _saved(plan, action, _("The action was added."))
    return _page(plan, objective, None, form)


@writing.bp.route("/piani/<slug>/azioni/<int:id>/modifica", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def edit_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    form = ActionForm(processes.municipalities(plan.process), indicators.indicators(plan.process), action)
    differing: Sequence[Conflict] = ()
    if take(action, form):
        differing = conflicts(action, form)
    elif not (_another_row(form) or writing.still_writing()) and form.accepted():
        try:
            programme.edit_action(plan, action, me(), form.sheet, seen=form.seen)
        except StaleVersionError:
            differing = conflicts(action, form)
        except CodeTakenError:
            form.code.errors = [_("Another action has this code: choose another one.")]
        else:
            return _saved(plan, action, _("The action was saved."))
    return _page(plan, action.objective, action, form, differing), 409 if differing and not taking() else 200


@writing.bp.route("/piani/<slug>/azioni/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    return writing.moved(plan, action, done=programme.move_action(action, me(), up=writing.upwards()))


@writing.bp.route("/piani/<slug>/azioni/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    try:
        programme.remove_action(action, me())
    except InUseError:
        return writing.kept(_("This action cannot be deleted: contributions or results are linked to it."),
                            part_url(plan, action))
    flash(_("The action was deleted."))
    return redirect(writing.objective_url(plan, action.objective), 303)


def _another_row(form: ActionForm) -> bool:
    """Add the row that a button asks for; the page is then shown again with what was typed."""
    act = request.form.get("act", "")
    return act.startswith(ROW) and form.add_row(act.removeprefix(ROW))


def _page(plan: Plan, objective: Objective, action: Action | None, form: ActionForm,
          differing: Sequence[Conflict] = ()) -> str:
    return render_template("planning/action_form.html", plan=plan, objective=objective, action=action, form=form,
                           differing=differing)


def _saved(plan: Plan, action: Action, sentence: str) -> Any:
    flash(sentence)
    writing.tell_faults(plan, action.need)
    return redirect(part_url(plan, action), 303)
