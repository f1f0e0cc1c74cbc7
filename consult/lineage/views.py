"""Merging and splitting proposals, their lineage on their pages, and carrying support along."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.contributions import life
from consult.contributions.life import Moment
from consult.contributions.models import Contribution
from consult.core import clock, pages
from consult.core.forms import argument
from consult.core.policy import Verdict, can
from consult.core.web import RefusedError, access, limiter, me
from consult.lineage import queries, services, splitting
from consult.lineage.forms import MergeForm, SplitForm
from consult.lineage.models import DerivationKind, Side
from consult.lineage.services import LineageError
from consult.proposals import queries as proposals
from consult.proposals.models import Proposal
from consult.voting import carrying, holding
from consult.voting import queries as supports

__all__ = ["bp", "splitting"]

bp = Blueprint("lineage", __name__)

ANSWERS = {"yes": True, "no": False}


def _who() -> str:
    return str(me().get_id())


@bp.route("/raccolte/<int:id>/unisci", methods=["GET", "POST"])
@access("proposal.merge", loads=queries.call)
def merge(call):
    sent = request.form.getlist("codes") if request.method == "POST" else request.args.getlist("codice")
    chosen = queries.mergeable(call, _codes(sent))
    form = MergeForm(data=_begun(chosen))
    form.offer(call.phase.process)
    if form.accepted():
        try:
            new = services.merge(call, me(), chosen, form.draft, reason=form.reason.data or "")
        except LineageError as fault:
            form.form_errors.append(fault.sentence)
        else:
            flash(_("The proposals were merged. Whoever supports them is asked by mail whether their support goes "
                    "along."))
            return redirect(url_for("proposals.show", id=new.id, slug=new.slug), 303)
    words = argument("q", 100)
    found = [] if form.is_submitted() else queries.search(call, words)
    return render_template("lineage/merge.html", call=call, form=form, chosen=chosen, words=words,
                           found=[one for one in found if one not in chosen], most=services.MOST_TOGETHER)


def _codes(sent: Sequence[str]) -> list[str]:
    """Public codes as they were ticked, or typed with commas."""
    words = " ".join(sent[:50]).replace(",", " ").replace("\0", " ").split()
    return list(dict.fromkeys(word.upper()[:24] for word in words))[:services.MOST_TOGETHER + 1]


def _begun(chosen: Sequence[Proposal]) -> dict[str, Any]:
    """The new text begins with those of the originals, one under the other."""
    if not chosen:
        return {}
    return {"title": chosen[0].title, "axis": chosen[0].axis_id, "body": "\n\n".join(one.body for one in chosen)}


@bp.route("/proposte/<int:id>/dividi", methods=["GET", "POST"])
@access("proposal.split", loads=proposals.proposal)
def split(proposal):
    form = SplitForm(data={"title_1": proposal.title, "body_1": proposal.body, "axis_1": proposal.axis_id,
                           "axis_2": proposal.axis_id})
    form.offer(proposal.activity.phase.process)
    if form.accepted():
        try:
            services.split(proposal, me(), form.drafts(), reason=form.reason.data or "")
        except LineageError as fault:
            form.form_errors.append(fault.sentence)
        else:
            flash(_("The proposal was split. Whoever supports it is asked by mail whether their support goes along."))
            return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug), 303)
    return render_template("lineage/split.html", proposal=proposal, call=proposal.activity, form=form)


@bp.route("/derivazioni/<int:id>/annulla", methods=["POST"])
@access("lineage.undo", loads=queries.derivation)
def undo(derivation):
    call_id = derivation.activity_id
    try:
        services.undo(derivation, me())
    except LineageError as fault:
        raise RefusedError("lineage.undo", Verdict(False, fault.sentence)) from fault
    flash(_("All is as it was: the proposals stand again by themselves."))
    return redirect(url_for("proposals.call", id=call_id), 303)


@bp.route("/proposte/<int:id>/sostegno/porta", methods=["POST"])
@access("support.carry", loads=proposals.proposal)
@limiter.limit("60 per minute", key_func=_who, methods=["POST"])
def carry(proposal):
    said = request.form.get("answer", "")
    if said not in ANSWERS:
        abort(400)
    try:
        carrying.answer(proposal, me(), carries=ANSWERS[said])
    except holding.RefusedError as refusal:
        raise RefusedError("support.carry", Verdict(False, refusal.reason)) from refusal
    flash(_("Your support goes along: it counts for this proposal too.") if ANSWERS[said] else
          _("Your support stays where it was. Until the call closes you can change your mind."))
    return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug, _anchor="sostegno"), 303)


def _family(proposal: Proposal) -> queries.Family:
    """The family of the proposal whose page this is, asked once."""
    asked: dict[int, queries.Family] = g.setdefault("family", {})
    if proposal.id not in asked:
        asked[proposal.id] = queries.family(proposal)
    return asked[proposal.id]


@life.told_by
def merged_and_split(contribution: Contribution) -> Iterator[Moment]:
    """In the story of a proposal: what it was made of, and what it became."""
    if not isinstance(contribution, Proposal):
        return
    family = _family(contribution)
    for derivation, side in ((family.origin, Side.ORIGINAL), (family.fate, Side.SUCCESSOR)):
        if derivation is not None:
            codes = ", ".join(one.code for one in derivation.on_the(side))
            yield Moment(day=clock.local(derivation.made_at).date(), at=derivation.made_at, by=_("Plan office"),
                         what=_told(derivation.kind, side, codes))


def _told(kind: DerivationKind, side: Side, codes: str) -> str:
    if side is Side.ORIGINAL:
        return str(_("Made of %(codes)s", codes=codes))
    if kind is DerivationKind.MERGE:
        return str(_("Merged into %(codes)s", codes=codes))
    return str(_("Split into %(codes)s", codes=codes))


@pages.slot("proposal.above", position=20)
def lineage(proposal: Proposal) -> str:
    """Above a proposal that was merged or split, or made of others: what became of it, what it came from, and why."""
    family = _family(proposal)
    if family.origin is None and family.fate is None:
        return ""
    mine = proposal.replaced and me().is_authenticated and supports.supports(proposal, me())
    return render_template("lineage/of_proposal.html", proposal=proposal, family=family, mine=mine,
                           merge=DerivationKind.MERGE)


@pages.slot("proposal.support", position=20)
def carried(proposal: Proposal) -> str:
    """Beside the supports of what was made of others: both counts, and the question to whoever is concerned."""
    if not proposal.derived:
        return ""
    family = _family(proposal)
    asked = bool(can(me(), "support.carry", proposal))
    consent = carrying.consent_of(proposal, me()) if me().is_authenticated else None
    given = me().is_authenticated and supports.supports(proposal, me())
    return render_template("lineage/carried.html", proposal=proposal, origin=family.origin, asked=asked,
                           consent=consent, given=given, originals=family.originals)


@pages.slot("proposal.staff", position=20)
def ways(proposal: Proposal) -> str:
    """For the plan office: the ways to merge and split."""
    if not proposal.public or proposal.replaced or not can(me(), "proposal.split", proposal):
        return ""
    return render_template("lineage/ways.html", proposal=proposal)
