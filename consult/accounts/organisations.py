"""Organisations and who speaks for them."""

from dataclasses import dataclass
from itertools import count

import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation, Person
from consult.core import clock, events, richtext
from consult.core.db import db, insert, rows_touched


@dataclass(frozen=True, kw_only=True)
class OrganisationRegistered(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationVerified(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MandateEnded(events.Event):
    mandate_id: int


def register(person: Person, *, name: str, category_id: int | None, municipality_id: int | None,
             description: str) -> Organisation:
    """Enter an organisation that the person speaks for, as soon as the plan office has verified it."""
    base = richtext.slug(name, 70)
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        row = insert(Organisation).values(slug=slug, name=name, category_id=category_id,
                                          municipality_id=municipality_id, description=description)
        if rows_touched(row.on_conflict_do_nothing(index_elements=["slug"])):
            break
    organisation = db.session.scalars(sa.select(Organisation).where(Organisation.slug == slug)).one()
    person.mandates.append(Mandate(organisation=organisation))
    events.record(OrganisationRegistered(actor_id=person.id, organisation_id=organisation.id))
    return organisation


def verify(organisation: Organisation, *, actor: Person) -> None:
    """Say that an organisation exists and that whoever registered it may speak for it."""
    if organisation.verified_at is None:
        organisation.verified_at = clock.now()
        events.record(OrganisationVerified(actor_id=actor.id, organisation_id=organisation.id))


def leave(mandate: Mandate) -> None:
    """Stop speaking for an organisation; what was said in its name stays."""
    if mandate.ended_at is None:
        mandate.ended_at = clock.now()
        events.record(MandateEnded(actor_id=mandate.person_id, mandate_id=mandate.id))
