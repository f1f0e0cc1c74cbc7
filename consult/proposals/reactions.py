"""What people do with proposals is found at once by whoever searches."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from consult.contributions.models import Contribution
from consult.core import events
from consult.core.db import db, table
from consult.proposals.models import Proposal
from consult.proposals.services import ProposalEdited, ProposalSubmitted
from consult.search import services as search


@search.searched("proposal")
def texts(ids: Sequence[int]) -> Iterator[search.Text]:
    """What is searched of proposals."""
    own, common = table(Proposal).c, table(Contribution).c
    rows = db.session.execute(
        sa.select(common.id, common.activity_id, common.language, own.title, own.body)
        .join_from(table(Contribution), table(Proposal), common.id == own.id).where(common.id.in_(ids)))
    for row in rows:
        yield search.Text(id=row.id, activity_id=row.activity_id, language=row.language, title=row.title,
                          body=row.body)


@events.on(ProposalSubmitted, ProposalEdited)
def keep_findable(event: ProposalSubmitted | ProposalEdited) -> None:
    """A proposal is found by the words that it has now."""
    search.renew([event.proposal_id])
