"""What awaits the moderators, and what they decided."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, Flag
from consult.core.db import db


def flagged_by(contribution: Contribution, person: Person) -> bool:
    """True if the person asked the moderators to look at this contribution."""
    return db.session.scalar(
        sa.select(Flag.id).where(Flag.contribution_id == contribution.id, Flag.person_id == person.id)) is not None
