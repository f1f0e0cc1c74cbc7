"""Amendments of a proposal, and whoever supports one."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import defer, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from consult.accounts.models import Person
from consult.amendments.models import Amendment
from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names, whole_activity
from consult.core import paging
from consult.core.db import db
from consult.proposals.models import Proposal, ProposalCall
from consult.voting.models import Support

FIRST = 10
"""Amendments shown on the page of the proposal."""


def amendment(id: int) -> Amendment | None:
    """An amendment with its proposal and all that decides what may be done with it."""
    found = db.session.scalars(sa.select(Amendment).where(Amendment.id == id).options(
        *by_names(), joinedload(Amendment.proposal).joinedload(Proposal.thread), joinedload(Amendment.thread),
        joinedload(Amendment.answered_by), *whole_activity(Amendment.activity.of_type(ProposalCall)))).unique().first()
    if found is not None and found.thread is not None:
        set_committed_value(found.thread, "discussed", found)
    return found


def _public(proposal: Proposal) -> sa.Select[Amendment]:
    public = sa.select(Amendment).where(
        Amendment.proposal_id == proposal.id, Contribution.state == State.PUBLISHED)
    return public.options(*by_names(), joinedload(Amendment.thread), defer(Amendment.body))


def on_the_page(proposal: Proposal, person: Any) -> Sequence[Amendment]:
    """What the page of a proposal shows, in one query: those that wait for an answer first, the latest first.

    With what somebody proposed themselves that is not public; one more than are shown, where there are more.
    """
    seen: sa.ColumnElement[bool] = Contribution.state == State.PUBLISHED
    if person.is_authenticated:
        seen = sa.or_(seen, sa.and_(Contribution.author_id == person.id,
                                    Contribution.state.in_([State.PENDING, State.HIDDEN])))
    return db.session.scalars(
        sa.select(Amendment).where(Amendment.proposal_id == proposal.id, seen)
        .options(*by_names(), joinedload(Amendment.thread), defer(Amendment.body))
        .order_by(Amendment.answer.is_not(None), Contribution.id.desc()).limit(FIRST + 1)).all()


def listed(proposal: Proposal, after: str | None) -> paging.Page:
    """All that are public, the latest first."""
    return paging.page(_public(proposal), [paging.Order(Contribution.id, descending=True)], after=after)


def supporters(amendment_id: int, *, after: int, most: int) -> Sequence[Person]:
    """People who support an amendment and can be written to, in the order of their numbers."""
    return db.session.scalars(
        sa.select(Person).join(Support, Support.person_id == Person.id)
        .where(Support.contribution_id == amendment_id, Person.id > after, Person.email.is_not(None),
               Person.closed_at.is_(None)).order_by(Person.id).limit(most)).all()
