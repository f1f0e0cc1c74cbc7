"""What the author is told of a decision, in the author's language."""

from consult.contributions import queries as contributions
from consult.core import outbox
from consult.moderation import words
from consult.moderation.models import Act, Decision

TEMPLATES = {Act.APPROVE: "moderation_published", Act.HIDE: "moderation_hidden", Act.RESTORE: "moderation_restored"}
"""Of a text that simply stays public there is nothing to tell."""


def tell_author(decision: Decision, *, reported: bool) -> None:
    """Write to whoever wrote the text: what was decided, why, by whom, and how to answer."""
    contribution = decision.contribution
    if decision.act not in TEMPLATES or contribution is None or not contribution.author.email:
        return
    outbox.post(
        contribution.author.email, TEMPLATES[decision.act], key=f"decision-{decision.id}",
        language=contribution.author.language, contribution=contribution, decision=decision, reported=reported,
        rule=words.rule(decision.reason), path=contributions.address(contribution),
        was_public=contribution.published_at is not None)
