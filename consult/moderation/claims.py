"""Having something in hand: one moderator at a time, for ten minutes, given back by itself."""

from collections.abc import Iterable
from datetime import timedelta
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db, insert, rows_touched
from consult.moderation.models import Claim

LASTS = timedelta(minutes=10)


def take(subject: str, person: Person) -> Claim | None:
    """Take something in hand, or keep it for ten minutes more; None while somebody else has it.

    Of several at once exactly one has it: an index allows one open claim.
    """
    now = clock.now()
    own = sa.update(Claim).where(Claim.subject == subject, Claim.ended_at.is_(None))
    if not rows_touched(own.where(Claim.person_id == person.id, Claim.until > now).values(until=now + LASTS)):
        rows_touched(own.where(Claim.until <= now).values(ended_at=Claim.until))
        row = insert(Claim).values(subject=subject, person_id=person.id, taken_at=now, until=now + LASTS)
        db.session.execute(row.on_conflict_do_nothing())
    found = held(subject)
    return found if found is not None and found.person_id == person.id else None


def give_back(subject: str, person: Person) -> None:
    """Let others take it."""
    db.session.execute(sa.update(Claim).where(
        Claim.subject == subject, Claim.person_id == person.id, Claim.ended_at.is_(None))
        .values(ended_at=clock.now()))


def used(subject: str, person: Person, *, ends: bool) -> int | None:
    """The claim with which somebody decides, which may end with it; None where they have it in hand no longer."""
    now = clock.now()
    found: int | None = db.session.scalar(sa.update(Claim).where(
        Claim.subject == subject, Claim.ended_at.is_(None), Claim.person_id == person.id, Claim.until > now)
        .values({"ended_at": now} if ends else {"until": now + LASTS}).returning(Claim.id))
    return found


def end(subject: str) -> None:
    """Once it is decided nobody has it any more."""
    db.session.execute(sa.update(Claim).where(Claim.subject == subject, Claim.ended_at.is_(None))
                       .values(ended_at=clock.now()))


def held(subject: str) -> Claim | None:
    """Who has something in hand now."""
    return held_of([subject]).get(subject)


def held_of(subjects: Iterable[str]) -> dict[str, Claim]:
    """Who has what in hand now, of these."""
    found = db.session.scalars(_held(), {"subjects": list(subjects), "now": clock.now()})
    return {claim.subject: claim for claim in found}


@cache
def _held() -> sa.Select[Claim]:
    return sa.select(Claim).where(
        Claim.subject.in_(sa.bindparam("subjects", expanding=True)), Claim.ended_at.is_(None),
        Claim.until > sa.bindparam("now", type_=Claim.until.type)).options(joinedload(Claim.person).load_only(
            Person.display_name, Person.shows_name, Person.minor, Person.erased_at, Person.municipality_id))
