"""Moving an account to another e-mail address: both say yes, and the old one can stop it.

Whether the new address has an account shows only in the mail that it gets.
"""

import enum
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from consult.accounts import queries
from consult.accounts.models import Person
from consult.accounts.services import AccountClosed, PasswordChanged, hashed, kill_links, normalised
from consult.core import clock, events, jobs, outbox
from consult.core.db import Base, db, pk, rows_touched

LASTS = timedelta(hours=48)


class Side(enum.Enum):
    OLD = "old"
    NEW = "new"


class AddressChange(Base):
    """A person asked for another address; it becomes theirs once the links sent to both were followed."""

    __tablename__ = "address_change"

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)
    new_email: Mapped[str] = mapped_column(sa.String(254))
    old_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    new_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    old_agreed_at: Mapped[datetime | None]
    new_agreed_at: Mapped[datetime | None]
    expires_at: Mapped[datetime] = mapped_column(index=True)

    person: Mapped[Person] = relationship()

    def agreed(self, side: Side) -> bool:
        """True once the link sent to this address was followed."""
        return (self.old_agreed_at if side is Side.OLD else self.new_agreed_at) is not None


@dataclass(frozen=True, kw_only=True)
class AddressChangeAsked(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class AddressAgreed(events.Event):
    person_id: int
    side: str


@dataclass(frozen=True, kw_only=True)
class AddressChangeStopped(events.Event):
    person_id: int


@dataclass(frozen=True, kw_only=True)
class AddressChanged(events.Event):
    person_id: int


def ask(person: Person, email: str) -> None:
    """Send a link to the old address and one to the new; what was asked before is dropped."""
    _drop(person.id)
    tokens = {side: secrets.token_urlsafe(32) for side in Side}
    change = AddressChange(person_id=person.id, new_email=normalised(email), old_hash=hashed(tokens[Side.OLD]),
                           new_hash=hashed(tokens[Side.NEW]), expires_at=clock.now() + LASTS)
    db.session.add(change)
    once = secrets.token_hex(12)
    outbox.post(person.email, "address_change_old", key=f"address-old-{once}", language=person.language,
                token=tokens[Side.OLD], new=change.new_email)
    template = "account_known" if queries.by_email(change.new_email) else "address_change_new"
    outbox.post(change.new_email, template, key=f"address-new-{once}", language=person.language,
                token=tokens[Side.NEW])
    events.record(AddressChangeAsked(actor_id=person.id))


def waiting_of(person: Person) -> AddressChange | None:
    """What a person asked for and what is not settled yet."""
    return db.session.scalar(sa.select(AddressChange).where(
        AddressChange.person_id == person.id, AddressChange.expires_at > clock.now()))


def followed(token: str) -> tuple[AddressChange, Side] | None:
    """The change that a link belongs to, and to which address it was sent; looking does not use it."""
    mark = hashed(token)
    change = db.session.scalar(
        sa.select(AddressChange).join(AddressChange.person).options(joinedload(AddressChange.person))
        .where(sa.or_(AddressChange.old_hash == mark, AddressChange.new_hash == mark),
               AddressChange.expires_at > clock.now(), Person.closed_at.is_(None)))
    if change is None:
        return None
    return change, Side.OLD if change.old_hash == mark else Side.NEW


def agree(change: AddressChange, side: Side) -> bool:
    """Note that the owner of one address agrees; once both have, the account moves.

    False where somebody else has got the new address meanwhile, or the change was stopped.
    """
    held = sa.select(AddressChange).where(AddressChange.id == change.id).with_for_update()
    if db.session.scalar(held.execution_options(populate_existing=True)) is None:
        return False
    if not change.agreed(side):
        if side is Side.OLD:
            change.old_agreed_at = clock.now()
        else:
            change.new_agreed_at = clock.now()
        events.record(AddressAgreed(actor_id=change.person_id, person_id=change.person_id, side=side.value))
    if not (change.old_agreed_at and change.new_agreed_at):
        return True
    return _move(change)


def stop(change: AddressChange, *, actor: Person | None) -> None:
    """Drop a change: its links are worthless, the address stays."""
    _drop(change.person_id)
    events.record(AddressChangeStopped(actor_id=actor.id if actor else None, person_id=change.person_id))


def _move(change: AddressChange) -> bool:
    person, old, new = change.person, change.person.email, change.new_email
    taken = sa.exists().where(Person.email == new).correlate(None)
    moved = rows_touched(sa.update(Person).where(Person.id == person.id, ~sa.select(taken).scalar_subquery())
                         .values(email=new).execution_options(synchronize_session=False))
    _drop(person.id)
    if not moved:
        events.record(AddressChangeStopped(actor_id=None, person_id=person.id))
        return False
    db.session.refresh(person)
    kill_links(person)
    events.record(AddressChanged(actor_id=person.id, person_id=person.id))
    for address in (old, new):
        outbox.post(address, "address_changed", key=f"address-changed-{secrets.token_hex(12)}",
                    language=person.language)
    return True


def _drop(person_id: int) -> None:
    db.session.execute(sa.delete(AddressChange).where(AddressChange.person_id == person_id))


@events.on(PasswordChanged, AccountClosed)
def drop_with_password(event: PasswordChanged | AccountClosed) -> None:
    """Whoever takes an account back by a new password takes back what others began with the old one."""
    _drop(event.person_id)


@jobs.every_minute
def forget() -> None:
    """Drop what nobody settled in time."""
    db.session.execute(sa.delete(AddressChange).where(AddressChange.expires_at < clock.now()))
