"""What somebody is told when their suspension ends before its time."""

from consult.core import outbox
from consult.moderation.matters import Matter
from consult.moderation.models import Decision


def lifted(matter: Matter, decision: Decision) -> None:
    """They can write again; why they could not is told by the statement of reasons."""
    author = matter.author
    if author is not None:
        outbox.post(author.email, "suspension_lifted", key=f"decision-{decision.id}", language=author.language,
                    matter=matter, decision=decision)
