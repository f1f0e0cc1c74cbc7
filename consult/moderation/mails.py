"""What the author is told of a decision that gives something, in the author's language."""

from consult.contributions import queries as contributions
from consult.core import outbox
from consult.moderation.models import Act, Decision, Origin

TEMPLATES = {Act.APPROVE: "moderation_published", Act.RESTORE: "moderation_restored"}
"""Of a text that simply stays public there is nothing to tell; why something is taken away, a statement says."""


def tell_author(decision: Decision) -> None:
    """Write to whoever wrote the text that it is public; after a review its answer says so."""
    contribution = decision.contribution
    if decision.act not in TEMPLATES or contribution is None or decision.origin is Origin.APPEALED:
        return
    outbox.post(
        contribution.author.email, TEMPLATES[decision.act], key=f"decision-{decision.id}",
        language=contribution.author.language, contribution=contribution, decision=decision,
        path=contributions.address(contribution))
