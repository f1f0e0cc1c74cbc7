"""Finding attachments; the files themselves are found by their token."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.attachments.models import Attachment
from consult.contributions.models import Contribution
from consult.core import files
from consult.core.db import db
from consult.processes.models import Activity, Phase


def by_token(token: str) -> Attachment | None:
    """One attachment with all that decides who may see it."""
    activity = joinedload(Attachment.contribution).joinedload(Contribution.activity)
    process = activity.joinedload(Activity.phase).joinedload(Phase.process)
    rows = sa.select(Attachment).where(Attachment.token == token[:32])
    return db.session.scalars(rows.options(process)).first()


def of_contribution(contribution: Contribution) -> Sequence[Attachment]:
    """The attachments of one contribution in the order in which they came; no query where it has none."""
    return of_contributions([contribution]).get(contribution.id, [])


def of_contributions(contributions: Iterable[Contribution]) -> dict[int, list[Attachment]]:
    """The attachments of several contributions by its id, in one query whatever their number."""
    wanted = [contribution.id for contribution in contributions if contribution.attachment_count]
    found: dict[int, list[Attachment]] = defaultdict(list)
    if wanted:
        rows = sa.select(Attachment).where(Attachment.contribution_id.in_(wanted)).order_by(Attachment.id)
        for attachment in db.session.scalars(rows):
            assert attachment.contribution_id is not None  # noqa: S101 - for whoever checks the types
            found[attachment.contribution_id].append(attachment)
    return found


def in_form(owner: Person, tokens: Sequence[str], contribution: Contribution | None) -> list[Attachment]:
    """Of the files named by a form those that may stand there: loose ones of its writer, and this contribution's.

    They come in the order in which they were sent.
    """
    if not tokens:
        return []
    mine = sa.and_(Attachment.contribution_id.is_(None), Attachment.owner_id == owner.id)
    if contribution is not None:
        mine = sa.or_(mine, Attachment.contribution_id == contribution.id)
    return list(db.session.scalars(
        sa.select(Attachment).where(Attachment.token.in_(tokens), mine).order_by(Attachment.id)))


@files.naming
def known(tokens: Sequence[str]) -> set[str]:
    """Which of these names stand in a row."""
    return set(db.session.scalars(sa.select(Attachment.token).where(Attachment.token.in_(tokens))))


def forgotten(*, before: datetime, most: int) -> Sequence[Attachment]:
    """Files of forms that were never sent in, at most so many."""
    return db.session.scalars(sa.select(Attachment).where(
        Attachment.contribution_id.is_(None), Attachment.created_at < before).limit(most)).all()
