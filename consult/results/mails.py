"""What people are told of the outcome of a contribution, each in their language."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions import queries as contributions
from consult.contributions.models import Follow
from consult.core import outbox
from consult.core.db import db
from consult.results import words
from consult.results.models import Outcome


def tell(outcome: Outcome) -> None:
    """Write to the author and to whoever follows the contribution, once for each version of the outcome."""
    contribution = outcome.contribution
    following = sa.select(Follow.person_id).where(Follow.contribution_id == contribution.id)
    people = db.session.scalars(sa.select(Person).where(
        sa.or_(Person.id == contribution.author_id, Person.id.in_(following)), Person.email.is_not(None),
        Person.closed_at.is_(None)))
    path = contributions.address(contribution)
    for person in people:
        outbox.post(person.email, "outcome", key=f"outcome-{outcome.id}-{outcome.version}-{person.id}",
                    language=person.language, outcome=outcome, contribution=contribution, path=path,
                    author=person.id == contribution.author_id, verdict=words.VERDICTS[outcome.verdict],
                    meaning=words.MEANINGS[outcome.verdict])
