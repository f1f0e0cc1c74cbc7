"""Amendments: proposing, reading, supporting and answering them."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.amendments import policy, queries, services
from consult.amendments.forms import AcceptForm, AmendmentForm, DeclineForm
from consult.amendments.models import Amendment, Answer
from consult.comments.views import discussion
from consult.contributions.models import Contribution, State
from consult.core import asking, languages, pages
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.proposals import queries as proposals
from consult.proposals.models import Proposal
from consult.proposals.views import readable as readable_proposal
from consult.versions import queries as versions
from consult.versions.views import compared
from consult.voting import holding
from consult.voting import queries as supports
from consult.voting import services as voting
from consult.voting.views import refuse

bp = Blueprint("amendments", __name__)


def readable(id: int) -> Amendment | None:
    """An amendment, unknown to whoever may not read it."""
    amendment = queries.amendment(id)
    return amendment if amendment and can(me(), "amendment.read", amendment) else None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdecimal() and len(value) < 9 else None


@bp.route("/proposte/<int:id>/emenda", methods=["GET", "POST"])
@access("amendment.propose", loads=readable_proposal)
def propose(proposal):
    base = _number(request.form.get("base")) or proposal.version
    before = versions.text_of(proposal, base)
    if before is None:
        raise StaleVersionError(base)
    parts = services.paragraphs(before[1])
    asked = _number(request.form.get("paragraph") if request.method == "POST" else argument("paragrafo", 9))
    part = asked if asked is not None and asked < len(parts) and len(parts) > 1 else None
    form = AmendmentForm(data={"base": base, "paragraph": "" if part is None else part, "title": before[0],
                               "body": before[1] if part is None else parts[part]})
    form.offer(me(), before, part)
    preview = None
    if form.accepted():
        if request.form.get("act") != "preview":
            return _proposed(services.propose(proposal, me(), form.text, base=base, reason=form.reason.data,
                                              organisation=form.chosen, language=languages.current()))
        preview = compared(before, form.text, typed=False)
    return render_template("amendments/propose.html", proposal=proposal, form=form, parts=parts, part=part,
                           preview=preview)


def _proposed(amendment: Amendment) -> Any:
    flash(_("Your amendment is public: the authors will answer it.") if amendment.public else
          _("Your amendment was received. It will be public once a moderator has read it; until then only you see it."))
    return redirect(url_for(".show", id=amendment.id), 303)


@bp.route("/proposte/<int:id>/emendamenti")
@access("proposal.read", loads=proposals.proposal)
def index(proposal):
    page = queries.listed(proposal, argument("dopo", 400)) if proposal.public else None
    return render_template("amendments/index.html", proposal=proposal, page=page, Answer=Answer)


@bp.route("/emendamenti/<int:id>")
@access("amendment.read", loads=queries.amendment)
def show(amendment):
    proposal = amendment.proposal
    base = versions.text_of(proposal, amendment.base_version)
    every = versions.of(proposal)
    given = me().is_authenticated and supports.supports(amendment, me())
    return render_template(
        "amendments/show.html", amendment=amendment, proposal=proposal, Answer=Answer, every=every, given=given,
        compared=compared(base, (amendment.title, amendment.body), typed=argument("vista", 9) == "sorgente")
        if base else None, typed=argument("vista", 9) == "sorgente",
        made_on=versions.standing_at(every, amendment.base_version),
        applied=versions.standing_at(every, amendment.applied_version) if amendment.applied_version else None,
        may_support=can(me(), "amendment.unsupport" if given else "amendment.support", amendment),
        discussion=discussion(amendment.thread) if amendment.public else None)


@bp.route("/emendamenti/<int:id>/accetta", methods=["GET", "POST"])
@access("amendment.accept", loads=readable)
def accept(amendment):
    proposal, text = amendment.proposal, services.rebased(amendment)
    form = AcceptForm(data={"version": proposal.version, "title": proposal.title, "body": proposal.body})
    by_hand = text is None or "body" in request.form
    if not by_hand:
        form.only_reason()
    if form.accepted():
        try:
            services.accept(amendment, me(), reason=form.reason.data, by_hand=form.by_hand, seen=form.seen)
        except services.OverlapError:
            return redirect(url_for(".accept", id=amendment.id), 303)
        except services.AnsweredError:
            raise
        except StaleVersionError:
            texts = [(_("Title"), proposal.title, form.title.data if form.by_hand else amendment.title),
                     (_("Text"), proposal.body, form.body.data if form.by_hand else amendment.body)]
            return render_template("errors/stale.html", fields=texts, again=url_for(".accept", id=amendment.id)), 409
        flash(_("The amendment was accepted: the proposal has a new version.") if proposal.public else
              _("The amendment was accepted. The new version will be public once a moderator has read it."))
        return redirect(proposal.thread.path, 303)
    return render_template(
        "amendments/accept.html", amendment=amendment, proposal=proposal, form=form, by_hand=by_hand,
        compared=compared((proposal.title, proposal.body), text, typed=False) if text and not by_hand else None)


@bp.route("/emendamenti/<int:id>/respingi", methods=["GET", "POST"])
@access("amendment.decline", loads=readable)
def decline(amendment):
    form = DeclineForm()
    if form.accepted():
        services.decline(amendment, me(), reason=form.reason.data)
        flash(_("The amendment was declined: everybody reads why."))
        return redirect(url_for(".show", id=amendment.id), 303)
    return render_template("amendments/decline.html", amendment=amendment, proposal=amendment.proposal, form=form)


@bp.route("/emendamenti/<int:id>/ritira", methods=["POST"])
@access("amendment.withdraw", loads=readable)
def withdraw(amendment):
    services.withdraw(amendment, me())
    flash(_("Your amendment was withdrawn: nobody sees it any more."))
    return redirect(amendment.proposal.thread.path, 303)


@bp.route("/emendamenti/<int:id>/sostegno", methods=["POST"])
@access("amendment.support", loads=readable)
def support(amendment):
    try:
        voting.support(amendment, me())
    except holding.RefusedError as refusal:
        refuse("amendment.support", refusal)
    flash(_("Your support was counted."))
    return redirect(url_for(".show", id=amendment.id, _anchor="sostegno"), 303)


@bp.route("/emendamenti/<int:id>/sostegno/ritira", methods=["POST"])
@access("amendment.unsupport", loads=readable)
def withdraw_support(amendment):
    try:
        voting.withdraw_support(amendment, me())
    except holding.RefusedError as refusal:
        refuse("amendment.unsupport", refusal)
    flash(_("Your support was taken back."))
    return redirect(url_for(".show", id=amendment.id, _anchor="sostegno"), 303)


@asking.question("contribution", "amendments")
def _is_amended(contribution: Contribution, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Amendment.proposal_id == contribution.id)


@pages.slot("proposal.below", position=10)
def of_proposal(proposal: Proposal) -> str:
    """Under a proposal: the amendments that wait for an answer, and the way to one's own."""
    if not proposal.public or not policy.amendments_taken(me(), proposal):
        return ""
    known = queries.on_the_page(proposal, me()) if asking.answer("contribution", "amendments", proposal) else []
    waiting = [one for one in known if one.state is State.PUBLISHED and one.answer is None]
    return render_template(
        "amendments/of_proposal.html", proposal=proposal, waiting=waiting[:queries.FIRST],
        own=[one for one in known if one.state is not State.PUBLISHED],
        more=len(known) > queries.FIRST or any(one.answer for one in known),
        may=can(me(), "amendment.propose", proposal))


@pages.slot("contribution.text", position=30)
def change(contribution: Any) -> str:
    """For moderators: what an amendment changes."""
    if not isinstance(contribution, Amendment):
        return ""
    base = versions.text_of(contribution.proposal, contribution.base_version)
    after = contribution.title, contribution.body
    return render_template("amendments/change.html", amendment=contribution,
                           compared=compared(base or after, after, typed=False))
