"""Agreeing or disagreeing with a comment: each person once, and the counters always as the rows are."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments.models import Agreement, Comment
from consult.contributions.models import Contribution
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched


@dataclass(frozen=True, kw_only=True)
class AgreementChanged(events.Event):
    """Somebody agreed or disagreed with a comment, or no longer does: never which."""

    comment_id: int


def agree(comment: Comment, person: Person, agrees: bool | None) -> bool:
    """Note that somebody agrees (True), disagrees (False) or no longer says either (None).

    What they say already changes nothing, however often it is sent. Answers whether anything changed.
    """
    agreed, disagreed = _taken_back(comment, person) if agrees is None else _said(comment, person, agrees)
    if not agreed and not disagreed:
        return False
    _move(comment.id, agreed, disagreed)
    events.record(AgreementChanged(actor_id=person.id, comment_id=comment.id))
    return True


def _said(comment: Comment, person: Person, agrees: bool) -> tuple[int, int]:
    """By how much the two counters change."""
    row = insert(Agreement).values(comment_id=comment.id, person_id=person.id, agrees=agrees, given_at=clock.now())
    if rows_touched(row.on_conflict_do_nothing(index_elements=["comment_id", "person_id"])):
        return int(agrees), int(not agrees)
    other = sa.update(Agreement).where(
        Agreement.comment_id == comment.id, Agreement.person_id == person.id, Agreement.agrees.is_(not agrees))
    if not rows_touched(other.values(agrees=agrees, given_at=clock.now())):
        return 0, 0
    return (1, -1) if agrees else (-1, 1)


def _taken_back(comment: Comment, person: Person) -> tuple[int, int]:
    gone = db.session.execute(
        sa.delete(Agreement).where(Agreement.comment_id == comment.id, Agreement.person_id == person.id)
        .returning(Agreement.agrees)).first()
    return (0, 0) if gone is None else (-int(gone.agrees), -int(not gone.agrees))


def _move(comment_id: int, agreed: int, disagreed: int) -> None:
    db.session.execute(
        sa.update(Contribution).where(Contribution.id == comment_id).values(
            agree_count=Contribution.agree_count + agreed, disagree_count=Contribution.disagree_count + disagreed)
        .execution_options(synchronize_session="fetch"))


def forget(person_id: int) -> None:
    """Take back all that somebody agreed and disagreed with, when they leave."""
    gone = db.session.execute(
        sa.delete(Agreement).where(Agreement.person_id == person_id)
        .returning(Agreement.comment_id, Agreement.agrees).execution_options(synchronize_session=False)).all()
    for row in sorted(gone):
        _move(row.comment_id, -int(row.agrees), -int(not row.agrees))
