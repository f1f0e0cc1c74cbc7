"""Calls for proposals and proposals."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.attachments.enclosing import Enclosures, enclosed
from consult.comments.views import discussion
from consult.contributions.models import State
from consult.core import languages, pages, richtext
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.uploads import takes_files
from consult.core.web import access, me
from consult.places import queries as places_queries
from consult.places import services as places
from consult.places.forms import PlaceFields
from consult.proposals import queries, services
from consult.proposals.forms import ProposalEditForm, ProposalForm
from consult.proposals.models import Proposal, ProposalCall

bp = Blueprint("proposals", __name__)


@dataclass(frozen=True)
class Asked:
    """What the address of a call asks for: only values that exist; others are as if not there."""

    axis: str
    municipality: str
    speaker: str
    words: str
    order: str

    @classmethod
    def of(cls, call: ProposalCall) -> "Asked":
        """Read the address."""
        order, speaker = argument("ordine", 20), argument("da", 20)
        axes = {axis.code for axis in call.phase.process.axes}
        towns = {town.istat_code for town in call.phase.process.authority.municipalities}
        return cls(axis=_among(argument("asse", 20), axes), municipality=_among(argument("comune", 20), towns),
                   speaker=_among(speaker, {queries.CITIZENS, queries.ORGANISATIONS}), words=argument("q", 100),
                   order=order if order in queries.ORDERS else next(iter(queries.ORDERS)))

    def wanted(self, call: ProposalCall) -> queries.Filter:
        """The same, as the query takes it."""
        axes = {axis.code: axis.id for axis in call.phase.process.axes}
        towns = {town.istat_code: town.id for town in call.phase.process.authority.municipalities}
        return queries.Filter(axis_id=axes.get(self.axis), municipality_id=towns.get(self.municipality),
                              speaker=self.speaker, words=self.words)

    @property
    def narrowed(self) -> bool:
        """True if some proposals are left out."""
        return bool(self.axis or self.municipality or self.speaker or self.words)

    def address(self, path: str, **changes: str) -> str:
        """The same question with some changes, without the place in the list."""
        parts = {"q": self.words, "asse": self.axis, "comune": self.municipality, "da": self.speaker,
                 "ordine": self.order if self.order != next(iter(queries.ORDERS)) else "", **changes}
        kept = urlencode({name: value for name, value in parts.items() if value})
        return f"{path}?{kept}" if kept else path


def _among(value: str, known: set[str]) -> str:
    return value if value in known else ""


def readable_call(id: int) -> ProposalCall | None:
    """A call, unknown to whoever may not see it yet."""
    call = queries.call(id)
    return call if call and can(me(), "call.read", call) else None


def readable(id: int) -> Proposal | None:
    """A proposal, unknown to whoever may not read it."""
    proposal = queries.proposal(id)
    return proposal if proposal and can(me(), "proposal.read", proposal) else None


@bp.route("/raccolte/<int:id>")
@access("call.read", loads=queries.call)
def call(call):
    asked = Asked.of(call)
    page = queries.listed(call, asked.order, asked.wanted(call), argument("dopo", 400))
    pages.prepare("proposal", page.items)
    return render_template("proposals/call.html", call=call, asked=asked, page=page, how_many=queries.how_many(call),
                           mine=queries.not_public_of(me(), call), here=url_for(".call", id=call.id),
                           guide=richtext.render_staff(call.guide))


@bp.route("/raccolte/<int:id>/proponi", methods=["GET", "POST"])
@takes_files
@access("proposal.submit", loads=readable_call)
def submit(call):
    form = ProposalForm()
    form.offer(call, me())
    files = enclosed(me(), asked=call.asks_attachments)
    if files.act == "draft" and form.accepted_as_draft() and files.sound:
        proposal = services.save_draft(call, me(), form.wording, language=languages.current())
        return _kept(_furnished(proposal, form, files))
    if files.act == "submit" and form.accepted() & files.complete():
        proposal = services.submit(call, me(), form.wording, language=languages.current())
        return _sent(_furnished(proposal, form, files))
    form.form_errors += files.faults
    drafts = [draft for draft in queries.not_public_of(me(), call) if draft.state is State.DRAFT]
    return render_template("proposals/submit.html", call=call, form=form, drafts=drafts, files=files,
                           preview=_preview(form) if files.act == "preview" and form.accepted() else None,
                           guide=richtext.render_staff(call.guide))


@bp.route("/proposte/<int:id>")
@bp.route("/proposte/<int:id>-<slug>")
@access("proposal.read", loads=queries.proposal)
def show(proposal, slug=None):
    if slug != proposal.slug:
        return redirect(url_for(".show", id=proposal.id, slug=proposal.slug, dopo=request.args.get("dopo"),
                                lingua=request.args.get("lingua")), 301)
    return render_template("proposals/show.html", proposal=proposal, call=proposal.activity,
                           discussion=discussion(proposal.thread) if proposal.public else None)


@bp.route("/proposte/<int:id>/modifica", methods=["GET", "POST"])
@takes_files
@access("proposal.edit", loads=readable)
def edit(proposal):
    draft = proposal.state is State.DRAFT
    form = ProposalEditForm(data={
        "title": proposal.title, "body": proposal.body, "version": proposal.version,
        "axis": proposal.axis_id, "organisation": proposal.organisation_id,
        **PlaceFields.of_place(places_queries.where(proposal))})
    form.offer(proposal.activity, me(), None if draft else proposal.organisation)
    files = enclosed(me(), proposal, asked=proposal.activity.asks_attachments)
    if files.act == "draft" and draft and form.accepted_as_draft() and files.sound:
        return _edited(proposal, form, files, _kept)
    if files.act == "submit" and form.accepted() & files.complete():
        return _edited(proposal, form, files, _sent if draft else _changed, send=True)
    form.form_errors += files.faults
    return render_template("proposals/edit.html", proposal=proposal, call=proposal.activity, form=form, draft=draft,
                           files=files,
                           preview=_preview(form) if files.act == "preview" and form.accepted() else None)


def _furnished(proposal: Proposal, form: Any, files: Enclosures) -> Proposal:
    """A proposal with the files and the place that its form names."""
    files.give_to(proposal, me())
    if "place_municipality" in form:
        places.put(proposal, form.where, me())
    return proposal


def _edited(proposal: Proposal, form: ProposalEditForm, files: Enclosures, answer: Callable[[Proposal], Any], *,
            send: bool = False) -> Any:
    try:
        services.edit(proposal, me(), form.wording, seen=form.seen, send=send)
    except StaleVersionError:
        texts = [(_("Title"), proposal.title, form.title.data), (_("Proposal"), proposal.body, form.body.data)]
        return render_template("errors/stale.html", fields=texts, again=url_for(".edit", id=proposal.id)), 409
    return answer(_furnished(proposal, form, files))


@bp.route("/proposte/<int:id>/ritira", methods=["POST"])
@access("proposal.withdraw", loads=readable)
def withdraw(proposal):
    call_id, draft = proposal.activity_id, proposal.state is State.DRAFT
    services.withdraw(proposal, me())
    flash(_("Your draft was deleted.") if draft else _("Your proposal was withdrawn: nobody sees it any more."))
    return redirect(url_for(".call", id=call_id), 303)


def _preview(form: Any) -> dict[str, Any]:
    wording = form.wording
    return {"title": wording.title, "html": richtext.render(wording.body), "axis": wording.axis}


def _kept(proposal: Proposal) -> Any:
    flash(_("Your draft was saved: only you can see it. Send it in when it is ready."))
    return redirect(url_for(".edit", id=proposal.id), 303)


def _sent(proposal: Proposal) -> Any:
    flash(_("Your proposal is public, with the code %(code)s. Now others can support it and comment on it.",
            code=proposal.code) if proposal.public else
          _("Your proposal was received, with the code %(code)s. A moderator will read it; then it will be public.",
            code=proposal.code))
    return redirect(url_for(".show", id=proposal.id, slug=proposal.slug), 303)


def _changed(proposal: Proposal) -> Any:
    flash(_("Your proposal was changed.") if proposal.public else
          _("Your proposal was changed. It will be public once a moderator has read it."))
    return redirect(url_for(".show", id=proposal.id, slug=proposal.slug), 303)

