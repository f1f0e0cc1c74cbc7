"""What is blacked out."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.redactions.models import Redaction


def standing(subject: str) -> Sequence[Redaction]:
    """What is blacked out and can be brought back, in the order of the decisions."""
    return _all(Redaction.subject == subject, Redaction.uncovered_by_id.is_(None), Redaction.lost.is_(False))


def words_of(contribution_ids: Iterable[int]) -> dict[int, list[str]]:
    """All words of contributions that nobody else may read, be their place known or not, by their ids; one query."""
    found: dict[int, list[str]] = {}
    for one in db.session.scalars(sa.select(Redaction).where(
            Redaction.contribution_id.in_(list(contribution_ids)), Redaction.uncovered_by_id.is_(None),
            Redaction.words != "").order_by(Redaction.id)):
        found.setdefault(one.contribution_id or 0, []).append(one.words)
    return found


def how_many(subject: str) -> int:
    """How many passages are blacked out."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Redaction).where(
        Redaction.subject == subject, Redaction.uncovered_by_id.is_(None), Redaction.lost.is_(False))) or 0


def made_by(decision_id: int) -> Sequence[Redaction]:
    """What a decision has blacked out, if it still is."""
    return _all(Redaction.decision_id == decision_id, Redaction.uncovered_by_id.is_(None), Redaction.lost.is_(False))


def uncovered_by(decision_id: int) -> Sequence[Redaction]:
    """What a decision has brought back."""
    return _all(Redaction.uncovered_by_id == decision_id)


def _all(*which: sa.ColumnElement[bool]) -> Sequence[Redaction]:
    return db.session.scalars(sa.select(Redaction).where(*which).options(joinedload(Redaction.decision))
                              .order_by(Redaction.id)).all()
