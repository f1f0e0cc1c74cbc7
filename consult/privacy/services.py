"""Publishing a privacy notice, and noting who has had which before them."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import db, insert, rows_touched
from consult.core.languages import Localized
from consult.privacy import queries
from consult.privacy.models import NoticeRead, PrivacyNotice


@dataclass(frozen=True, kw_only=True)
class NoticePublished(events.Event):
    version: int


@dataclass(frozen=True, kw_only=True)
class NoticeAcknowledged(events.Event):
    version: int


def publish(text: Localized, changes: Localized, actor: Person) -> PrivacyNotice:
    """Put a new version of the notice in the place of the present one; everybody is asked to read it."""
    notice = PrivacyNotice(version=queries.version() + 1, text=text, changes=changes, published_by_id=actor.id)
    db.session.add(notice)
    db.session.flush()
    events.record(NoticePublished(actor_id=actor.id, version=notice.version))
    return notice


def acknowledge(person: Person) -> None:
    """Note that somebody has read the present version; read already, nothing changes."""
    if note_read(person.id):
        events.record(NoticeAcknowledged(actor_id=person.id, version=queries.version()))


def note_read(person_id: int) -> bool:
    """Note the present version as the one that somebody had before them; answers whether that is new."""
    row = insert(NoticeRead).values(person_id=person_id, version=queries.version())
    return bool(rows_touched(row.on_conflict_do_nothing()))


def withdraw_reading(person_id: int) -> None:
    """Forget what somebody has read."""
    db.session.execute(sa.delete(NoticeRead).where(NoticeRead.person_id == person_id))
