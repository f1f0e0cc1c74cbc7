"""The queue, the page on which one text is decided, the log; and what readers see of decisions."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import format_timedelta

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, State
from consult.contributions.words import FLAG_REASONS
from consult.core import clock, pages
from consult.core.db import StaleVersionError
from consult.core.disclosure import MINIMUM
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.moderation import queries, services, words
from consult.moderation.forms import DecisionForm
from consult.moderation.models import Act, Reason

bp = Blueprint("moderation", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "FLAG_REASONS": FLAG_REASONS, "Act": Act}


@bp.route("/moderazione")
@access("moderation.queue")
def queue():
    kind = argument("tipo", 16)
    waiting = queries.waiting_by_kind(me())
    page = queries.queue(me(), kind=kind if kind in waiting else "", after=argument("dopo", 400))
    return render_template("moderation/queue.html", page=page, waiting=waiting, kind=kind,
                           ages={row.contribution.id: _age(row) for row in page.items})


def _age(row: queries.Waiting) -> str:
    return str(format_timedelta(clock.now() - row.since, granularity="minute"))


@bp.route("/moderazione/<int:id>", methods=["GET", "POST"])
@access("moderation.read", loads=contributions.with_id)
def item(contribution):
    if request.method == "POST":
        require("moderation.decide", contribution)
    form = DecisionForm(contribution)
    if not form.accepted():
        return _item(contribution, form)
    try:
        decision = services.decide(contribution, me(), act=form.act, reason=form.ground, note=form.note.data or "",
                                   seen=form.seen)
    except StaleVersionError:
        return _overtaken(contribution, form)
    flash(str(words.TOLD[decision.act]))
    return redirect(url_for(".queue"), 303)


def _item(contribution: Contribution, form: DecisionForm) -> str:
    parent = contributions.with_id(contribution.about_id) if contribution.about_id else None
    return render_template(
        "moderation/item.html", contribution=contribution, form=form, parent=parent,
        verdict=can(me(), "moderation.decide", contribution), acts=services.acts(contribution),
        flags=queries.flags_of(contribution), decisions=queries.decisions_on(contribution),
        address=contributions.address(contribution))


def _overtaken(contribution: Contribution, form: DecisionForm) -> tuple[str, int]:
    """Somebody decided, or the author changed the text, after the page was opened."""
    return render_template("moderation/overtaken.html", contribution=contribution, form=form,
                           decisions=queries.decisions_on(contribution)), 409


@bp.route("/moderazione/registro")
@access("moderation.queue")
def log():
    act, reason = argument("decisione", 24), argument("motivo", 24)
    page = queries.log(
        me(), act=Act(act) if act in {a.value for a in Act} else None,
        reason=Reason(reason) if reason in {r.value for r in Reason} else None, after=argument("dopo", 400))
    return render_template("moderation/log.html", page=page, act=act, reason=reason)


@pages.before_list("comment")
def _fetch_reasons(comments: Any) -> None:
    """The reasons of all that is hidden in a thread, in one query."""
    hidden = [comment.id for comment in comments if comment.state is State.HIDDEN]
    g.hiding_reasons = queries.hiding_reasons(hidden) if hidden else {}


@pages.slot("comment.tombstone")
def _tombstone(comment: Contribution) -> str:
    known = g.hiding_reasons if "hiding_reasons" in g else queries.hiding_reasons([comment.id])
    reason = known.get(comment.id)
    return render_template("moderation/tombstone.html", rule=words.RULES[reason]) if reason else ""


@pages.slot("proposal.aside", position=10)
def _beside_proposal(proposal: Contribution) -> str:
    """For the author, why it is hidden; for moderators, the way to decide."""
    if not me().is_authenticated:
        return ""
    moderates = can(me(), "moderation.read", proposal)
    decision = queries.hiding(proposal) if proposal.state is State.HIDDEN else None
    return render_template("moderation/beside.html", contribution=proposal, decision=decision, moderates=moderates,
                           rule=words.RULES[decision.reason] if decision and decision.reason else None)


@pages.slot("comment.foot")
def _way_to_moderate(comment: Contribution) -> str:
    if not me().is_authenticated or not can(me(), "moderation.read", comment):
        return ""
    return render_template("moderation/link.html", contribution=comment)


@pages.slot("page.rules")
def _rules(_authority: object) -> str:
    figures = queries.figures()
    hidden = {reason: figures.get((Act.HIDE, reason.value), 0) for reason, _rule in words.numbered()}
    shown = {reason: number for reason, number in hidden.items() if number >= MINIMUM}
    return render_template(
        "moderation/rules.html", rules=words.numbered(), hidden=shown, rest=sum(hidden.values()) - sum(shown.values()),
        total=sum(hidden.values()), approved=figures.get((Act.APPROVE, ""), 0), kept=figures.get((Act.KEEP, ""), 0),
        restored=figures.get((Act.RESTORE, ""), 0))


@pages.slot("office.card", position=10)
def _card(person: Any) -> str:
    """On the dashboard of the staff: how much awaits a decision."""
    if not can(person, "moderation.queue"):
        return ""
    return render_template("moderation/card.html", waiting=queries.waiting_by_kind(person), words=words)
