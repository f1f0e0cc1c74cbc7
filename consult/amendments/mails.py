"""What authors hear of amendments, and those who proposed and support them of the answer."""

from collections.abc import Sequence

from consult.accounts.models import Person
from consult.amendments import queries
from consult.amendments.models import Amendment, Answer
from consult.coauthors import queries as coauthors
from consult.contributions import telling
from consult.core import jobs

AT_ONCE = 200
"""People told in one transaction."""


def tell_authors(amendment: Amendment) -> None:
    """An amendment waits for their answer."""
    proposal = amendment.proposal
    telling.tell([person for person in coauthors.authors(proposal) if person.closed_at is None], "amendment_proposed",
                 key=f"amendment-{amendment.id}", amendment=amendment, proposal=proposal)


@jobs.task
def tell_of_the_answer(amendment_id: int) -> None:
    """Whoever proposed it, and whoever supports it: some at a time, each kept before the next."""
    amendment, after = queries.amendment(amendment_id), 0
    if amendment is None or amendment.answer is None:
        return
    if amendment.author.closed_at is None:
        _tell(amendment, [amendment.author], wrote=True)
    jobs.keep()
    while (amendment := queries.amendment(amendment_id)) is not None:
        people = queries.supporters(amendment_id, after=after, most=AT_ONCE)
        if not people:
            return
        after = people[-1].id
        _tell(amendment, [person for person in people if person.id != amendment.author_id], wrote=False)
        jobs.keep()


def _tell(amendment: Amendment, people: Sequence[Person], *, wrote: bool) -> None:
    telling.tell(people, "amendment_answered", key=f"amendment-{amendment.id}-answered", amendment=amendment,
                 proposal=amendment.proposal, wrote=wrote, accepted=amendment.answer is Answer.ACCEPTED)
