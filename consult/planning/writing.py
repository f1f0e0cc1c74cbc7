"""The desk at which the plan office writes the plan."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import richtext
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.planning import blocks, programme, queries, services
from consult.planning.forms import (
    LONGEST_SECTION,
    ActionForm,
    ConsultationForm,
    NewActionForm,
    NewObjectiveForm,
    NewSectionForm,
    ObjectiveForm,
    SectionForm,
    StateForm,
)
from consult.planning.models import Action, Objective, Plan, Section
from consult.planning.programme import CodeTakenError
from consult.planning.services import PASSAGES, InUseError, PassageError
from consult.planning.views import part_url, plan_called
from consult.processes.services import TimetableError

bp = Blueprint("plan_writing", __name__)


@bp.route("/piani/<slug>/sezioni/nuova", methods=["GET", "POST"])
@access("plan.edit", loads=queries.by_slug)
def new_section(plan: Plan) -> Any:
    form = NewSectionForm()
    if form.accepted() and not _still_writing():
        section = services.add_section(plan, me(), title=form.title.data, body=form.body.data)
        flash(_("The section was added at the end of the plan."))
        return _saved_section(plan, section)
    return _section_page(plan, None, form)


@bp.route("/piani/<slug>/sezioni/<int:id>/modifica", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def edit_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    form = SectionForm(obj=section)
    if form.accepted() and not _still_writing():
        try:
            services.edit_section(section, me(), seen=form.seen, title=form.title.data, body=form.body.data)
        except StaleVersionError:
            return _stale(section, form, url_for(".edit_section", slug=plan.slug, id=section.id))
        flash(_("The section was saved."))
        return _saved_section(plan, section)
    return _section_page(plan, section, form)


@bp.route("/piani/<slug>/sezioni/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    return _moved(plan, section, moved=services.move_section(section, me(), up=_upwards()))


@bp.route("/piani/<slug>/sezioni/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    try:
        services.remove_section(section, me())
    except InUseError:
        return _kept(_("This section cannot be deleted: something is linked to it, or people have commented it."),
                     part_url(plan, section))
    flash(_("The section was deleted."))
    return redirect(url_for("planning.show", slug=plan.slug), 303)


@bp.route("/piani/<slug>/assi/<int:id>/obiettivi/nuovo", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def new_objective(plan: Plan, id: int) -> Any:
    axis = queries.axis_of(plan, id) or abort(404)
    form = NewObjectiveForm()
    if form.accepted():
        try:
            programme.add_objective(plan, axis, me(), form.text)
        except CodeTakenError:
            form.code.errors = [_("Another objective has this code: choose another one.")]
        else:
            flash(_("The objective was added."))
            return redirect(url_for("planning.show", slug=plan.slug, _anchor=f"x-{axis.id}"), 303)
    return render_template("planning/objective.html", plan=plan, axis=axis, objective=None, form=form)


@bp.route("/piani/<slug>/obiettivi/<int:id>/modifica", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def edit_objective(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    form = ObjectiveForm(obj=objective)
    if form.accepted():
        try:
            programme.edit_objective(plan, objective, me(), form.text, seen=form.seen)
        except StaleVersionError:
            return _stale(objective, form, url_for(".edit_objective", slug=plan.slug, id=objective.id))
        except CodeTakenError:
            form.code.errors = [_("Another objective has this code: choose another one.")]
        else:
            flash(_("The objective was saved."))
            return redirect(_objective_url(plan, objective), 303)
    return render_template("planning/objective.html", plan=plan, axis=objective.axis, objective=objective, form=form)


@bp.route("/piani/<slug>/obiettivi/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_objective(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    return _moved(plan, objective, moved=programme.move_objective(objective, me(), up=_upwards()))


@bp.route("/piani/<slug>/obiettivi/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_objective(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    try:
        programme.remove_objective(objective, me())
    except InUseError:
        return _kept(_("This objective cannot be deleted: it has actions."), _objective_url(plan, objective))
    flash(_("The objective was deleted."))
    return redirect(url_for("planning.show", slug=plan.slug), 303)


@bp.route("/piani/<slug>/obiettivi/<int:id>/azioni/nuova", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def new_action(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    form = NewActionForm()
    if form.accepted():
        try:
            action = programme.add_action(plan, objective, me(), form.sheet)
        except CodeTakenError:
            form.code.errors = [_("Another action has this code: choose another one.")]
        else:
            flash(_("The action was added."))
            return redirect(part_url(plan, action), 303)
    return render_template("planning/action_form.html", plan=plan, objective=objective, action=None, form=form)


@bp.route("/piani/<slug>/azioni/<int:id>/modifica", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def edit_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    form = ActionForm(obj=action, state=action.state.value)
    if form.accepted():
        try:
            programme.edit_action(plan, action, me(), form.sheet, seen=form.seen)
        except StaleVersionError:
            return _stale(action, form, url_for(".edit_action", slug=plan.slug, id=action.id))
        except CodeTakenError:
            form.code.errors = [_("Another action has this code: choose another one.")]
        else:
            flash(_("The action was saved."))
            return redirect(part_url(plan, action), 303)
    return render_template("planning/action_form.html", plan=plan, objective=action.objective, action=action, form=form)


@bp.route("/piani/<slug>/azioni/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    return _moved(plan, action, moved=programme.move_action(action, me(), up=_upwards()))


@bp.route("/piani/<slug>/azioni/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_action(plan: Plan, id: int) -> Any:
    action = queries.action_of(plan, id) or abort(404)
    try:
        programme.remove_action(action, me())
    except InUseError:
        return _kept(_("This action cannot be deleted: contributions or results are linked to it."),
                     part_url(plan, action))
    flash(_("The action was deleted."))
    return redirect(_objective_url(plan, action.objective), 303)


@bp.route("/piani/<slug>/stato", methods=["GET", "POST"])
@access("plan.edit", loads=queries.by_slug)
def state(plan: Plan) -> Any:
    form = StateForm(PASSAGES[plan.state], edition=plan.edition)
    if form.accepted():
        try:
            services.take_to(plan, form.chosen, me(), edition=form.edition.data)
        except PassageError:
            form.state.errors = [_("The plan was taken elsewhere in the meantime: look at its state again.")]
        except blocks.UnreadableBlocksError as refusal:
            form.state.errors = block_faults(refusal)
        else:
            flash(_("The state of the plan was changed."))
            return redirect(url_for("planning.show", slug=plan.slug), 303)
    return render_template("planning/state.html", plan=plan, form=form)


@bp.route("/piani/<slug>/consultazioni/nuova", methods=["GET", "POST"])
@access("plan.edit", loads=queries.by_slug)
def new_consultation(plan: Plan) -> Any:
    form = ConsultationForm(plan.process)
    if form.accepted():
        try:
            consultation = services.begin_consultation(plan, form.chosen, me(), **form.values)
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The consultation was prepared: every paragraph can be commented while it is open."))
            return redirect(url_for("planning.consultation", id=consultation.id), 303)
    return render_template("planning/consultation_form.html", plan=plan, form=form)


def block_faults(refusal: blocks.UnreadableBlocksError) -> list[str]:
    """Why the plan cannot be published yet, a sentence for each line that stands for nothing."""
    return [_("In “%(section)s”, %(line)s stands for nothing. %(why)s", section=where, line=fault.typed,
              why=fault.sentence) for where, fault in refusal.faults]


def _still_writing() -> bool:
    """Whether somebody asked for the page again with what they typed, and not yet to save it."""
    return request.form.get("act") in {"preview", "insert"}


def _section_page(plan: Plan, section: Section | None, form: SectionForm) -> str:
    """The page on which a section is written, with a line put in or a preview where that was asked for."""
    chosen = request.form.get("block", "")
    if request.form.get("act") == "insert" and richtext.embeds(chosen):
        form.body.data = f"{form.body.data or ''}\n\n{chosen}".strip()[:LONGEST_SECTION]
    text = form.body.data or ""
    preview = richtext.staff_blocks(text) if request.form.get("act") == "preview" else []
    return render_template(
        "planning/section.html", plan=plan, section=section, form=form, preview=preview, offered=blocks.offered(plan),
        stand_for=blocks.shown(plan, blocks.lines(text)) if preview else {},
        astray=blocks.astray(text) if preview else [])


def _saved_section(plan: Plan, section: Section) -> Any:
    if blocks.faults_in(section.body, blocks.shown(plan, blocks.lines(section.body))):
        flash(_("Some lines in double braces stand for nothing yet: until they are put right, the plan cannot leave "
                "the desk."), "error")
    return redirect(part_url(plan, section), 303)


def _upwards() -> bool:
    return request.form.get("verso") == "su"


def _objective_url(plan: Plan, objective: Objective) -> str:
    return url_for("planning.show", slug=plan.slug, _anchor=f"o-{objective.id}")


def _moved(plan: Plan, part: Section | Objective | Action, *, moved: bool) -> Any:
    flash(_("The order was changed.") if moved else _("There is no place to move it to."))
    where = part_url(plan, part) if isinstance(part, Section) else _objective_url(
        plan, part.objective if isinstance(part, Action) else part)
    return redirect(where, 303)


def _kept(sentence: str, back: str) -> Any:
    """Something cannot be deleted: nothing was changed, and the page says why."""
    flash(sentence, "error")
    return redirect(back, 303)


def _stale(part: Section | Objective | Action, form: Any, again: str) -> Any:
    """Somebody saved in the meantime: what stands there now beside what was typed."""
    texts = [(field.label.text, _said(getattr(part, field.name)), _said(field.data))
             for field in form if hasattr(type(part), field.name) and field.name != "version"]
    differing = [(label, theirs, yours) for label, theirs, yours in texts if theirs != yours]
    return render_template("errors/stale.html", fields=differing or texts[:1], again=again), 409


def _said(value: Any) -> str:
    return "" if value is None else str(getattr(value, "value", value))
