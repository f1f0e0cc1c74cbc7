"""What people are told of a review, in their own language."""

from consult.appeals.appealed import Appealed
from consult.core import outbox
from consult.moderation.models import Decision


def tell_of_answer(review: Appealed, decision: Decision) -> None:
    """Write to whoever asked, and to an author who did not ask and whose text stays."""
    appeal, about = review.thing, review.about
    outbox.post(
        appeal.person.email, "review_answered", key=f"decision-{decision.id}", language=appeal.person.language,
        appeal=appeal, matter=about, decision=decision)
    author = about.author
    if author is not None and author.id != appeal.person_id and not appeal.upheld:
        outbox.post(author.email, "review_confirmed", key=f"decision-{decision.id}-author", language=author.language,
                    matter=about, decision=decision)
