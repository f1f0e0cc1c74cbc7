"""What follows from events recorded elsewhere, in the same transaction."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.core import charts, events, jobs
from consult.core.db import db, table
from consult.core.languages import everywhere
from consult.ledger import words as ledger_words
from consult.ledger.voiding import PaperVoided
from consult.lineage import queries as lineage
from consult.processes.models import Activity
from consult.processes.services import ActivityClosed
from consult.proposals import services as proposals
from consult.proposals.models import Proposal
from consult.proposals.policy import REPLACED
from consult.results import mails, owed, queries, services, sheets
from consult.results.models import Outcome, Verdict

charts.counted_by("proposal_call")(sheets.proposals)
charts.counted_by("draft_consultation")(sheets.consultation)
charts.counted_by("discussion")(sheets.discussion)
owed.owe(owed.Kind(
    name="proposal", own=table(Proposal), title=table(Proposal).c.title, axis_id=table(Proposal).c.axis_id,
    standing=table(Proposal).c.replaced_at.is_(None), fallen=REPLACED, propose="results.outcome",
    decide="results.decide"))


@events.on(ActivityClosed)
def freeze(event: ActivityClosed) -> None:
    """An activity that closes is counted and its result kept for good."""
    activity = db.session.get_one(Activity, event.activity_id)
    if charts.countable(activity) and queries.sheet_of(activity.id) is None:
        services.freeze(activity)


@events.on(PaperVoided)
def replace(event: PaperVoided) -> None:
    """Frozen results say what the log says: once a paper is void in it others stand in their place, and say why."""
    sheet = queries.sheet_of(event.activity_id)
    if sheet is not None:
        services.replace(sheet, everywhere(_l(
            "A paper was declared void after the closing. %(reason)s The votes were counted again without it. Figures "
            "by municipality are in the earlier version only: told twice, they would say where that paper came from.",
            reason=ledger_words.void_reason(event.why))))


@events.on(services.OutcomeProposed, services.OutcomeDecided)
def tell(event: services.OutcomeProposed | services.OutcomeDecided) -> None:
    """Whoever made the contribution hears what becomes of it; of many at once, behind it."""
    if event.batch_id is None:
        mails.tell(db.session.get_one(Outcome, event.outcome_id))
    else:
        jobs.after_commit(mails.tell_of_batch, event.batch_id)


@events.on(services.OutcomeProposed, services.OutcomeDecided)
def settle(event: services.OutcomeProposed | services.OutcomeDecided) -> None:
    """From then on the text stays as it was judged; a proposal that is under review again can change."""
    proposals.settle(event.contribution_id, settled=event.verdict != Verdict.UNDER_REVIEW.value)


@lineage.marked_by
def outcomes(proposal_ids: Sequence[int]) -> sa.Select[Any]:
    """What was answered is not taken apart again."""
    return sa.select(Outcome.id).where(Outcome.contribution_id.in_(list(proposal_ids)))
