"""Inviting others to write a proposal together, joining them, and leaving."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.services import normalised
from consult.coauthors import queries
from consult.contributions.models import State
from consult.core import clock, events, outbox
from consult.core.db import StaleVersionError, db, insert, rows_touched, table
from consult.invitations import services as invitations
from consult.invitations.models import Invitation
from consult.invitations.services import InvitationError
from consult.processes import services as processes
from consult.proposals.models import CoAuthor, Proposal

MOST = 10
"""Authors of one proposal, the first included."""


@dataclass(frozen=True, kw_only=True)
class CoAuthorJoined(events.Event):
    proposal_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class CoAuthorLeft(events.Event):
    proposal_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class AuthorshipPassed(events.Event):
    """The first author left, and another one is the first from now on."""

    proposal_id: int
    person_id: int


class LastAuthorError(StaleVersionError):
    """The last author does not leave: the others have left meanwhile."""


def invite(proposal: Proposal, email: str, *, inviter: Person, language: str) -> Invitation:
    """Send an address a link with which its owner becomes an author. Raises InvitationError, with the reason."""
    if normalised(email) == inviter.email:
        raise InvitationError(_l("This is your own address: you are an author already."))
    if 1 + proposal.coauthor_count + len(queries.waiting(proposal)) >= MOST:
        raise InvitationError(_l("A proposal has at most %(most)s authors, those who were invited included.",
                                 most=MOST))
    invitation, token = invitations.to_subject(queries.subject(proposal), email, inviter=inviter)
    outbox.post(invitation.email, "author_invitation", key=f"invitation-{invitation.id}", language=language,
                proposal=proposal, inviter=inviter, token=token)
    return invitation


def accept(invitation: Invitation, proposal: Proposal, person: Person) -> bool:
    """Become an author of a proposal; False, and nothing changed, where the invitation is not good any more.

    Nor is it where the proposal was withdrawn, hidden, merged or split meanwhile, or has as many authors as it may.
    """
    _hold(proposal)
    gone = proposal.replaced or proposal.state in {State.HIDDEN, State.WITHDRAWN}
    full = 1 + proposal.coauthor_count >= MOST
    if gone or full or not invitations.use(invitation, person):
        return False
    if proposal.author_id != person.id:
        row = insert(CoAuthor).values(proposal_id=proposal.id, person_id=person.id, since=clock.now())
        if rows_touched(row.on_conflict_do_nothing(index_elements=["proposal_id", "person_id"])):
            _move(proposal, 1)
            _note(proposal, person)
            events.record(CoAuthorJoined(actor_id=person.id, proposal_id=proposal.id, person_id=person.id))
    return True


def leave(proposal: Proposal, person: Person, *, actor: Person | None) -> None:
    """Be an author of a proposal no more; of the others the one who has been longest is then the first.

    Raises LastAuthorError, and changes nothing, where nobody else is left, or it was sent in for an organisation.
    """
    _hold(proposal)
    first, others = proposal.author_id == person.id, queries.others(proposal, person)
    known = person.id in {one.id for one in queries.authors(proposal)}
    if not known or not others or (first and proposal.organisation_id is not None):
        raise LastAuthorError(proposal.version)
    _drop(proposal, others[0].id if first else person.id)
    events.record(CoAuthorLeft(actor_id=actor.id if actor else None, proposal_id=proposal.id, person_id=person.id))
    if first:
        proposal.author = others[0]
        _note(proposal, others[0])
        db.session.flush()
        events.record(AuthorshipPassed(actor_id=actor.id if actor else None, proposal_id=proposal.id,
                                       person_id=others[0].id))


def remove(proposal: Proposal, person_id: int) -> None:
    """Take somebody who leaves the site out of the authors; the last one stays the author, without a name."""
    person = db.session.get_one(Person, person_id)
    _hold(proposal)
    if proposal.author_id != person_id:
        _drop(proposal, person_id)
        events.record(CoAuthorLeft(actor_id=None, proposal_id=proposal.id, person_id=person_id))
    elif queries.others(proposal, person) and proposal.organisation_id is None:
        leave(proposal, person, actor=None)


def _drop(proposal: Proposal, person_id: int) -> None:
    db.session.execute(sa.delete(CoAuthor).where(CoAuthor.proposal_id == proposal.id, CoAuthor.person_id == person_id)
                       .execution_options(synchronize_session=False))
    _move(proposal, -1)


def _hold(proposal: Proposal) -> None:
    """Let all who join and leave at the same instant follow one another."""
    db.session.refresh(proposal, ["version"], with_for_update=True)
    db.session.refresh(proposal)
    db.session.expire(proposal, ["coauthors"])


def _note(proposal: Proposal, person: Person) -> None:
    """Whoever writes something public takes part."""
    if proposal.published_at is not None:
        processes.takes_part(proposal.activity, person)


def _move(proposal: Proposal, by: int) -> None:
    own = table(Proposal)
    db.session.execute(sa.update(own).where(own.c.id == proposal.id)
                       .values(coauthor_count=own.c.coauthor_count + by))
    db.session.expire(proposal, ["coauthor_count", "coauthors"])
