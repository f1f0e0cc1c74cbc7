"""Domains that hand out addresses to throw away: whoever has one of those can have a hundred.

The house brings a small list; the administrator adds to it and lifts what does harm.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import sqlalchemy as sa
from email_validator import EmailNotValidError, validate_email
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from consult.accounts.models import Person
from consult.core import clock, events
from consult.core.db import Base, db, insert, rows_touched
from consult.core.policy import Reason


class ThrowawayDomain(Base):
    """What the administrator has said of a domain: refused, or let in although the list of the house names it."""

    __tablename__ = "throwaway_domain"

    name: Mapped[str] = mapped_column(sa.String(253), primary_key=True)
    refused: Mapped[bool]
    since: Mapped[datetime] = mapped_column(default=clock.now)


@dataclass(frozen=True, kw_only=True)
class DomainRefused(events.Event):
    domain: str


@dataclass(frozen=True, kw_only=True)
class DomainLetIn(events.Event):
    domain: str


@dataclass(frozen=True)
class Lists:
    """Names in the order of the alphabet: refused by the administrator, by the house, and let in again."""

    own: Sequence[str]
    shipped: Sequence[str]
    let_in: Sequence[str]


@cache
def _shipped() -> frozenset[str]:
    text = Path(__file__).with_name("throwaway_domains.txt").read_text(encoding="ascii")
    return frozenset(line for line in text.split("\n") if line and not line.startswith("#"))


def why_refused(email: str) -> Reason | None:
    """The sentence for whoever has an address of a refused domain, or of one below it; None for all others."""
    domain = _ascii(email)
    if domain is None:
        return None
    labels = domain.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    said = {row.name: row.refused for row in db.session.scalars(
        sa.select(ThrowawayDomain).where(ThrowawayDomain.name.in_(above)))}
    if not any(said.get(name, name in _shipped()) for name in above):
        return None
    return _l("Addresses of this service are made to be thrown away, so nobody could be written to later. Use the "
              "address at which you read your mail.")


def named(domain: str) -> str | None:
    """The one form in which a domain is kept, or None for what is no domain."""
    return _ascii(f"x@{domain.strip().removeprefix('@').strip('.')}")


def lists() -> Lists:
    """What is refused now, and why."""
    said = {row.name: row.refused for row in db.session.scalars(sa.select(ThrowawayDomain))}
    return Lists(own=sorted(name for name, refused in said.items() if refused),
                 shipped=sorted(_shipped() - set(said)),
                 let_in=sorted(name for name, refused in said.items() if not refused))


def refuse(domain: str, *, actor: Person) -> bool:
    """Refuse addresses of a domain and of all below it; False if they were refused already."""
    if domain in _shipped():
        changed = bool(rows_touched(sa.delete(ThrowawayDomain).where(ThrowawayDomain.name == domain)))
    else:
        row = insert(ThrowawayDomain).values(name=domain, refused=True)
        changed = bool(rows_touched(row.on_conflict_do_nothing(index_elements=["name"])))
    if changed:
        events.record(DomainRefused(actor_id=actor.id, domain=domain))
    return changed


def let_in(domain: str, *, actor: Person) -> bool:
    """Let addresses of a domain in again; False if they were not refused by this name."""
    if domain in _shipped():
        row = insert(ThrowawayDomain).values(name=domain, refused=False)
        changed = bool(rows_touched(row.on_conflict_do_nothing(index_elements=["name"])))
    else:
        changed = bool(rows_touched(sa.delete(ThrowawayDomain).where(ThrowawayDomain.name == domain)))
    if changed:
        events.record(DomainLetIn(actor_id=actor.id, domain=domain))
    return changed


def _ascii(email: str) -> str | None:
    try:
        return str(validate_email(email, check_deliverability=False).ascii_domain).lower()
    except EmailNotValidError:
        return None
