"""Erasing a person; and the list of those who were erased, kept apart so that no restored backup brings them back.

What stays of a person is the row with its number and municipality, to which contributions and counts lead: whoever
reads it learns nothing of who it was. The list in `erased.jsonl` holds numbers and times only. It belongs with every
backup of the database that is put back, and is applied with `flask --app app privacy reapply` before the site opens.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from consult.accounts import services as accounts
from consult.accounts.former import FormerIdentity
from consult.accounts.models import Person, Role
from consult.accounts.personal import PersonErased
from consult.core import clock, config, events, jobs, outbox
from consult.core.db import db, rows_touched
from consult.core.outbox import OutboxMessage
from consult.processes.models import Activity

FAREWELL = "farewell-"
"""How the key of the last message begins: its address goes as soon as it is sent."""


def erase(person: Person, *, withdraw: bool, actor: Person | None, say_goodbye: bool = True) -> None:
    """Take away all that tells who somebody was; what they wrote stays without them, or is withdrawn.

    Raises RoleError, and changes nothing, where nobody would be left to administer the platform. A person who is
    erased already stays so.
    """
    if person.erased_at is not None:
        return
    for grant in sorted(person.role_grants, key=lambda grant: grant.role is not Role.PLATFORM_ADMIN):
        accounts.revoke(person, grant.role, process_id=grant.process_id, actor=actor)
    if person.closed_at is None:
        accounts.close(person, actor=actor)
    events.record(PersonErased(actor_id=actor.id if actor else None, person_id=person.id, withdraw=withdraw))
    email, language, person.email, person.language = person.email, person.language, None, "it"
    db.session.flush()
    if email:
        db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.recipient == email))
    if email and say_goodbye:
        outbox.post(email, "privacy_erased", key=f"{FAREWELL}{person.id}", language=language, withdrawn=withdraw)
    forget_identities()
    jobs.after_commit(note_erasures)


def forget_identities() -> int:
    """Drop the hashes of those who left once everything has closed that was open then; answers how many."""
    open_then = sa.exists().where(Activity.opens_at <= FormerIdentity.left_at, Activity.closes_at > clock.now())
    return rows_touched(sa.delete(FormerIdentity).where(~open_then).execution_options(synchronize_session=False))


@dataclass(frozen=True)
class Erasure:
    """A line of the list."""

    id: int
    at: str
    withdraw: bool


def list_of_erasures() -> Path:
    """The file that is kept apart from the database."""
    return Path(config.current().instance) / "erased.jsonl"


def noted() -> Iterator[Erasure]:
    """Every line of the list that was written whole."""
    path = list_of_erasures()
    for line in path.read_text(encoding="utf-8").splitlines() if path.exists() else []:
        try:
            yield Erasure(**json.loads(line))
        except (ValueError, TypeError):
            continue  # the machine stopped while it was written: it is written again


@jobs.task
@jobs.every_minute
def note_erasures() -> None:
    """Write into the list whoever was erased and is not in it yet; the fast way is a task, the sure way the clock."""
    erased = db.session.execute(
        sa.select(Person.id, Person.erased_at, Person.withdrew).where(Person.erased_at.is_not(None))).all()
    known = {(line.id, line.at) for line in noted()} if erased else set()
    lines = [Erasure(id, at.isoformat(), withdrew) for id, at, withdrew in erased if at]
    new = [line for line in lines if (line.id, line.at) not in known]
    if new:
        _append(new)


def _append(lines: list[Erasure]) -> None:
    """Add lines, each whole, and have them on the disk before anybody is told."""
    text = "".join(json.dumps(asdict(line)) + "\n" for line in lines)
    descriptor = os.open(list_of_erasures(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, b"\n" + text.encode() if _torn() else text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _torn() -> bool:
    text = list_of_erasures().read_bytes()
    return bool(text) and not text.endswith(b"\n")


def reapply() -> list[int]:
    """Erase again everybody in the list whom the database still knows; answers their numbers.

    A number given anew, to somebody who registered after the erasure, is not the one that was erased.
    """
    again = []
    for line in noted():
        person = db.session.get(Person, line.id)
        at = datetime.fromisoformat(line.at)
        if person is None or person.erased_at is not None or person.created_at > at:
            continue
        erase(person, withdraw=line.withdraw, actor=None, say_goodbye=False)
        person.erased_at = at
        again.append(line.id)
    return again
