"""The page on which a review is asked for, and the desk on which it is answered."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.appeals import queries, services
from consult.appeals.appealed import Appealed
from consult.appeals.deciding import reversing
from consult.appeals.forms import AskForm, ReviewForm
from consult.appeals.queries import Appealable
from consult.contributions.models import Contribution
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.moderation import claims, words
from consult.moderation.models import Act
from consult.moderation.views import carried_out
from consult.statements import words as said
from consult.statements.queries import Statement

bp = Blueprint("appeals", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "said": said, "Act": Act, "due": queries.due}


@bp.route("/decisioni/<int:id>/riesame", methods=["GET", "POST"])
@access("appeal.read", loads=queries.appealable)
def ask(thing):
    if request.method == "POST":
        require("appeal.ask", thing)
    form = AskForm()
    if form.accepted():
        try:
            services.ask(thing, me(), words=form.words.data)
        except StaleVersionError:
            flash(_("A review of this decision was asked for already."), "warning")
        else:
            flash(_("Your request was received. Somebody else looks at the decision and answers within seven days."))
        return redirect(url_for(".ask", id=thing.decision.id), 303)
    return render_template("appeals/ask.html", thing=thing, decision=thing.decision, matter=thing.matter,
                           appeal=thing.appeal, form=form, may=can(me(), "appeal.ask", thing),
                           mine=thing.objected_to_by(me()))


@bp.route("/moderazione/riesami")
@access("review.queue")
def queue():
    return render_template("appeals/queue.html", rows=queries.before(me()))


@bp.route("/moderazione/riesami/<int:id>", methods=["GET", "POST"])
@access("review.read", loads=queries.review)
def review(review):
    if request.method == "POST":
        require("review.decide", review)
    form = ReviewForm(review)
    answer = carried_out(review, form.order, form.seen, form, then=url_for(".queue")) if form.accepted() else None
    return answer or _page(review, form)


def _page(review: Appealed, form: ReviewForm) -> str:
    first = review.thing.decision
    return render_template(
        "appeals/review.html", review=review, appeal=review.thing, about=review.about, decision=first, form=form,
        verdict=can(me(), "review.decide", review), claim=claims.held(review.subject),
        reversing=reversing(first, review.about),
        text=review.about.thing if isinstance(review.about.thing, Contribution) else None)


@pages.slot("statement.review")
def _way_to_ask(statement: Statement) -> str:
    """On the page of a decision: how to have it looked at again, or what came of it."""
    thing = Appealable(statement.decision, statement.matter, queries.appeal_of(statement.decision.id))
    return render_template("appeals/way.html", thing=thing, appeal=thing.appeal, words=words, due=queries.due,
                           mine=thing.objected_to_by(me()), may=can(me(), "appeal.ask", thing))


@pages.slot("office.card", position=11)
def _card(person: Any) -> str:
    """For the guarantee committee, who have no other queue."""
    if not can(person, "review.queue") or can(person, "moderation.queue"):
        return ""
    return render_template("appeals/card.html", rows=queries.before(person))
