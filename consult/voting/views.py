"""Supports and ballots."""

import json

import sqlalchemy as sa
from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.comments.views import discussion
from consult.contributions import subjects
from consult.contributions.models import State
from consult.core import asking, disclosure, languages, pages
from consult.core.charts import Column, Row, Table
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.policy import Verdict, can
from consult.core.web import RefusedError, access, limiter, me, require
from consult.ledger import receipts
from consult.methods import conditions
from consult.methods.interface import Form
from consult.methods.registry import METHODS
from consult.processes import audience
from consult.processes import queries as processes
from consult.proposals.models import Proposal
from consult.voting import caveats, divided, filling, holding, papers, queries, services, speaking, voters, words
from consult.voting.forms import PaperForm
from consult.voting.models import Ballot

bp = Blueprint("voting", __name__)


def _who() -> str:
    return str(me().get_id())


often = limiter.limit("60 per minute", key_func=_who, methods=["POST"])


def public_proposal(id: int) -> Proposal | None:
    """A proposal that everyone can read."""
    proposal = queries.to_be_supported(id)
    return proposal if proposal is not None and proposal.state is State.PUBLISHED else None


def public_ballot(id: int) -> Ballot | None:
    """A ballot, unknown to whoever may not read it, whatever is asked of it."""
    ballot = queries.ballot(id)
    if ballot is not None:
        require("ballot.read", ballot)
    return ballot


@bp.route("/proposte/<int:id>/sostegno", methods=["POST"])
@access("support.give", loads=public_proposal)
@often
def support(proposal):
    try:
        services.support(proposal, me(), seen=seen_version())
    except holding.RefusedError as refusal:
        refuse("support.give", refusal)
    flash(_("Your support was counted."))
    return _back_to(proposal)


@bp.route("/proposte/<int:id>/sostegno/ritira", methods=["POST"])
@access("support.withdraw", loads=public_proposal)
@often
def withdraw_support(proposal):
    try:
        services.withdraw_support(proposal, me())
    except holding.RefusedError as refusal:
        refuse("support.withdraw", refusal)
    flash(_("Your support was taken back."))
    return _back_to(proposal)


def seen_version() -> int | None:
    """The version of the text that was on the page, as its button sends it."""
    sent = request.form.get("version", "")
    return int(sent) if sent.isascii() and sent.isdecimal() and len(sent) < 9 else None


def _back_to(proposal):
    return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug, _anchor="sostegno"), 303)


def refuse(action, refusal):
    """Answer that this cannot be done any more, with the reason; nothing of it is kept."""
    db.session.rollback()
    raise RefusedError(action, Verdict(False, refusal.reason))


@asking.question("contribution", "supported version")
def _supported_version(contribution, person):
    return queries.supported_version(contribution, person) if person.is_authenticated else sa.null()


@pages.slot("proposal.aside", position=20)
def supports(proposal):
    if not proposal.public or not (proposal.activity.supports_open or proposal.support_count):
        return ""
    given = asking.answer("contribution", "supported version", proposal) is not None
    may = can(me(), "support.withdraw" if given else "support.give", proposal)
    room = queries.support_room(proposal.activity, me()) if me().is_authenticated else None
    found = divided.divided(proposal) if proposal.support_count else None
    return render_template("voting/support.html", proposal=proposal, given=given, may=may, room=room,
                           places=_places(found.places) if found else None,
                           categories=_categories(found.categories) if found else None)


def _places(places):
    """Where supports come from as a table, small figures kept back; nothing where all of them would be."""
    shown = disclosure.protect([[place.count for place in places]], column_totals=False)[0]
    if all(count is None or place.name is None for place, count in zip(places, shown, strict=True)):
        return None
    labels = [Localized.of(place.name) if place.name else _said(_("Elsewhere or not stated")) for place in places]
    return _table("supports", _("Supports by municipality"), _("Municipality"), labels, shown)


def _categories(found):
    """For which organisations people spoke who gave supports, likewise; all of these together where each is too few.
    """
    *spoke, alone = [one.count for one in found]
    labels = [one.category or _said(_("No organisation")) for one in found]
    told = speaking.told(spoke, alone)
    if not told.anything:
        return None
    shown = [*told.spoke, told.alone]
    if told.together is not None:
        labels, shown = [_said(_("An organisation")), labels[-1]], [told.together, told.alone]
    return _table("supports-categories", _("Supports by category of organisation"), _("In whose name"), labels, shown)


def _table(code, caption, heading, labels, shown):
    return Table(code=code, caption=_said(caption), chart=True, heading=_said(heading),
                 columns=(Column(label=_said(_("Supports"))),),
                 rows=tuple(Row(label=label, values=(count,)) for label, count in zip(labels, shown, strict=True)))


def _said(sentence):
    return Localized({languages.current(): sentence})


@bp.route("/votazioni/<int:id>")
@access("ballot.read", loads=queries.ballot)
def show(ballot):
    thread, organisation = queries.thread(ballot), _organisation(ballot)
    pages.prepare("ballot_option", ballot.options)
    return render_template(
        "voting/show.html", ballot=ballot, rules=services.rules(ballot), method=METHODS[ballot.method], words=words,
        options=_options(ballot, organisation), organisation=organisation, may=can(me(), "ballot.cast", ballot),
        voted=_voted(ballot, organisation), voters=queries.electorate_names(ballot),
        own=voters.organisations(ballot, me()) if organisation else [], caveats=caveats.published(ballot),
        conditions=conditions.told(ballot.conditions, _municipalities(ballot)) if ballot.conditions else [],
        discussion=discussion(thread) if thread else None)


@subjects.commentable("opzione", action="ballot.read")
def _option(id):
    """Each option of a ballot can be discussed."""
    option = queries.option(id)
    return subjects.Subject(thing=option.ballot, activity=option.ballot, label=option.title,
                            path=f"/discussioni/opzione/{option.id}") if option else None


def _municipalities(ballot):
    return len(queries.electorate_names(ballot)) or len(processes.municipalities(ballot.phase.process))


def _voted(ballot, organisation):
    return audience.somebody(me(), ballot) and queries.has_voted(ballot, me(), organisation)


def _options(ballot, organisation):
    """The options in the order of whoever asks; who is nobody here finds that of all."""
    known = ballot.shuffled and audience.somebody(me(), ballot)
    return papers.options(ballot, queries.tag_of(ballot, me(), organisation) if known else "")


def _organisation(ballot):
    """The organisation for which somebody votes: the one that the address names, or else the first they may."""
    own = voters.organisations(ballot, me()) if ballot.by_organisation and me().is_authenticated else []
    return next((one for one in own if str(one.id) == request.values.get("per")), next(iter(own), None))


def ballot_to_vote_in(id: int) -> Ballot | None:
    """The same; where the button that casts a paper was pressed, without the words that no page will show."""
    if request.form.get("step") != "cast":
        return public_ballot(id)
    ballot = queries.to_vote_in(id)
    if ballot is not None:
        require("ballot.read", ballot)
    return ballot


@bp.route("/votazioni/<int:id>/vota", methods=["GET", "POST"])
@access("ballot.cast", loads=ballot_to_vote_in)
@often
def cast(ballot):
    rules, organisation = services.rules(ballot), _organisation(ballot)
    filled = filling.sent(rules, request.form) if request.method == "POST" else filling.kept(
        ballot, rules, me(), organisation)
    if request.form.get("step") == "cast" and not request.form.get("move") and filled.fault is None:
        return _cast(ballot, organisation, filled)  # a form is made where one is shown: its token was looked at before
    form = PaperForm()
    accepted = form.accepted()
    ballot = queries.ballot(ballot.id) if form.step.data == "cast" else ballot
    options = _options(ballot, organisation)
    if not accepted:
        return _paper(ballot, form, rules, options, organisation, filled)
    if form.move.data:
        filled = filled.moved(rules, [option.code for option in options], form.move.data)
        return _paper(ballot, form, rules, options, organisation, filled, moved=form.move.data)
    if filled.fault is not None or form.step.data == "back":
        return _paper(ballot, form, rules, options, organisation, filled,
                      fault=filled.fault if form.step.data != "back" else None)
    return render_template("voting/review.html", ballot=ballot, form=form, rules=rules, method=METHODS[rules.method],
                           options=options, filled=filled, organisation=organisation, words=words)


def _paper(ballot, form, rules, options, organisation, filled, *, fault=None, moved=""):
    if METHODS[rules.method].form is Form.RANKS:
        options = papers.ranked(options, filled.typed)
    return render_template("voting/cast.html", ballot=ballot, form=form, rules=rules, method=METHODS[rules.method],
                           options=options, filled=filled, fault=fault, moved=moved, words=words,
                           organisation=organisation, own=voters.organisations(ballot, me()),
                           voted=_voted(ballot, organisation))


def _cast(ballot, organisation, filled):
    try:
        services.cast(ballot, me(), filled.marks, channel=audience.channel_of(me()), organisation=organisation,
                      caveats=filled.caveats)
    except holding.RefusedError as refusal:
        refuse("ballot.cast", refusal)
    flash(_("Your vote is in the box. You can change it until the ballot closes."))
    return redirect(url_for(".receipt", id=ballot.id, per=organisation.id if organisation else None), 303)


@bp.route("/votazioni/<int:id>/ricevuta")
@access("ballot.receipt", loads=public_ballot)
def receipt(ballot):
    organisation, rules = _organisation(ballot), services.rules(ballot)
    paper = queries.paper_of(ballot, me(), organisation)
    return render_template("voting/receipt.html", ballot=ballot, paper=paper, rules=rules, words=words,
                           standing=receipts.standing(ballot.id, paper.entry_hash) if paper else None,
                           method=METHODS[rules.method], options=_options(ballot, organisation),
                           filled=filling.kept(ballot, rules, me(), organisation), organisation=organisation,
                           may=can(me(), "ballot.cast", ballot))


@bp.route("/votazioni/<int:id>/ricevuta.json")
@access("ballot.receipt", loads=public_ballot)
def receipt_file(ballot):
    paper = queries.paper_of(ballot, me(), _organisation(ballot))
    if paper is None:
        abort(404)
    return Response(json.dumps(receipts.receipt(ballot.id, paper.entry_hash), ensure_ascii=False),
                    mimetype="application/json", headers={
                        "Content-Disposition": 'attachment; filename="ricevuta.json"', "Cache-Control": "no-store"})


@bp.route("/votazioni/<int:id>/ritira", methods=["POST"])
@access("ballot.withdraw", loads=public_ballot)
@often
def withdraw(ballot):
    organisation = _organisation(ballot)
    try:
        gone = services.withdraw(ballot, me(), organisation)
    except holding.RefusedError as refusal:
        refuse("ballot.withdraw", refusal)
    flash(_("Your vote was taken out of the box and is not counted.") if gone else
          _("There was no vote of yours in the box."))
    return redirect(url_for(".show", id=ballot.id, per=organisation.id if organisation else None), 303)
