"""What those whom a decision concerns are told where it gives something, each in their language."""

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution
from consult.core import outbox
from consult.moderation import matters
from consult.moderation.models import Act, Decision, Origin

TEMPLATES = {Act.APPROVE: "moderation_published", Act.RESTORE: "moderation_restored"}
"""Of a text that simply stays public there is nothing to tell; why something is taken away, a statement says."""


def _path(contribution: Contribution) -> str:
    """Of what stands in a thread the short address: it leads to the right page whenever it is followed."""
    return f"/c/{contribution.code}" if contribution.in_thread else contributions.address(contribution)


def tell_author(decision: Decision) -> None:
    """Write that it is public to whoever wrote it; after a review its answer says so."""
    if decision.act not in TEMPLATES or decision.origin is Origin.APPEALED:
        return
    contribution = decision.contribution
    if contribution is not None:
        outbox.post(
            contribution.author.email, TEMPLATES[decision.act], key=f"decision-{decision.id}",
            language=contribution.author.language, contribution=contribution, decision=decision,
            path=_path(contribution))
        return
    matter = matters.matter(decision.subject)
    for person in matter.told() if matter else ():
        outbox.post(
            person.email, "moderation_given", key=f"decision-{decision.id}-{person.id}", language=person.language,
            matter=matter, decision=decision, what=matters.label(decision.subject.partition(":")[0], decision.kind))
