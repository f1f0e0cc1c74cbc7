"""Calls for proposals and proposals."""

from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.attachments.enclosing import Enclosures, enclosed
from consult.comments.views import discussion
from consult.contributions import correcting
from consult.contributions.models import State
from consult.core import asking, languages, pages, richtext
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.uploads import takes_files
from consult.core.web import access, me
from consult.places import queries as places_queries
from consult.places import services as places
from consult.places.forms import PlaceFields
from consult.proposals import answers, fields, listing, lists, queries, services, words
from consult.proposals import limits as room
from consult.proposals.forms import ProposalEditForm, data_of, new_form
from consult.proposals.limits import LimitError
from consult.proposals.models import Asking, FieldAnswer, FieldKind, Proposal, ProposalCall
from consult.proposals.services import Writing

bp = Blueprint("proposals", __name__)
correcting.changed_at("proposal", "proposal.edit", "proposals.edit")


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
    return lists.answer(
        listing.of_call(call), url_for(".call", id=call.id), "proposals/call.html", call=call,
        how_many=asking.answer("activity", "proposals", call),
        mine=queries.not_public_of(me(), call) if not argument("vista", 10) else [],
        guide=richtext.render_staff(call.guide),
        limits=room.sentences(call, me()) if me().is_authenticated else [])


@bp.route("/raccolte/<int:id>/proponi", methods=["GET", "POST"])
@limits.uploads
@takes_files
@access("proposal.submit", loads=readable_call)
def submit(call):
    form = new_form(call, me())
    begun = queries.draft_of_page(call, me(), form.page.data) if form.is_submitted() else None
    files = enclosed(me(), begun, asked=bool(call.asks_attachments))
    if files.act == "draft" and form.accepted_as_draft() and files.sound:
        return _kept(furnished(_begun(services.save_draft, call, form), form, files))
    if files.act == "submit" and form.accepted() & complete(call, form, files):
        try:
            return _sent(furnished(_begun(services.submit, call, form), form, files))
        except LimitError as full:
            form.form_errors.append(full.sentence)
    form.form_errors += files.faults
    return render_template(
        "proposals/submit.html", call=call, form=form, files=files,
        drafts=[draft for draft in queries.drafts_of(me(), call) if draft is not begun],
        writing=writing_of(call, form, begun), limits=room.sentences(call, me()),
        preview=preview_of(call, form, files) if files.act == "preview" and form.accepted() else None,
        guide=richtext.render_staff(call.guide))


def _begun(service: Callable[..., Proposal], call: ProposalCall, form: Any) -> Proposal:
    return service(call, me(), form.wording, language=languages.current(), page=form.page.data or "")


@bp.route("/proposte/<int:id>")
@bp.route("/proposte/<int:id>-<slug>")
@access("proposal.read", loads=queries.proposal)
def show(proposal, slug=None):
    if slug != proposal.slug:
        kept: dict[str, Any] = {name: request.args.get(name) for name in ("dopo", "ordine", "lato", "lingua")}
        return redirect(url_for(".show", id=proposal.id, slug=proposal.slug, **kept), 301)
    return render_template("proposals/show.html", proposal=proposal, call=proposal.activity,
                           discussion=discussion(proposal.thread) if proposal.public else None)


@bp.route("/proposte/<int:id>/modifica", methods=["GET", "POST"])
@limits.uploads
@takes_files
@access("proposal.edit", loads=readable)
def edit(proposal):
    draft, call = proposal.state is State.DRAFT, proposal.activity
    form = edit_form(proposal, me())
    files = enclosed(me(), proposal, asked=bool(call.asks_attachments))
    if files.act == "draft" and draft and form.accepted_as_draft() and files.sound:
        return _edited(proposal, form, files, _kept)
    if files.act == "submit" and form.accepted() & complete(call, form, files):
        try:
            return _edited(proposal, form, files, _sent if draft else _changed, send=True)
        except LimitError as full:
            form.form_errors.append(full.sentence)
    form.form_errors += files.faults
    if files.act == "preview" and form.reason:
        form.reason.validators = []  # asked when it is sent
    return render_template(
        "proposals/edit.html", proposal=proposal, call=call, form=form, draft=draft, files=files,
        writing=writing_of(call, form, proposal), limits=room.sentences(call, me()) if draft else [],
        preview=preview_of(call, form, files) if files.act == "preview" and form.accepted() else None)


def edit_form(proposal: Proposal, person: Any) -> Any:
    """The form of a proposal that is there already, filled in with what was saved."""
    wording = services.worded(proposal)
    form: Any = fields.form_of(ProposalEditForm, cast(ProposalCall, proposal.activity))(data={
        **data_of(wording), "version": proposal.version, **PlaceFields.of_place(places_queries.where(proposal))})
    form.offer(proposal.activity, person, wording,
               organisation=None if proposal.state is State.DRAFT else proposal.organisation)
    form.of(proposal, person)
    return form


def complete(call: ProposalCall, form: Any, files: Enclosures) -> bool:
    """True if all files that the call asks for are there and described; what is missing is said in the form."""
    if call.asks_attachments is Asking.REQUIRED and not files.files:
        form.form_errors.append(_("This call asks for at least one picture or document: attach it."))
        return False
    return files.complete()


def furnished(proposal: Proposal, form: Any, files: Enclosures) -> Proposal:
    """A proposal with the files and the place that its form names."""
    files.give_to(proposal, me())
    if "place_municipality" in form:
        places.put(proposal, form.where, me())
    return proposal


def _edited(proposal: Proposal, form: ProposalEditForm, files: Enclosures, answer: Callable[[Proposal], Any], *,
            send: bool = False) -> Any:
    try:
        services.edit(proposal, me(), form.wording, seen=form.seen, send=send, page=form.page.data or "",
                      reason=form.reason.data if form.reason else "")
    except StaleVersionError:
        texts = [(_("Title"), proposal.title, form.title.data), (_("Proposal"), proposal.body, form.body.data)]
        return render_template("errors/stale.html", fields=texts, again=url_for(".edit", id=proposal.id)), 409
    return answer(furnished(proposal, form, files))


@bp.route("/proposte/<int:id>/ritira", methods=["POST"])
@access("proposal.withdraw", loads=readable)
def withdraw(proposal):
    call_id, draft = proposal.activity_id, proposal.state is State.DRAFT
    services.withdraw(proposal, me())
    flash(_("Your draft was deleted.") if draft else _("Your proposal was withdrawn: nobody sees it any more."))
    return redirect(url_for(".call", id=call_id), 303)


def preview_of(call: ProposalCall, form: Any, files: Enclosures) -> dict[str, Any]:
    """What the page of the proposal will show, without keeping anything."""
    wording = form.wording
    town = next((t for t in call.phase.process.authority.municipalities
                 if "place_municipality" in form and t.id == form.place_municipality.data), None)
    return {"title": wording.title, "html": richtext.render(wording.body), "axis": wording.axis,
            "facts": facts_of(wording.category, wording.cost, answers.would_show(call, wording.answers)),
            "organisation": wording.organisation, "author": me(), "municipality": me().municipality,
            "town": town, "address": form.place_address.data if town else "", "files": files.files}


def writing_of(call: ProposalCall, form: Any, proposal: Proposal | None = None) -> Writing:
    """What stands in the form, for what helps while writing."""
    return Writing(call=call, title=form.title.data or "", body=form.body.data or "",
                   language=proposal.language if proposal else languages.current(),
                   proposal_id=proposal.id if proposal else None)


def facts_of(category: Any, cost: Any, shown: list[answers.Shown]) -> str:
    """What a proposal says beside its text; empty where it says nothing."""
    if category is None and cost is None and not shown:
        return ""
    return render_template("proposals/facts.html", category=category, cost=cost, answers=shown, FieldKind=FieldKind)


@bp.app_context_processor
def _words() -> dict[str, Any]:
    return {"proposal_words": words}


@pages.slot("proposals.writing.similar")
def similar(writing: Writing) -> str:
    """While somebody writes: what says the like already, so that they can join it."""
    found = queries.alike(writing.call, writing.title, writing.body, language=writing.language,
                          but=writing.proposal_id)
    return render_template("proposals/similar.html", found=found, call=writing.call) if found else ""


@pages.slot("contribution.text", position=20)
def _facts(contribution: Any) -> str:
    if not isinstance(contribution, Proposal):
        return ""
    answered = asking.answer("contribution", "own fields", contribution)
    return facts_of(contribution.category, contribution.cost, answers.shown(contribution) if answered else [])


@asking.question("activity", "proposals")
def _proposals(activity: Any, _person: Any) -> sa.ColumnElement[int]:
    return queries.published(activity.id)


@asking.question("contribution", "own fields")
def _answers_own_fields(contribution: Any, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(FieldAnswer.proposal_id == contribution.id)


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

