"""What authors are told of the outcome of a contribution, each in their language."""

from typing import Any

import sqlalchemy as sa

from consult.contributions import queries as contributions
from consult.contributions import telling
from consult.contributions.models import Contribution
from consult.core import jobs
from consult.core.db import db
from consult.lineage import queries as lineage
from consult.proposals.models import Proposal
from consult.results import words
from consult.results.models import Outcome, OutcomeBatch

AT_ONCE = 50
"""Outcomes told of in one transaction."""


def tell(outcome: Outcome) -> None:
    """Write to the author, once for each version of the outcome; of what was made out of several, to theirs too."""
    contribution = outcome.contribution
    people = telling.writers([contribution.id, *lineage.ancestors([contribution.id])])
    telling.tell(people, "outcome", key=f"outcome-{outcome.id}-{outcome.version}",
                 of=lambda person: {"author": person.id == contribution.author_id},
                 **facts(outcome, contribution))


def facts(outcome: Outcome, contribution: Contribution) -> dict[str, Any]:
    """What the letter speaks of; the outcome need not be kept yet."""
    proposal = isinstance(contribution, Proposal)
    return {"outcome": outcome, "contribution": contribution, "path": contributions.address(contribution),
            "verdict": words.VERDICTS[outcome.verdict], "proposal": proposal,
            "meaning": words.MEANINGS[outcome.verdict] if proposal else ""}


@jobs.task
def tell_of_batch(batch_id: int) -> None:
    """Tell of every outcome of a file, some at a time, each kept before the next."""
    codes = list(db.session.get_one(OutcomeBatch, batch_id).recorded)
    for start in range(0, len(codes), AT_ONCE):
        wanted = (sa.select(Outcome).join(Contribution, Contribution.id == Outcome.contribution_id)
                  .where(Contribution.code.in_(codes[start:start + AT_ONCE])).order_by(Outcome.id))
        for outcome in db.session.scalars(wanted).all():
            tell(outcome)
        jobs.keep()
