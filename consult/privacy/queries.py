"""Versions of the notice and who has read them; what was removed when."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.privacy.models import PrivacyNotice, RetentionRun


def notices() -> Sequence[PrivacyNotice]:
    """Every version that was published here, the latest first."""
    return db.session.scalars(sa.select(PrivacyNotice).order_by(PrivacyNotice.version.desc())).all()


def notice() -> PrivacyNotice | None:
    """The version in force; None while it is the one that comes with the software."""
    return db.session.scalar(sa.select(PrivacyNotice).order_by(PrivacyNotice.version.desc()).limit(1))


def version() -> int:
    """The number of the version in force, 0 for the one that comes with the software."""
    return db.session.scalar(sa.select(sa.func.max(PrivacyNotice.version))) or 0


def unread(person: Any) -> PrivacyNotice | None:
    """The version in force, where whoever asks has not had it before them: asked for only where it is there."""
    return notice() if person.owes_reading else None


def last_runs() -> dict[str, RetentionRun]:
    """When each rule was applied last, by its code, and how many things went."""
    latest = sa.select(RetentionRun.rule, sa.func.max(RetentionRun.day).label("day")).group_by(RetentionRun.rule)
    last = latest.subquery()
    rows = db.session.scalars(sa.select(RetentionRun).join(last, sa.and_(
        last.c.rule == RetentionRun.rule, last.c.day == RetentionRun.day)))
    return {run.rule: run for run in rows}
