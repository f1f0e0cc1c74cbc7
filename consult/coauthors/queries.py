"""Who writes a proposal together, and who was asked to."""

from collections.abc import Sequence

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.invitations import queries as invitations
from consult.invitations.models import Invitation
from consult.proposals import queries as proposals
from consult.proposals.models import CoAuthor, Proposal

KIND = "proposta"
"""What an invitation to write with others names before the number of the proposal."""


def subject(proposal: Proposal) -> str:
    """A proposal as an invitation names it."""
    return f"{KIND}:{proposal.id}"


def proposal_of(invitation: Invitation) -> Proposal | None:
    """The proposal that an invitation leads to; None where it leads to something else."""
    kind, _colon, id = (invitation.subject or "").partition(":")
    return proposals.proposal(int(id)) if kind == KIND and id.isdecimal() else None


def waiting(proposal: Proposal) -> Sequence[Invitation]:
    """Invitations that nobody has answered yet."""
    return invitations.to_subject(subject(proposal))


def authors(proposal: Proposal) -> list[Person]:
    """Everybody who writes it, the first author first."""
    return [proposal.author, *(one.person for one in proposal.coauthors)] if proposal.coauthor_count else [
        proposal.author]


def others(proposal: Proposal, person: Person) -> list[Person]:
    """Its other authors, as far as they are still here."""
    return [one for one in authors(proposal) if one.id != person.id and one.closed_at is None]


def of_person(person_id: int) -> Sequence[Proposal]:
    """Proposals that somebody writes with others, first author or not, in the order of their numbers."""
    theirs = sa.select(CoAuthor.proposal_id).where(CoAuthor.person_id == person_id)
    return db.session.scalars(sa.select(Proposal).where(sa.or_(
        Proposal.id.in_(theirs), sa.and_(Proposal.author_id == person_id, Proposal.coauthor_count > 0)))
        .order_by(Proposal.id)).all()
