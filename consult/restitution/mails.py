"""What authors and followers are told when it is public what was done of what they said, each in their language."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions import telling
from consult.contributions.models import Contribution, Follow, State
from consult.core import jobs
from consult.core.db import db
from consult.proposals.models import Proposal
from consult.restitution.addresses import path_of
from consult.restitution.models import Restitution

AT_ONCE = 200
"""People written to in one transaction."""


@jobs.task
def tell(restitution_id: int) -> None:
    """Write once to each author of a public proposal that it speaks of and to whoever follows one."""
    restitution = db.session.get_one(Restitution, restitution_id)
    after = 0
    while people := _concerned(restitution, after):
        telling.tell(people, "restitution", key=f"restitution-{restitution.id}", title=restitution.of.title,
                     process=restitution.process.title, path=path_of(restitution))
        after = people[-1].id
        jobs.keep()


def _concerned(restitution: Restitution, after: int) -> list[Person]:
    about = (Proposal.axis_id == restitution.axis_id if restitution.axis_id
             else Contribution.activity_id == restitution.activity_id)
    theirs = sa.select(Proposal.id).where(about, Contribution.state == State.PUBLISHED)
    wrote = sa.select(Contribution.author_id).where(Contribution.id.in_(theirs), Contribution.author_id.is_not(None))
    follow = sa.select(Follow.person_id).where(Follow.contribution_id.in_(theirs))
    return list(db.session.scalars(
        sa.select(Person).where(sa.or_(Person.id.in_(wrote), Person.id.in_(follow)), Person.id > after,
                                *telling.reachable()).order_by(Person.id).limit(AT_ONCE)).unique())
