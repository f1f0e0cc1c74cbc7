"""Keeping a draft while somebody types: asked by a script, answered with what the page shows beside the form."""

from collections.abc import Callable
from typing import Any, cast

from flask import Blueprint, Response, make_response, render_template
from flask_babel import format_time
from flask_babel import gettext as _

from consult.attachments.enclosing import enclosed
from consult.contributions.models import State
from consult.core import clock, languages
from consult.core.db import StaleVersionError
from consult.core.web import access, limiter, me
from consult.proposals import queries, services
from consult.proposals.forms import new_form
from consult.proposals.models import Proposal, ProposalCall
from consult.proposals.views import edit_form, furnished, readable, readable_call, writing_of

bp = Blueprint("drafting", __name__)


def _who() -> str:
    return str(me().get_id())


often = limiter.limit("60 per minute", key_func=_who, methods=["POST"])


@bp.route("/raccolte/<int:id>/bozza", methods=["POST"])
@access("proposal.submit", loads=readable_call)
@often
def save_new(call: ProposalCall) -> Response:
    form = new_form(call, me())
    begun = queries.draft_of_page(call, me(), form.page.data)
    return _saved(call, form, begun, lambda: services.save_draft(
        call, me(), form.wording, language=languages.current(), page=form.page.data or ""))


@bp.route("/proposte/<int:id>/bozza", methods=["POST"])
@access("proposal.edit", loads=readable)
@often
def save(proposal: Proposal) -> Response:
    form, call = edit_form(proposal, me()), cast(ProposalCall, proposal.activity)
    if proposal.state is not State.DRAFT:
        return _answer(409, _("It was sent in meanwhile: what you write here is not saved."), call, form)

    def keep() -> Proposal:
        services.edit(proposal, me(), form.wording, seen=form.seen, page=form.page.data or "")
        return proposal

    return _saved(call, form, proposal, keep)


def _saved(call: ProposalCall, form: Any, begun: Proposal | None, keep: Callable[[], Proposal]) -> Response:
    """Keep what the form holds, unless it cannot be kept as it is; say which in one sentence."""
    files = enclosed(me(), begun, asked=bool(call.asks_attachments))
    if not form.accepted_as_draft():
        return _answer(422, _("Not saved yet. %(why)s", why=_first_fault(form)), call, form, begun)
    try:
        draft = furnished(keep(), form, files)
    except StaleVersionError:
        return _answer(409, _("Not saved: this draft was changed on another page. Open it anew to go on with it, or "
                              "copy what you wrote here first."), call, form, begun)
    said = _("Saved at %(time)s", time=format_time(clock.now(), "HH:mm"))
    return _answer(200, said, call, form, draft)


def _first_fault(form: Any) -> str:
    faults = [f"{field.label.text}: {field.errors[0]}" for field in form if field.errors]
    return str([*form.form_errors, *faults, ""][0])


def _answer(status: int, said: str, call: ProposalCall, form: Any, draft: Proposal | None = None) -> Response:
    page = render_template("proposals/saved.html", said=said, writing=writing_of(call, form, draft),
                           version=draft.version if draft else 0)
    return make_response(page, status)
