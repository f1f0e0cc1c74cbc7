"""Supports of a call by category of organisation: what the pages of its proposals tell, added up, and nothing more.

Were whole numbers told for a call, those kept back on the page of one proposal could be had back from the others.
"""

from collections import Counter
from dataclasses import dataclass, field

import sqlalchemy as sa

from consult.accounts.models import Mandate, Organisation
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Activity
from consult.territory.models import StakeholderCategory
from consult.voting import speaking
from consult.voting.models import Support


@dataclass
class Speakers:
    """Supports that may be told: of each category by its name, of organisations without saying which, and of others."""

    named: list[tuple[Localized, int]] = field(default_factory=list)
    together: int = 0
    alone: int = 0

    def total(self) -> int:
        return sum(count for _name, count in self.named) + self.together + self.alone


def of_call(call: Activity, supports: dict[int, int]) -> Speakers:
    """For whom people spoke who gave supports in a call; `supports` are all of them, by id of the public proposal."""
    names = dict(db.session.execute(sa.select(StakeholderCategory.id, StakeholderCategory.name).order_by(
        StakeholderCategory.position, StakeholderCategory.id)).all())
    spoke: dict[int, Counter[int]] = {}
    for contribution, category, count in db.session.execute(_spoke(call)):
        spoke.setdefault(contribution, Counter())[category] += count
    found, sums = Speakers(), Counter[int]()
    for contribution, by_category in spoke.items():
        counts = [by_category[id] for id in names]
        told = speaking.told(counts, max(0, supports.get(contribution, 0) - sum(counts)))
        if told.anything:
            sums.update({id: count or 0 for id, count in zip(names, told.spoke, strict=True)})
            found.together += told.together or 0
            found.alone += told.alone or 0
    found.named = [(name, sums[id]) for id, name in names.items() if sums[id]]
    return found


def _spoke(call: Activity) -> sa.Select[int, int, int]:
    """How many supports of each public proposal were given by whoever spoke for an organisation of each category.

    Whoever spoke for several then counts for the one whose mandate they have had longest.
    """
    first = (sa.select(Support.contribution_id, sa.func.min(Mandate.id).label("mandate"))
             .join(Mandate, sa.and_(Support.person_id == Mandate.person_id, Mandate.since <= Support.given_at,
                                    sa.or_(Mandate.ended_at.is_(None), Mandate.ended_at > Support.given_at)))
             .join(Organisation, Organisation.id == Mandate.organisation_id)
             .join(Contribution, Contribution.id == Support.contribution_id)
             .where(Contribution.activity_id == call.id, Contribution.kind == "proposal",
                    Contribution.state == State.PUBLISHED, Organisation.verified_at.is_not(None),
                    Organisation.category_id.is_not(None))
             .group_by(Support.contribution_id, Support.person_id).subquery())
    return (sa.select(first.c.contribution_id, Organisation.category_id, sa.func.count())
            .join(Mandate, Mandate.id == first.c.mandate)
            .join(Organisation, Organisation.id == Mandate.organisation_id)
            .group_by(first.c.contribution_id, Organisation.category_id)
            .order_by(first.c.contribution_id, Organisation.category_id))
