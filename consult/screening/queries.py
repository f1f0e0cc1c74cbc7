"""What was found, for the moderators and nobody else."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.moderation import contributed
from consult.moderation.models import Origin
from consult.screening.models import Finding, Mode


@contributed.picked(Origin.SCREENED)
def waiting() -> sa.Select[Any]:
    """Public, not reported by readers, and with a sign that nobody has looked at yet."""
    found = (sa.select(Finding.contribution_id, sa.func.min(Finding.found_at).label("since"))
             .where(Finding.settled_at.is_(None)).group_by(Finding.contribution_id).subquery())
    return (contributed.row(found.c.since).select_from(found)
            .join(Contribution, Contribution.id == found.c.contribution_id)
            .where(Contribution.state == State.PUBLISHED, Contribution.flag_count == 0))


def findings(contribution: Contribution) -> Sequence[Finding]:
    """What was found in a text as it stands."""
    return db.session.scalars(sa.select(Finding).where(
        Finding.contribution_id == contribution.id, Finding.version == contribution.version)
        .order_by(Finding.id)).all()


def held(ids: Iterable[int]) -> set[int]:
    """Those of these contributions that a sign keeps from being public."""
    return set(db.session.scalars(sa.select(Finding.contribution_id).where(
        Finding.contribution_id.in_([*ids]), Finding.mode == Mode.HOLD, Finding.settled_at.is_(None))))
