"""The demonstration process."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.core.db import db
from consult.territory.models import Authority

PASSWORD = "dimostrazione"  # noqa: S105 - public on purpose: refused outside the demonstration


@dataclass(frozen=True)
class Account:
    email: str
    note: str


def empty() -> bool:
    """True on a database that holds nothing yet."""
    return db.session.scalar(sa.select(Authority.id).limit(1)) is None


def load() -> None:
    """Load the demonstration."""


def accounts() -> list[Account]:
    """The accounts of the demonstration that are there."""
    return []
