"""The plan as everyone reads it, what it comes from, and the links between the two."""

from typing import Any, cast

import sqlalchemy as sa
from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.comments.views import discussion
from consult.contributions import life
from consult.contributions import words as said_words
from consult.contributions.life import Moment
from consult.contributions.models import Contribution
from consult.core import asking, clock, pages, richtext
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.planning import blocks, candidates, gaps, queries, rows, trace, tracing, words
from consult.planning.coverage import coverage
from consult.planning.forms import LinkForm
from consult.planning.models import Action, Paragraph, Plan, Section, TraceLink
from consult.planning.tracing import Source, Target
from consult.proposals.models import Proposal
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
    """The page on which a part of the plan is read."""
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
    action = queries.action_called(plan, code) or abort(404)
    rows.fetch([action])
    found = trace.sources([], [action.id], each=trace.PAGE).get(("action", action.id), trace.Sources())
    need = richtext.staff_blocks(action.need) if action.need else []
    return render_template("planning/action.html", plan=plan, action=action, sources=found, need=need,
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
    place = queries.target_called(plan, argument("luogo", 12))
    wanted = _wanted(place)
    return render_template(
        "planning/trace.html", plan=plan, coverage=coverage(plan), wanted=wanted, place=place,
        paragraphs=gaps.paragraphs(plan), answers=gaps.answers(plan), many_words=said_words.MANY,
        theme=_theme(plan, wanted), page=trace.proposals(plan, wanted, after=argument("dopo", 400)), asked=_asked(),
        results=trace.results(plan) if wanted == trace.Wanted() and not argument("dopo") else [])


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


def _wanted(place: Target | None) -> trace.Wanted:
    """What the address asks of the trace; what it asks in no known words is not asked."""
    outcome = argument("esito", 20)
    return trace.Wanted(
        decided=Verdict(outcome) if outcome in {verdict.value for verdict in Verdict} else None,
        undecided=outcome == "nessuno", answered=outcome == "dato",
        traced={"si": True, "no": False}.get(argument("filo", 2)),
        text=argument("q", 100), section_id=place.id if isinstance(place, Section) else None,
        action_id=place.id if isinstance(place, Action) else None, axis_id=_number("asse"),
        activity_id=_number("attivita"))


def _number(name: str) -> int | None:
    said = argument(name, 9)
    return int(said) if said.isascii() and said.isdigit() else None


@bp.route("/piani/<slug>/collega", methods=["GET", "POST"])
@access("trace.link", loads=queries.by_slug)
def link(plan):
    form = LinkForm(queries.parts(plan), source=argument("da", 12), target=argument("a", 12))
    source = queries.source_called(plan, form.source.data or "")
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
    target = queries.end_called(plan, form.target.data)
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
    made = queries.link_of(plan, id) or abort(404)
    tracing.unlink(made, me())
    flash(_("The link was removed."))
    if request.form.get("torna") == "tavolo":
        return redirect(url_for("plan_linking.desk", slug=plan.slug), 303)
    return redirect(part_url(plan, made.section or cast(Action, made.action)), 303)


@asking.question("contribution", "trace")
def _has_trace(contribution: Contribution, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(TraceLink.contribution_id == contribution.id)


def _places(proposal: Contribution) -> list[trace.Place]:
    """Where the proposal whose page this is went, asked once."""
    asked: dict[int, list[trace.Place]] = g.setdefault("places_shown", {})
    if proposal.id not in asked:
        there = asking.answer("contribution", "trace", proposal)
        found = trace.places_of(contributions=[proposal.id]) if there else {}
        asked[proposal.id] = found.get(("contribution", proposal.id), [])
    return asked[proposal.id]


def _plan_of(proposal: Contribution) -> Plan | None:
    """The plan of the percorso of the proposal whose page this is, asked once."""
    asked: dict[int, Plan | None] = g.setdefault("plans_of_processes", {})
    if proposal.process_id not in asked:
        asked[proposal.process_id] = queries.of_process(proposal.process_id)
    return asked[proposal.process_id]


@life.told_by
def linked(contribution: Contribution) -> list[Moment]:
    """In the story of a proposal: the parts of the plan it went into."""
    places = _places(contribution)
    plan = _plan_of(contribution) if places else None
    if plan is None or not can(me(), "plan.read", plan):
        return []
    return [Moment(day=clock.local(place.linked_at).date(), at=place.linked_at,
                   what=_("Linked to the plan: %(where)s", where=f"{place.code} {place.title}"),
                   by=_("Plan office"), said=str(words.RELATIONS[place.relation]), path="#in-plan-title")
            for place in places]


@pages.slot("proposal.below", position=30)
def where_it_went(proposal: Proposal) -> str:
    """On the page of a proposal: the parts of the plan it went into, and for the plan office the way to add one."""
    office = can(me(), "trace.link", proposal)
    places = _places(proposal)
    if not (places or office):
        return ""
    plan = _plan_of(proposal)
    if plan is None or not can(me(), "plan.read", plan):
        return ""
    return render_template("planning/of_proposal.html", plan=plan, proposal=proposal, places=places, office=office)
