"""The plan as everyone reads it, what it comes from, and the links between the two."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.comments.views import discussion
from consult.contributions import words as said_words
from consult.core import richtext
from consult.core.forms import argument
from consult.core.web import access, me, require
from consult.pact.models import Commitment
from consult.planning import blocks, candidates, ends, gaps, queries, rows, trace, tracing, words
from consult.planning.coverage import coverage
from consult.planning.forms import LinkForm
from consult.planning.models import Action, Paragraph, Plan, Section
from consult.planning.tracing import Source, Target
from consult.results import words as results_words
from consult.results.models import Verdict

bp = Blueprint("planning", __name__)

FIRST_SOURCES = 8
"""Sources shown under a part of the plan before a link to all of them."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals.update(plan_words=words, verdict_words=results_words)


@bp.app_template_global()
def part_url(plan: Plan, part: Target | trace.Place) -> str:
    """The page on which a part of the plan, or a commitment of the pact, is read."""
    if isinstance(part, Commitment):
        return part.path
    if isinstance(part, trace.Place) and part.commitment_id:
        return url_for("pact.commitment", slug=part.pact, code=part.code)
    paragraph_id = part.id if isinstance(part, Paragraph) else getattr(part, "paragraph_id", None)
    if isinstance(part, Paragraph) or paragraph_id:
        return url_for("planning.show", slug=plan.slug, _anchor=f"p-{paragraph_id}")
    section_id = part.id if isinstance(part, Section) else part.section_id if isinstance(part, trace.Place) else None
    if section_id is not None:
        return url_for("planning.show", slug=plan.slug, _anchor=f"s-{section_id}")
    return url_for("planning.action", slug=plan.slug, code=part.code)


def plan_called(slug: str, **_others: Any) -> Plan | None:
    """The plan named in an address, whatever else the address names."""
    return queries.by_slug(slug)


@bp.route("/piani/<slug>")
@access("plan.read", loads=queries.by_slug)
def show(plan):
    return render_template("planning/show.html", plan=plan, consultation=queries.consultation_of(plan),
                           whole=queries.whole(plan, sources_each=FIRST_SOURCES, sheets=False))


@bp.route("/piani/<slug>/azioni/<code>")
@access("plan.read", loads=plan_called)
def action(plan, code):
    action, promised = queries.action_called(plan, code) or abort(404)
    rows.fetch([action])
    found = trace.sources([], [action.id], each=trace.PAGE).get(("action", action.id), trace.Sources())
    carried = trace.places_of(actions=[action.id]).get(("action", action.id)) if promised else []
    need = richtext.staff_blocks(action.need) if action.need else []
    return render_template("planning/action.html", plan=plan, action=action, sources=found, need=need, carried=carried,
                           stand_for=blocks.shown(plan, blocks.lines(action.need)) if need else {})


@bp.route("/paragrafi/<int:id>")
@access("plan.read", loads=queries.paragraph)
def paragraph(paragraph):
    plan, embeds = paragraph.section.plan, richtext.embeds(paragraph.text)
    return render_template(
        "planning/paragraph.html", paragraph=paragraph, section=paragraph.section, plan=plan,
        stands_for=blocks.shown(plan, [paragraph.text])[paragraph.text.strip()] if embeds else None,
        neighbours=queries.neighbours(paragraph), sources=_sources_of(paragraph),
        discussion=discussion(paragraph.thread) if paragraph.thread else None)


def _sources_of(paragraph: Paragraph) -> list[trace.Sources]:
    """What a paragraph comes from: what names it, and what all of its section comes from."""
    found = trace.sources([paragraph.section_id], []).get(("section", paragraph.section_id), trace.Sources()).items
    each = ([one for one in found if one.paragraph_id == id] for id in (paragraph.id, None))
    return [trace.Sources(tuple(items), len(items)) for items in each]


@bp.route("/consultazioni/<int:id>")
@access("activity.read", loads=queries.consultation)
def consultation(consultation):
    require("plan.read", consultation.plan)
    return render_template("planning/consultation.html", consultation=consultation, plan=consultation.plan,
                           parts=queries.commentable(consultation.plan))


@bp.route("/piani/<slug>/filo", endpoint="trace")
@access("plan.read", loads=queries.by_slug)
def trace_page(plan):
    if argument("vista") == "piano":
        return render_template("planning/trace_plan.html", plan=plan,
                               whole=queries.whole(plan, sources_each=FIRST_SOURCES, sheets=False))
    if argument("vista") == "lacune":
        return _gaps(plan)
    place = _place(plan, argument("luogo", 12))
    wanted = _wanted(place)
    return render_template(
        "planning/trace.html", plan=plan, coverage=coverage(plan), wanted=wanted, place=place,
        paragraphs=gaps.paragraphs(plan), answers=gaps.answers(plan), many_words=said_words.MANY,
        theme=_theme(plan, wanted), page=trace.proposals(plan, wanted, after=argument("dopo", 400)), asked=_asked(),
        results=trace.results(plan) if wanted == trace.Wanted() and not argument("dopo") else [])


def _place(plan: Plan, ref: str) -> Section | Action | Commitment | None:
    """The part of the plan, or the public commitment, that the trace is narrowed to."""
    found = ends.end_called(plan, ref)
    if isinstance(found, Paragraph) or (isinstance(found, Commitment) and not found.public):
        return None
    return found


def _gaps(plan: Plan) -> str:
    """What is missing either way; what has no outcome by its kind, of which there may be several."""
    answers = gaps.answers(plan)
    asked = argument("tipo", 20)
    kind = asked if asked in answers else next((kind for kind, owed in answers.items() if owed.unanswered), "")
    return render_template("planning/gaps.html", plan=plan, gaps=gaps.gaps(plan), answers=answers, kind=kind,
                           page=gaps.unanswered(plan, kind, argument("dopo", 400)) if kind else None,
                           kind_words=said_words.KINDS, many_words=said_words.MANY)


def _theme(plan: Plan, wanted: trace.Wanted) -> str:
    """The theme to which the list is narrowed, in words."""
    if wanted.axis_id is None:
        return ""
    axis = queries.axis_of(plan, wanted.axis_id)
    return str(axis.title) if axis else _("No theme")


def _asked() -> dict[str, str]:
    """The filter of the trace as the address says it, for the address of the next page."""
    return {name: value for name in ("q", "esito", "filo", "luogo", "asse", "attivita")
            if (value := argument(name, 100))}


def _wanted(place: Section | Action | Commitment | None) -> trace.Wanted:
    """What the address asks of the trace; what it asks in no known words is not asked."""
    outcome = argument("esito", 20)
    return trace.Wanted(
        decided=Verdict(outcome) if outcome in {verdict.value for verdict in Verdict} else None,
        undecided=outcome == "nessuno", answered=outcome == "dato",
        traced={"si": True, "no": False}.get(argument("filo", 2)),
        text=argument("q", 100), section_id=place.id if isinstance(place, Section) else None,
        action_id=place.id if isinstance(place, Action) else None,
        commitment_id=place.id if isinstance(place, Commitment) else None, axis_id=_number("asse"),
        activity_id=_number("attivita"))


def _number(name: str) -> int | None:
    said = argument(name, 9)
    return int(said) if said.isascii() and said.isdigit() else None


@bp.route("/piani/<slug>/collega", methods=["GET", "POST"])
@access("trace.link", loads=queries.by_slug)
def link(plan):
    form = LinkForm(ends.all_parts(plan), source=argument("da", 12), target=argument("a", 12))
    source = ends.source_called(plan, form.source.data or "")
    if form.accepted():
        if source is None:
            form.source.errors = [_("This does not exist, or belongs to another percorso.")]
        elif (target := linked_to(plan, form, source)) is not None:
            flash(_("The link was made."))
            return redirect(part_url(plan, target), 303)
    found = candidates.candidates(plan, argument("q", 100)) if source is None else []
    return render_template("planning/link.html", plan=plan, form=form, found=found, text=argument("q", 100),
                           chosen=candidates.candidate(source) if source is not None else None)


def linked_to(plan: Plan, form: LinkForm, source: Source) -> Target | None:
    """The part of the plan that was linked, or None with the reason why it could not be."""
    target = ends.end_called(plan, form.target.data)
    if target is None:
        form.target.errors = [_("This part of the plan is no longer there: choose another.")]
        return None
    try:
        tracing.link(plan, me(), source=source, target=target, relation=form.chosen_relation, reason=form.reason.data)
    except tracing.LinkError as fault:
        form.form_errors.append(fault.sentence)
        return None
    return target


@bp.route("/piani/<slug>/collegamenti/<int:id>/togli", methods=["POST"])
@access("trace.link", loads=plan_called)
def unlink(plan, id):
    made = ends.link_of(plan, id) or abort(404)
    tracing.unlink(made, me())
    flash(_("The link was removed."))
    if request.form.get("torna") == "tavolo":
        return redirect(url_for("plan_linking.desk", slug=plan.slug), 303)
    return redirect(part_url(plan, ends.end_of(made)), 303)
