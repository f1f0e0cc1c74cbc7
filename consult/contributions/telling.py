"""Telling people what happened to what they wrote, follow or support: the one door through which it goes."""

from collections.abc import Callable, Iterable
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Follow
from consult.core import outbox
from consult.core.db import db


def tell(people: Iterable[Person], what: str, *, key: str, of: Callable[[Person], dict[str, Any]] | None = None,
         **facts: Any) -> None:
    """Have each of these people hear of something, in their language, once for each `key`.

    `what` names the text, of which `templates/mail/` holds the form for mails; `facts` are what it speaks of, and
    `of` answers what is so for one person alone.
    """
    for person in people:
        outbox.post(person.email, what, key=f"{key}-{person.id}", language=person.language,
                    **facts, **(of(person) if of else {}))


def reachable() -> list[sa.ColumnElement[bool]]:
    """Holds for people who can be written to."""
    return [Person.email.is_not(None), Person.closed_at.is_(None), Person.erased_at.is_(None)]


def writers(contribution_ids: Iterable[int]) -> list[Person]:
    """Who wrote these contributions, each once."""
    wrote = sa.select(Contribution.author_id).where(Contribution.id.in_(list(contribution_ids)))
    return list(db.session.scalars(sa.select(Person).where(Person.id.in_(wrote), *reachable()).order_by(Person.id))
                .unique())


def concerned(contribution_ids: Iterable[int]) -> list[Person]:
    """Who wrote these contributions and whoever follows them, each once."""
    ids = list(contribution_ids)
    wrote = sa.select(Contribution.author_id).where(Contribution.id.in_(ids))
    follow = sa.select(Follow.person_id).where(Follow.contribution_id.in_(ids))
    return list(db.session.scalars(sa.select(Person).where(
        sa.or_(Person.id.in_(wrote), Person.id.in_(follow)), *reachable()).order_by(Person.id)).unique())
