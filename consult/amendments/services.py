"""Proposing amendments, taking them back, and answering them."""

import re
from dataclasses import dataclass, replace

from consult.accounts.models import Organisation, Person
from consult.amendments.models import Amendment, Answer
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.core import clock, diff, events, richtext
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.proposals import services as proposals
from consult.proposals.models import Proposal
from consult.versions import queries as versions

Text = tuple[str, str]
"""A title and a text in Markdown."""
LONGEST_TITLE, LONGEST = 120, 6000


@dataclass(frozen=True, kw_only=True)
class AmendmentProposed(events.Event):
    amendment_id: int
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class AmendmentAccepted(events.Event):
    amendment_id: int
    contribution_id: int
    version: int


@dataclass(frozen=True, kw_only=True)
class AmendmentDeclined(events.Event):
    amendment_id: int
    contribution_id: int


@dataclass(frozen=True, kw_only=True)
class AmendmentWithdrawn(events.Event):
    amendment_id: int


class AnsweredError(StaleVersionError):
    """Another author has answered meanwhile, or whoever proposed it has taken it back."""


class OverlapError(StaleVersionError):
    """The same words have changed since the amendment was made: somebody has to bring both together by hand."""


class UnchangedError(ValueError):
    """An amendment that changes nothing."""


def propose(proposal: Proposal, author: Person, text: Text, *, base: int, reason: str,
            organisation: Organisation | None = None, language: str = "it") -> Amendment:
    """Say how the text of a proposal would better be; it waits for a moderator where the call asks for it.

    `base` is the version that it was made on. Raises UnchangedError where nothing is changed, MandateError where the
    author does not speak for the organisation, and StaleVersionError where the text can no longer change, or the
    version cannot be read any more.
    """
    db.session.refresh(proposal, ["version", "settled_at", "replaced_at", "state"])
    before = versions.text_of(proposal, base)
    if proposal.settled or proposal.replaced or not proposal.public or before is None:
        raise StaleVersionError(base)
    if text == before:
        raise UnchangedError
    amendment = Amendment(
        code=contributions.next_code(proposal.activity, "amendment"), activity=proposal.activity, author=author,
        municipality_id=author.residence_id, language=language, proposal=proposal,
        base_version=min(base, proposal.version), title=text[0], body=text[1], reason=reason,
        body_html=richtext.render(reason))
    amendment.thread = Thread(activity=proposal.activity, label=Localized.of(amendment.code))
    contributions.sign(amendment, author, organisation)
    contributions.begin(amendment, contributions.first_state(proposal.activity))
    amendment.thread.path = f"/emendamenti/{amendment.id}"
    events.record(AmendmentProposed(actor_id=author.id, amendment_id=amendment.id, contribution_id=proposal.id))
    return amendment


def rebased(amendment: Amendment) -> Text | None:
    """The text of the proposal as it stands with the change that is proposed.

    None where the same words have changed since, the version it was made on is gone, or it would be too long.
    """
    proposal = amendment.proposal
    base = versions.text_of(proposal, amendment.base_version)
    if base is None:
        return None
    title = diff.merged(base[0], proposal.title, amendment.title)
    body = diff.merged(base[1], proposal.body, amendment.body)
    if not title or body is None or len(title) > LONGEST_TITLE or len(body) > LONGEST:
        return None
    return title, body


def accept(amendment: Amendment, author: Person, *, reason: str, by_hand: Text | None = None,
           seen: int | None = None) -> None:
    """Have the proposal say what the amendment says: a new version that names who proposed it.

    `by_hand` is a text that brings together what cannot be by itself, made with the version `seen` before one. Raises
    OverlapError where that is needed, AnsweredError where somebody was faster, and StaleVersionError where the text
    has changed since, or may no longer change; nothing is changed then.
    """
    _hold_unanswered(amendment)
    proposal = amendment.proposal
    db.session.refresh(proposal, ["version"], with_for_update=True)
    db.session.refresh(proposal)
    text = by_hand or rebased(amendment)
    if text is None:
        raise OverlapError(proposal.version)
    proposals.edit(proposal, author, replace(proposals.worded(proposal), title=text[0], body=text[1]),
                   seen=proposal.version if by_hand is None or seen is None else seen, reason=reason,
                   applied_id=amendment.id)
    _answer(amendment, author, Answer.ACCEPTED, reason)
    amendment.applied_version = proposal.version
    db.session.flush()
    events.record(AmendmentAccepted(actor_id=author.id, amendment_id=amendment.id, contribution_id=proposal.id,
                                    version=proposal.version))


def decline(amendment: Amendment, author: Person, *, reason: str) -> None:
    """Leave the proposal as it is and say why. Raises AnsweredError where somebody was faster."""
    _hold_unanswered(amendment)
    _answer(amendment, author, Answer.DECLINED, reason)
    db.session.flush()
    events.record(AmendmentDeclined(actor_id=author.id, amendment_id=amendment.id,
                                    contribution_id=amendment.proposal_id))


def withdraw(amendment: Amendment, actor: Person) -> None:
    """Take an amendment back. Raises AnsweredError where the authors have answered meanwhile."""
    db.session.refresh(amendment, ["answer", "state"], with_for_update=True)
    if amendment.answer is not None:
        raise AnsweredError(amendment.version)
    contributions.change_state(amendment, State.WITHDRAWN, actor)
    events.record(AmendmentWithdrawn(actor_id=actor.id, amendment_id=amendment.id))


def _hold_unanswered(amendment: Amendment) -> None:
    """Of two who answer at the same instant the second waits here, and learns that it was answered."""
    db.session.refresh(amendment, ["version", "answer", "state"], with_for_update=True)
    if amendment.answer is not None or amendment.state is not State.PUBLISHED:
        raise AnsweredError(amendment.version)


def _answer(amendment: Amendment, author: Person, answer: Answer, reason: str) -> None:
    amendment.answer, amendment.answer_reason = answer, reason
    amendment.answered_at, amendment.answered_by_id = clock.now(), author.id


_GAP = re.compile(r"(\n[^\S\n]*\n\s*)")


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a text, each as it was typed."""
    return _GAP.split(body)[::2]


def with_paragraph(body: str, number: int, text: str) -> str:
    """A text in which the paragraph with this number, from 0, is another; an empty one goes with its gap."""
    parts = _GAP.split(body)
    if text.strip():
        parts[2 * number] = text
    elif number:
        del parts[2 * number - 1:2 * number + 1]
    else:
        del parts[:2]
    return "".join(parts)
