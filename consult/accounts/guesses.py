"""Wrong passwords: whoever types many waits longer each time, and nobody can lock out somebody else.

They are counted for an address together with the network they come from, strictly; and for an address from
everywhere, loosely: an address under attack leaves each network fewer tries, so its owner, from a network of their
own, still has some. Known and unknown addresses are counted alike. Of address and network only a tag is kept that
leads to neither without a key outside the database, for a day.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person
from consult.core import clock, events, jobs, keys, outbox
from consult.core.db import Base, db, insert

TRIES, TRIES_UNDER_ATTACK = 10, 3
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=1)
ATTACK = 50
"""Wrong passwords within a day, from everywhere, that make an attack."""
TOLD = 20
"""Wrong passwords within a day after which the owner is told."""
REMEMBERED = timedelta(days=1)


class WrongGuesses(Base):
    """How many wrong passwords were typed lately for an address, from one network or from everywhere."""

    __tablename__ = "wrong_guesses"

    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    number: Mapped[int] = mapped_column(default=0)
    last_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


@dataclass(frozen=True, kw_only=True)
class AttackNoticed(events.Event):
    person_id: int


def wait(email: str, network: str) -> timedelta:
    """How long a network must wait before it may try a password for an address; nothing if it may at once.

    Until the transaction ends nobody else tries from the same network, so many at once are no more than one by one.
    """
    tries = TRIES_UNDER_ATTACK if _counted(email).number >= ATTACK else TRIES
    here = _held(email, network)
    if here.number < tries:
        return timedelta()
    # far more doublings than it takes to reach the longest wait
    growing: timedelta = FIRST_WAIT * int(2 ** min(here.number - tries, 20))
    return max(here.last_at + min(growing, LONGEST_WAIT) - clock.now(), timedelta())


def wrong(email: str, network: str, person: Person | None) -> None:
    """Count a wrong password; the owner of an address that many are typed for is told, once a day."""
    for counted in (_held(email, network), everywhere := _held(email)):
        counted.number, counted.last_at = counted.number + 1, clock.now()
    if person is not None and everywhere.number == TOLD:
        events.record(AttackNoticed(actor_id=None, person_id=person.id))
        outbox.post(person.email, "account_attacked", key=f"account-attacked-{person.id}-{clock.now():%Y-%m-%d}",
                    language=person.language)


def right(email: str, network: str) -> None:
    """Forget the wrong ones before the right one, where it came from."""
    db.session.delete(_held(email, network))


def _tag(*parts: str) -> str:
    return keys.tag("doors", "\0".join(parts))


def _counted(email: str) -> WrongGuesses:
    """What is counted from everywhere, read only: those who only look wait for nobody."""
    found = db.session.get(WrongGuesses, _tag(email))
    return found if found is not None and _lately(found) else WrongGuesses(tag="", number=0)


def _held(*parts: str) -> WrongGuesses:
    """A count, begun anew after a day without a wrong password, that nobody else changes until the transaction ends."""
    tag = _tag(*parts)
    db.session.execute(insert(WrongGuesses).values(tag=tag).on_conflict_do_nothing(index_elements=["tag"]))
    found = db.session.scalars(sa.select(WrongGuesses).where(WrongGuesses.tag == tag)
                               .with_for_update().execution_options(populate_existing=True)).one()
    if not _lately(found):
        found.number = 0
    return found


def _lately(found: WrongGuesses) -> bool:
    return found.last_at > clock.now() - REMEMBERED


@jobs.every_minute
def forget() -> None:
    """Drop counts that nobody has added to for a day."""
    db.session.execute(sa.delete(WrongGuesses).where(WrongGuesses.last_at < clock.now() - REMEMBERED))
