"""The table of contents of those who write the plan, and each part with what they say of it. Never public."""

from collections import Counter
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.accounts.words import ROLES
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.drafting.contents import OfPlan
from consult.planning import queries as planning
from consult.planning.models import Plan, Section
from consult.planning.views import plan_called
from consult.reviewing import parts, queries, services, words
from consult.reviewing.forms import AnswerForm, NoteForm
from consult.reviewing.models import WHOLE, PlanNote, ReviewState
from consult.reviewing.parts import Part

bp = Blueprint("reviewing", __name__)

SHOWN = {"in-scrittura": ReviewState.WRITING, "da-leggere": ReviewState.TO_READ, "concordati": ReviewState.AGREED}
"""What of the table of contents an address asks for, beside all of it and what waits for whoever looks."""
MINE = "attesa"


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals.update(
        review_words=words, charged_as={role.value: said for role, said in ROLES.items()})


@bp.route("/piani/<slug>/lavoro")
@access("plan.notes", loads=planning.by_slug)
def contents(plan: Plan) -> Any:
    every = queries.contents(plan, me(), services.roles_of(me(), plan))
    asked = argument("mostra", 20)
    shown = [row for row in every if row.waits] if asked == MINE else [
        row for row in every if asked not in SHOWN or row.standing.state is SHOWN[asked]]
    return render_template(
        "reviewing/contents.html", plan=plan, rows=shown, asked=asked, mine=MINE, shown=SHOWN, total=len(every),
        waiting=sum(row.waits for row in every), counts=Counter(row.standing.state for row in every),
        agreed=ReviewState.AGREED)


@bp.route("/piani/<slug>/lavoro/<ref>")
@access("plan.notes", loads=plan_called)
def part(plan: Plan, ref: str) -> Any:
    part = parts.called(plan, ref) or abort(404)
    asked = argument("rispondi", 9)
    note = queries.note_of(plan, int(asked)) if asked.isascii() and asked.isdecimal() else None
    if note is not None and note.part == ref:
        return _page(plan, part, AnswerForm(), note)
    return _page(plan, part, NoteForm(part, argument("paragrafo", 12)))


@bp.route("/piani/<slug>/lavoro/<ref>", methods=["POST"])
@access("plan.review", loads=plan_called)
def write(plan: Plan, ref: str) -> Any:
    part = parts.called(plan, ref) or abort(404)
    form = NoteForm(part)
    if form.accepted():
        try:
            services.write(plan, part, me(), body=form.body.data, paragraph=form.chosen)
        except services.NoteError as fault:
            form.form_errors.append(fault.sentence)
        else:
            return _there(plan, ref, _("The note was left: the plan office and the steering group read it."))
    return _page(plan, part, form)


@bp.route("/piani/<slug>/note/<int:id>/rispondi", methods=["POST"])
@access("plan.review", loads=plan_called)
def answer(plan: Plan, id: int) -> Any:
    note = queries.note_of(plan, id) or abort(404)
    part, form = parts.called(plan, note.part) or abort(404), AnswerForm()
    if form.accepted():
        try:
            services.answer(plan, note, me(), body=form.body.data)
        except services.NoteError as fault:
            form.form_errors.append(fault.sentence)
        else:
            return _there(plan, note.part, _("Your answer was added."), note)
    return _page(plan, part, form, note)


@bp.route("/piani/<slug>/note/<int:id>/risolvi", methods=["POST"])
@access("plan.review", loads=plan_called)
def resolve(plan: Plan, id: int) -> Any:
    note = queries.note_of(plan, id) or abort(404)
    done = services.resolve(note, me())
    return _there(plan, note.part, _("The note is resolved.") if done else _("Somebody resolved this note before you."),
                  note)


@bp.route("/piani/<slug>/note/<int:id>/riapri", methods=["POST"])
@access("plan.review", loads=plan_called)
def reopen(plan: Plan, id: int) -> Any:
    note = queries.note_of(plan, id) or abort(404)
    services.reopen(note, me())
    return _there(plan, note.part, _("The note is open again."), note)


@bp.route("/piani/<slug>/lavoro/<ref>/stato", methods=["POST"])
@access("plan.review", loads=plan_called)
def review(plan: Plan, ref: str) -> Any:
    part = parts.called(plan, ref) or abort(404)
    asked, number = request.form.get("state", ""), request.form.get("paragraph", str(WHOLE))
    if asked not in {state.value for state in ReviewState} or not (number.isascii() and number.isdecimal()):
        abort(400)
    try:
        services.review(plan, part, me(), ReviewState(asked), seen=request.form.get("seen", ""),
                        paragraph=int(number[:9]))
    except StaleVersionError:
        flash(_("The text changed while you were reading it: read it again, then say how far it is."), "error")
        return _there(plan, ref)
    return _there(plan, ref, _("Now it stands at: %(state)s.", state=words.STATES[ReviewState(asked)][0]))


def _page(plan: Plan, part: Part, form: Any, answered: PlanNote | None = None) -> str:
    known = queries.reviews(plan, part.ref)
    return render_template(
        "reviewing/part.html", plan=plan, part=part, form=form, answered=answered,
        talks=queries.talks(plan, part.ref), standing=queries.standing(known.get((part.ref, WHOLE)), part.mark),
        pieces=queries.of_pieces(part, known), may=can(me(), "plan.review", plan))


def _there(plan: Plan, ref: str, sentence: str = "", note: PlanNote | None = None) -> Any:
    if sentence:
        flash(sentence)
    return redirect(url_for(".part", slug=plan.slug, ref=ref, _anchor=f"nota-{note.id}" if note else None), 303)


@pages.slot("plan.editions", position=30)
def _of_plan(plan: Plan) -> str:
    """On the page of the plan: the way to how far each part is, for those who write it."""
    return render_template("reviewing/of_plan.html", plan=plan) if can(me(), "plan.notes", plan) else ""


@pages.slot("plan.part", position=10)
def _of_part(thing: OfPlan) -> str:
    """On the page on which a part is written: how far it is, what becomes of that by writing, and its notes."""
    plan = thing.plan if isinstance(thing, Section) else planning.of_process(thing.process_id)
    if plan is None or request.method != "GET" or not can(me(), "plan.notes", plan):
        return ""
    part = parts.called(plan, parts.ref_of(thing))
    if part is None:
        return ""
    known = queries.reviews(plan, part.ref).get((part.ref, WHOLE))
    return render_template("reviewing/of_part.html", plan=plan, part=part, standing=queries.standing(known, part.mark),
                           open_notes=queries.open_notes(plan, part.ref))
