"""What authors are told of the outcome of a contribution, each in their language."""

from consult.contributions import queries as contributions
from consult.core import outbox
from consult.results import words
from consult.results.models import Outcome


def tell(outcome: Outcome) -> None:
    """Write to the author, once for each version of the outcome."""
    contribution, author = outcome.contribution, outcome.contribution.author
    if author.closed_at is None:
        outbox.post(author.email, "outcome", key=f"outcome-{outcome.id}-{outcome.version}-{author.id}",
                    language=author.language, outcome=outcome, contribution=contribution,
                    path=contributions.address(contribution), verdict=words.VERDICTS[outcome.verdict],
                    meaning=words.MEANINGS[outcome.verdict])
