"""Supports of a text divided by municipality, and by the category of the organisation for which people spoke."""

import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation
from consult.contributions.models import Contribution
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.statements import made_once
from consult.processes.models import Process
from consult.territory.models import Municipality, StakeholderCategory
from consult.voting.models import Support, SupportTally


@dataclass(frozen=True)
class From:
    """How many supports came from a place; without a name, from elsewhere or from people who did not say."""

    name: str | None
    count: int


@dataclass(frozen=True)
class For:
    """How many supports came from who spoke for organisations of a category; with none, for no organisation."""

    category: Localized | None
    count: int


@dataclass(frozen=True)
class Divided:
    """Supports from every municipality of the percorso and for every category, those without any included.

    Whoever spoke for several organisations counts for the one whose mandate they have had longest; supports that came
    as numbers count as those of people who spoke for none.
    """

    places: list[From]
    categories: list[For]


def divided(contribution: Contribution) -> Divided:
    """The supports of a contribution, divided both ways."""
    rows = db.session.execute(_divided(), {"process": contribution.process_id, "contribution": contribution.id}).all()
    places = [From(row.name, int(row.number)) for row in rows if row.by_place]
    categories = [For(Localized(json.loads(row.name)), int(row.number)) for row in rows if not row.by_place]
    elsewhere = contribution.support_count - sum(one.count for one in places)
    for_none = max(0, contribution.support_count - sum(one.count for one in categories))
    return Divided([*places, From(None, elsewhere)] if elsewhere > 0 else places, [*categories, For(None, for_none)])


@made_once
def _divided() -> Any:
    """One question for both; the names of categories, which are in several languages, as the text they are kept as."""
    both = sa.union_all(_by_municipality(), _by_category()).subquery()
    return sa.select(both).order_by(both.c.by_place, both.c.position, both.c.id)


def _by_municipality() -> Any:
    counted = by_place(sa.bindparam("contribution")).subquery()
    return (sa.select(sa.literal(1).label("by_place"), Municipality.position, Municipality.id,
                      sa.cast(Municipality.name, sa.Text).label("name"),
                      sa.func.coalesce(counted.c.count, 0).label("number"))
            .join(Process, Process.authority_id == Municipality.authority_id)
            .outerjoin(counted, counted.c.place == Municipality.id).where(Process.id == sa.bindparam("process")))


def _by_category() -> Any:
    """From the mandates, which are few: supports are found by their keys."""
    first = (sa.select(sa.func.min(Mandate.id).label("mandate"))
             .join(Support, sa.and_(Support.person_id == Mandate.person_id, Mandate.since <= Support.given_at,
                                    sa.or_(Mandate.ended_at.is_(None), Mandate.ended_at > Support.given_at)))
             .join(Organisation, Organisation.id == Mandate.organisation_id)
             .where(Support.contribution_id == sa.bindparam("contribution"), Organisation.verified_at.is_not(None),
                    Organisation.category_id.is_not(None))
             .group_by(Mandate.person_id).subquery())
    spoke = (sa.select(Organisation.category_id.label("category")).join(
        Mandate, Mandate.organisation_id == Organisation.id).join(first, first.c.mandate == Mandate.id).subquery())
    counted = sa.select(spoke.c.category, sa.func.count().label("count")).group_by(spoke.c.category).subquery()
    return (sa.select(sa.literal(0).label("by_place"), StakeholderCategory.position, StakeholderCategory.id,
                      sa.cast(StakeholderCategory.name, sa.Text).label("name"), sa.func.coalesce(counted.c.count, 0))
            .outerjoin(counted, counted.c.category == StakeholderCategory.id))


def by_place(contribution_id: Any) -> sa.Select[int, int]:
    """Supports given here and those that came as numbers, by id of the municipality, 0 for unknown."""
    given = sa.select(sa.func.coalesce(Support.municipality_id, 0).label("place"), sa.literal(1).label("count")).where(
        Support.contribution_id == contribution_id)
    told = sa.select(SupportTally.municipality_id.label("place"), SupportTally.count.label("count")).where(
        SupportTally.contribution_id == contribution_id)
    both = sa.union_all(given, told).subquery()
    return sa.select(both.c.place, sa.func.sum(both.c.count).label("count")).group_by(both.c.place)
