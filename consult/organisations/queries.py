"""Organisations, who speaks for them, and what awaits the plan office."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Mandate, Organisation, Person, Role, RoleGrant
from consult.core import paging
from consult.core.db import db
from consult.organisations.models import Description, Standing
from consult.territory.models import Authority, StakeholderCategory

SIZE = 24


def called(slug: str) -> Organisation | None:
    """The organisation by the name in its address."""
    return db.session.scalar(_whole().where(Organisation.slug == slug))


def with_id(id: int) -> Organisation | None:
    """The organisation of a number, with what its pages show."""
    return db.session.scalar(_whole().where(Organisation.id == id))


def _whole() -> sa.Select[Organisation]:
    return sa.select(Organisation).options(joinedload(Organisation.category), joinedload(Organisation.municipality))


def listed(category: StakeholderCategory | None, after: str | None) -> paging.Page:
    """Verified organisations by name, of one category if asked for."""
    wanted = _whole().where(Organisation.verified_at.is_not(None))
    if category is not None:
        wanted = wanted.where(Organisation.category_id == category.id)
    return paging.page(wanted, [paging.Order(Organisation.name), paging.Order(Organisation.id)], after=after, size=SIZE)


def counted_by_category() -> dict[int | None, int]:
    """How many verified organisations there are of each category, by its id."""
    rows = db.session.execute(sa.select(Organisation.category_id, sa.func.count().label("how_many"))
                              .where(Organisation.verified_at.is_not(None)).group_by(Organisation.category_id))
    return {row.category_id: row.how_many for row in rows}


def waiting() -> Sequence[Organisation]:
    """Organisations that nobody has verified or refused yet, the oldest first."""
    return db.session.scalars(_whole().where(Organisation.verified_at.is_(None), Organisation.refused_at.is_(None))
                              .order_by(Organisation.created_at, Organisation.id).limit(100)).all()


def descriptions(organisation: Organisation, *standings: Standing) -> Sequence[Description]:
    """The descriptions of an organisation that stand so, the oldest first."""
    return db.session.scalars(sa.select(Description).where(
        Description.organisation_id == organisation.id, Description.standing.in_(standings))
        .order_by(Description.id)).all()


def latest_description(organisation: Organisation) -> Description | None:
    """What was written last and not taken back: it is public, waits or was hidden."""
    living = descriptions(organisation, Standing.PENDING, Standing.PUBLISHED, Standing.HIDDEN)
    return living[-1] if living else None


def hidden_description(organisation: Organisation) -> bool:
    """Whether a moderator hid what the organisation said of itself last."""
    latest = latest_description(organisation)
    return latest is not None and latest.standing is Standing.HIDDEN


def replaced_by(description: Description) -> Description | None:
    """The description that another one took the place of."""
    return db.session.scalar(sa.select(Description).where(Description.replaced_by_id == description.id)
                             .order_by(Description.id.desc()).limit(1))


def read_first() -> bool:
    """Whether a moderator reads descriptions before they are public."""
    first = db.session.scalar(sa.select(Authority.reads_descriptions_first).order_by(Authority.id).limit(1))
    return first is not False


def without_speakers() -> Sequence[Organisation]:
    """Verified organisations for which somebody spoke once and nobody does now."""
    held = sa.select(Mandate.id).where(Mandate.organisation_id == Organisation.id)
    return db.session.scalars(_whole().where(
        Organisation.verified_at.is_not(None), sa.exists(held), ~sa.exists(held.where(Mandate.ended_at.is_(None))))
        .order_by(Organisation.name, Organisation.id).limit(100)).all()


def speakers_of(organisations: Sequence[Organisation]) -> dict[int, list[Person]]:
    """Who holds a mandate of each of these organisations."""
    found: dict[int, list[Person]] = {organisation.id: [] for organisation in organisations}
    rows = db.session.execute(
        sa.select(Mandate.organisation_id, Person).join(Mandate.person)
        .where(Mandate.organisation_id.in_(found), Mandate.ended_at.is_(None)).order_by(Mandate.since, Mandate.id))
    for organisation_id, person in rows:
        found[organisation_id].append(person)
    return found


def mandates_of(organisation: Organisation) -> Sequence[Mandate]:
    """The mandates that hold now, the oldest first, with the people."""
    return db.session.scalars(
        sa.select(Mandate).where(Mandate.organisation_id == organisation.id, Mandate.ended_at.is_(None))
        .options(joinedload(Mandate.person)).order_by(Mandate.since, Mandate.id)).all()


def named(name: str, *, but: int | None = None) -> Organisation | None:
    """Another organisation of this name, whatever its capital letters; refused ones take no name."""
    return db.session.scalar(sa.select(Organisation).where(
        sa.func.lower(Organisation.name) == name.lower(), Organisation.refused_at.is_(None),
        Organisation.id != (but or 0)).limit(1))


def plan_office() -> Sequence[Person]:
    """Whoever works in the plan office and can be written to, else whoever administers the platform."""
    for role in (Role.PLAN_OFFICE, Role.PLATFORM_ADMIN):
        found = db.session.scalars(
            sa.select(Person).where(Person.closed_at.is_(None), Person.confirmed_at.is_not(None),
                                    Person.role_grants.any(RoleGrant.role == role)).order_by(Person.id)).all()
        if found:
            return found
    return []
