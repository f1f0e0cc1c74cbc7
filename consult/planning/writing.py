"""The desk at which the plan office writes the plan."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import richtext
from consult.core.conflicts import TAKE, Conflict, conflicts, take, taking
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.planning import blocks, programme, queries, services
from consult.planning.forms import (
    LONGEST_SECTION,
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
from consult.processes.forms import ConsultationForm

bp = Blueprint("plan_writing", __name__)


@bp.route("/piani/<slug>/sezioni/nuova", methods=["GET", "POST"])
@access("plan.edit", loads=queries.by_slug)
def new_section(plan: Plan) -> Any:
    form = NewSectionForm()
    if form.accepted() and not still_writing():
        section = services.add_section(plan, me(), title=form.title.data, body=form.body.data)
        flash(_("The section was added at the end of the plan."))
        return _saved_section(plan, section)
    return _section_page(plan, None, form)


@bp.route("/piani/<slug>/sezioni/<int:id>/modifica", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def edit_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    form = SectionForm(obj=section)
    taken = take(section, form)
    if form.accepted() and not still_writing():
        try:
            services.edit_section(section, me(), seen=form.seen, title=form.title.data, body=form.body.data)
        except StaleVersionError:
            return _section_page(plan, section, form, conflicts(section, form)), 409
        flash(_("The section was saved."))
        return _saved_section(plan, section)
    return _section_page(plan, section, form, conflicts(section, form) if taken else ())


@bp.route("/piani/<slug>/sezioni/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    return moved(plan, section, done=services.move_section(section, me(), up=upwards()))


@bp.route("/piani/<slug>/sezioni/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_section(plan: Plan, id: int) -> Any:
    section = queries.section_of(plan, id) or abort(404)
    try:
        services.remove_section(section, me())
    except InUseError:
        return kept(_("This section cannot be deleted: something is linked to it, or people have commented it."),
                     part_url(plan, section))
    flash(_("The section was deleted."))
    return redirect(url_for("planning.show", slug=plan.slug), 303)


@bp.route("/piani/<slug>/assi/<int:id>/obiettivi/nuovo", methods=["GET", "POST"])
@access("plan.edit", loads=plan_called)
def new_objective(plan: Plan, id: int) -> Any:
    axis = queries.axis_of(plan, id) or abort(404)
    form = NewObjectiveForm()
    if form.accepted() and not still_writing():
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
    differing: Sequence[Conflict] = ()
    if take(objective, form):
        differing = conflicts(objective, form)
    elif not still_writing() and form.accepted():
        try:
            programme.edit_objective(plan, objective, me(), form.text, seen=form.seen)
        except StaleVersionError:
            differing = conflicts(objective, form)
        except CodeTakenError:
            form.code.errors = [_("Another objective has this code: choose another one.")]
        else:
            flash(_("The objective was saved."))
            return redirect(objective_url(plan, objective), 303)
    return render_template("planning/objective.html", plan=plan, axis=objective.axis, objective=objective, form=form,
                           differing=differing), 409 if differing and not taking() else 200


@bp.route("/piani/<slug>/obiettivi/<int:id>/sposta", methods=["POST"])
@access("plan.edit", loads=plan_called)
def move_objective(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    return moved(plan, objective, done=programme.move_objective(objective, me(), up=upwards()))


@bp.route("/piani/<slug>/obiettivi/<int:id>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def remove_objective(plan: Plan, id: int) -> Any:
    objective = queries.objective_of(plan, id) or abort(404)
    try:
        programme.remove_objective(objective, me())
    except InUseError:
        return kept(_("This objective cannot be deleted: it has actions."), objective_url(plan, objective))
    flash(_("The objective was deleted."))
    return redirect(url_for("planning.show", slug=plan.slug), 303)


@bp.route("/piani/<slug>/stato", methods=["GET", "POST"])
@access("plan.edit", loads=queries.by_slug)
def state(plan: Plan) -> Any:
    form = StateForm(PASSAGES[plan.state], edition=plan.edition)
    if form.accepted():
        try:
            services.take_to(plan, form.chosen, me(), edition=form.edition.data, act=form.act.data or "",
                             organ=form.body.data or "", dated=form.dated.data)
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
    consultation = form.begun(partial(services.begin_consultation, plan, actor=me()))
    if consultation is None:
        return render_template("planning/consultation_form.html", plan=plan, form=form)
    flash(_("The consultation was prepared: every paragraph can be commented while it is open."))
    return redirect(url_for("planning.consultation", id=consultation.id), 303)


def block_faults(refusal: blocks.UnreadableBlocksError) -> list[str]:
    """Why the plan cannot be published yet, a sentence for each line that stands for nothing."""
    return [_("In “%(section)s”, %(line)s stands for nothing. %(why)s", section=where, line=fault.typed,
              why=fault.sentence) for where, fault in refusal.faults]


def still_writing() -> bool:
    """Whether somebody asked for the page again with what they typed, and not yet to save it."""
    act = request.form.get("act", "")
    return act in {"preview", "insert", "resume"} or act.startswith(TAKE)


def _section_page(plan: Plan, section: Section | None, form: SectionForm, differing: Sequence[Conflict] = ()) -> str:
    """The page on which a section is written, with a line put in or a preview where that was asked for."""
    chosen = request.form.get("block", "")
    if request.form.get("act") == "insert" and richtext.embeds(chosen):
        form.body.data = f"{form.body.data or ''}\n\n{chosen}".strip()[:LONGEST_SECTION]
    text = form.body.data or ""
    preview = richtext.staff_blocks(text) if request.form.get("act") == "preview" else []
    return render_template(
        "planning/section.html", plan=plan, section=section, form=form, preview=preview, offered=blocks.offered(plan),
        stand_for=blocks.shown(plan, blocks.lines(text)) if preview else {},
        astray=blocks.astray(text) if preview else [], differing=differing)


def _saved_section(plan: Plan, section: Section) -> Any:
    tell_faults(plan, section.body)
    return redirect(part_url(plan, section), 303)


def tell_faults(plan: Plan, text: str) -> None:
    """Say to whoever saved a text that some of its lines stand for nothing yet."""
    if blocks.faults_in(text, blocks.shown(plan, blocks.lines(text))):
        flash(_("Some lines in double braces stand for nothing yet: until they are put right, the plan cannot leave "
                "the desk."), "error")


def upwards() -> bool:
    """Whether something is to be moved up."""
    return request.form.get("verso") == "su"


def objective_url(plan: Plan, objective: Objective) -> str:
    """Where an objective is read."""
    return url_for("planning.show", slug=plan.slug, _anchor=f"o-{objective.id}")


def moved(plan: Plan, part: Section | Objective | Action, *, done: bool) -> Any:
    """The page on which something now stands, or stayed where it was."""
    flash(_("The order was changed.") if done else _("There is no place to move it to."))
    where = part_url(plan, part) if isinstance(part, Section) else objective_url(
        plan, part.objective if isinstance(part, Action) else part)
    return redirect(where, 303)


def kept(sentence: str, back: str) -> Any:
    """Something cannot be deleted: nothing was changed, and the page says why."""
    flash(sentence, "error")
    return redirect(back, 303)
