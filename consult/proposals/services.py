"""Writing proposals, sending them in, changing them and taking them back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm.util import identity_key

from consult.accounts.models import Organisation, Person
from consult.attachments import services as attachments
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State, Thread
from consult.core import clock, events, richtext
from consult.core.db import StaleVersionError, db, hold, table
from consult.core.languages import Localized
from consult.core.readability import Readability, measured
from consult.places import services as places
from consult.processes import services as processes
from consult.processes.models import Axis, Phase
from consult.proposals import answers, limits, queries
from consult.proposals.answers import Value
from consult.proposals.models import Proposal, ProposalCall, ProposalCategory, slug_of


@dataclass(frozen=True, kw_only=True)
class ProposalSubmitted(events.Event):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalDraftSaved(events.Event):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalEdited(events.Event):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class ProposalWithdrawn(events.Event):
    proposal_id: int


@dataclass(frozen=True, kw_only=True)
class CallPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What the author decides of a proposal."""

    title: str
    body: str
    axis: Axis | None = None
    organisation: Organisation | None = None
    category: ProposalCategory | None = None
    cost: Decimal | None = None
    answers: Mapping[int, Value] = field(default_factory=dict)
    """What is answered to the own fields of the call, by their ids."""


@dataclass(frozen=True, kw_only=True)
class Writing:
    """A text that somebody writes at this moment, kept or not: what helps them is filled in from it."""

    call: ProposalCall
    title: str
    body: str
    language: str = "it"
    proposal_id: int | None = None

    @property
    def readability(self) -> Readability | None:
        """How easily it is read; told of Italian texts that are long enough."""
        return measured(self.body) if self.language == "it" else None


def prepare_call(phase: Phase, actor: Person, **values: Any) -> ProposalCall:
    """Add a call for proposals to a phase, with these columns. Raises TimetableError where its times cannot be."""
    processes.check_times(phase, values["opens_at"], values["closes_at"])
    call = ProposalCall(phase=phase, **values)
    db.session.add(call)
    db.session.flush()
    events.record(CallPrepared(actor_id=actor.id, activity_id=call.id))
    return call


def submit(call: ProposalCall, author: Person, wording: Wording, *, language: str = "it",
           page: str = "") -> Proposal:
    """Put a new proposal into a call; it waits for moderation where the call asks for it.

    A draft that was saved from the same page becomes the proposal. Raises LimitError where no more may be sent in.
    """
    draft = _draft_of(call, author, page)
    if draft is not None:
        edit(draft, author, wording, seen=draft.version, send=True)
        return draft
    limits.take(call, author, wording.organisation)
    proposal = _begin(call, author, wording, language, contributions.first_state(call))
    events.record(ProposalSubmitted(actor_id=author.id, proposal_id=proposal.id))
    return proposal


def save_draft(call: ProposalCall, author: Person, wording: Wording, *, language: str = "it",
               page: str = "") -> Proposal:
    """Keep a proposal that only its author sees, to be finished and sent in later; one for each page it is saved from.

    However often a page saves, and whichever answers it did not get, it goes on with the same draft.
    """
    draft = _draft_of(call, author, page)
    if draft is not None:
        edit(draft, author, wording, seen=draft.version, page=page)
        return draft
    proposal = _begin(call, author, wording, language, State.DRAFT)
    proposal.saved_at, proposal.written_on = clock.now(), page
    db.session.flush()
    events.record(ProposalDraftSaved(actor_id=author.id, proposal_id=proposal.id))
    return proposal


def _draft_of(call: ProposalCall, author: Person, page: str) -> Proposal | None:
    """The draft that a page has saved; whoever asks at the same instant waits until this is kept."""
    if not page:
        return None
    limits.hold_person(author)
    return queries.draft_of_page(call, author, page)


def _begin(call: ProposalCall, author: Person, wording: Wording, language: str, state: State) -> Proposal:
    proposal = Proposal(code=contributions.next_code(call, "proposal"), activity=call, author=author,
                        municipality_id=author.residence_id, language=language,
                        thread=Thread(activity=call, label=Localized.of(wording.title)))
    _write(proposal, wording)
    contributions.sign(proposal, author, wording.organisation)
    if state is not State.DRAFT:
        proposal.submitted_at = clock.now()
    contributions.begin(proposal, state)
    proposal.name_page()
    return proposal


def edit(proposal: Proposal, editor: Person, wording: Wording, *, seen: int, send: bool = False,
         page: str = "", reason: str = "", applied_id: int | None = None) -> None:
    """Change a proposal and, for a draft, send it in if asked to.

    What was sent in keeps its earlier text as a revision, and a public text goes back to the moderators where they
    read before publication; `reason` says why, `applied_id` names the amendment that is accepted with it. Raises
    StaleVersionError where the version seen is no longer the one saved, or the text may no longer change, and
    LimitError where it may not be sent in; a wording equal to the one saved changes nothing. A page that saved a draft
    last goes on with it, whichever version it knows of.
    """
    if send and proposal.state is State.DRAFT:
        limits.take(proposal.activity, proposal.author, wording.organisation)  # type: ignore[arg-type]
    if wording != worded(proposal):
        hold(proposal, proposal.version if _goes_on(proposal, page) else seen)
        _hold_changeable(proposal)
        if proposal.state in limits.COUNTED and wording.organisation != proposal.organisation:
            limits.take(proposal.activity, proposal.author, wording.organisation)  # type: ignore[arg-type]
        _change(proposal, editor, wording, reason=reason, applied_id=applied_id)
        if proposal.state is State.DRAFT:
            proposal.saved_at, proposal.written_on = clock.now(), page
    if send and proposal.state is State.DRAFT:
        _send(proposal, editor)


def _hold_changeable(proposal: Proposal) -> None:
    """Let an outcome, a merging and a moderator wait. Raises StaleVersionError where one of them was faster."""
    hidden = proposal.state is State.HIDDEN
    db.session.refresh(proposal, ["settled_at", "replaced_at", "state"], with_for_update=True)
    if proposal.settled or proposal.replaced or proposal.state is State.WITHDRAWN or (
            proposal.state is State.HIDDEN and not hidden):
        raise StaleVersionError(proposal.version)


def settle(proposal_id: int, *, settled: bool) -> None:
    """Let the text of a proposal stay as it is from now on, or change again; whoever edits it at this instant waits."""
    own = table(Proposal)
    db.session.execute(sa.update(own).where(own.c.id == proposal_id).values(
        settled_at=clock.now() if settled else None))
    known = db.session.identity_map.get(identity_key(Contribution, proposal_id))
    if isinstance(known, Proposal):
        db.session.expire(known, ["settled_at"])


def _goes_on(draft: Proposal, page: str) -> bool:
    return bool(page) and draft.state is State.DRAFT and draft.written_on == page


def _send(draft: Proposal, editor: Person) -> None:
    contributions.sign(draft, draft.author, draft.organisation)  # with the mandate of this day
    draft.submitted_at, draft.written_on = clock.now(), ""
    contributions.change_state(draft, contributions.first_state(draft.activity), editor)
    events.record(ProposalSubmitted(actor_id=editor.id, proposal_id=draft.id))


def _change(proposal: Proposal, editor: Person, wording: Wording, *, reason: str, applied_id: int | None) -> None:
    draft = proposal.state is State.DRAFT
    if draft:
        proposal.version += 1
    else:
        contributions.keep_revision(
            proposal, editor, public=proposal.public, reason=reason, applied_id=applied_id, title=proposal.title,
            body=proposal.body, **answers.facts(proposal))
        own = table(Proposal)  # whatever was loaded before: others may have supported it since
        db.session.execute(sa.update(own).where(own.c.id == proposal.id).values(current_support_count=0))
        db.session.expire(proposal, ["current_support_count"])
    _write(proposal, wording)
    if wording.organisation != proposal.organisation:
        contributions.sign(proposal, proposal.author, wording.organisation)
    proposal.name_page()
    contributions.have_read_again(proposal, editor)
    event = ProposalDraftSaved if draft else ProposalEdited
    events.record(event(actor_id=editor.id, proposal_id=proposal.id))
    if proposal.published_at is not None:
        db.session.flush()
        events.record(contributions.ContributionRevised(
            actor_id=editor.id, contribution_id=proposal.id, version=proposal.version))


def withdraw(proposal: Proposal, actor: Person) -> None:
    """Take a proposal back: it is shown to nobody but its author. A draft, which nobody has read, is deleted."""
    id = proposal.id
    if proposal.state is State.DRAFT:
        thread = proposal.thread
        attachments.take_back_all(proposal, actor)
        places.forget(id)
        db.session.delete(proposal)
        db.session.flush()
        db.session.delete(thread)
    else:
        contributions.change_state(proposal, State.WITHDRAWN, actor)
    events.record(ProposalWithdrawn(actor_id=actor.id, proposal_id=id))


def worded(proposal: Proposal) -> Wording:
    """What the author has decided so far."""
    asked = {one.id for one in answers.asked_by(proposal.activity)}  # type: ignore[arg-type]
    return Wording(
        title=proposal.title, body=proposal.body, axis=proposal.axis, organisation=proposal.organisation,
        category=proposal.category, cost=proposal.cost,
        answers={id: value for id, value in answers.of(proposal).items() if id in asked})


def _write(proposal: Proposal, wording: Wording) -> None:
    proposal.title, proposal.slug = wording.title, slug_of(wording.title)
    proposal.body, proposal.body_html = wording.body, richtext.render(wording.body)
    proposal.summary = richtext.excerpt(wording.body, 200)
    proposal.axis, proposal.category, proposal.cost = wording.axis, wording.category, wording.cost
    answers.put(proposal, wording.answers)
