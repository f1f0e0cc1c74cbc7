"""What people are told of a suspension that ends before its time, and of one that does not begin."""

from consult.core import outbox
from consult.moderation.matters import Matter
from consult.moderation.models import Decision
from consult.sanctions.models import Suspension


def lifted(matter: Matter, decision: Decision) -> None:
    """They can write again; why they could not is told by the statement of reasons."""
    author = matter.author
    if author is not None:
        outbox.post(author.email, "suspension_lifted", key=f"decision-{decision.id}", language=author.language,
                    matter=matter, decision=decision)


def dismissed(suspension: Suspension, code: str) -> None:
    """Whoever proposed it reads why another person does not want it."""
    proposer = suspension.proposer
    outbox.post(proposer.email, "suspension_dismissed", key=f"suspension-{suspension.id}-dismissed",
                language=proposer.language, suspension=suspension, code=code)
