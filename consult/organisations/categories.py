"""The kinds of organisations, as the authority tells them apart."""

from dataclasses import dataclass
from itertools import count

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.core import events, richtext
from consult.core.db import db, insert, rows_touched
from consult.core.languages import Localized
from consult.territory.models import StakeholderCategory


@dataclass(frozen=True, kw_only=True)
class CategoryAdded(events.Event):
    category_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryRenamed(events.Event):
    category_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryMoved(events.Event):
    category_id: int


@dataclass(frozen=True, kw_only=True)
class CategoryRemoved(events.Event):
    category_id: int


class InUseError(ValueError):
    """A category that something is still of."""


def add(name: Localized, *, actor: Person) -> StakeholderCategory:
    """Add a category at the end of the list."""
    base = richtext.slug(name.in_language("it"), 34)
    last = db.session.scalar(sa.select(sa.func.max(StakeholderCategory.position))) or 0
    for number in count(1):
        code = base if number == 1 else f"{base}-{number}"
        row = insert(StakeholderCategory).values(code=code, name=name, position=last + 1)
        if rows_touched(row.on_conflict_do_nothing(index_elements=["code"])):
            break
    category = db.session.scalars(sa.select(StakeholderCategory).where(StakeholderCategory.code == code)).one()
    events.record(CategoryAdded(actor_id=actor.id, category_id=category.id))
    return category


def rename(category: StakeholderCategory, name: Localized, *, actor: Person) -> None:
    """Give a category another name; its code, which addresses hold, stays. An equal name changes nothing."""
    if name != category.name:
        category.name = name
        events.record(CategoryRenamed(actor_id=actor.id, category_id=category.id))


def move(category: StakeholderCategory, steps: int, *, actor: Person) -> None:
    """Put a category one place up (-1) or down (1); at the end of the list it stays where it is."""
    order = list(accounts.categories())
    here = order.index(category)
    there = here + steps
    if not 0 <= there < len(order):
        return
    order[here], order[there] = order[there], order[here]
    for position, each in enumerate(order, 1):
        each.position = position
    events.record(CategoryMoved(actor_id=actor.id, category_id=category.id))


def remove(category: StakeholderCategory, *, actor: Person) -> None:
    """Remove a category. Raises InUseError, and changes nothing, while anything is of it."""
    id = category.id
    try:
        with db.session.begin_nested():
            db.session.execute(sa.delete(StakeholderCategory).where(StakeholderCategory.id == id))
    except IntegrityError:
        raise InUseError(category.code) from None
    events.record(CategoryRemoved(actor_id=actor.id, category_id=id))
