"""A decision of the demonstration that a second person is to read."""

import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import FlagReason
from consult.core.db import db
from consult.moderation import services as moderation
from consult.moderation.models import Act
from consult.proposals import services as proposals
from consult.quality.models import SecondReading
from tests.journeys import proposing


def prepared(width):
    """The page on which a moderator reads what another decided."""
    call, citizen = proposing.open_call(), proposing.person("cittadina@example.org")
    wording = proposals.Wording(title=f"Un orologio, largo {width}", body="Chiediamo un orologio sulla torre civica.")
    proposal = proposals.submit(call, citizen, wording)
    if proposal.public:
        contributions.flag(proposal, proposing.person("ufficio@example.org"), reason=FlagReason.SPAM, note="")
    decision = moderation.decide(proposal, proposing.person("admin@example.org"),
                                 act=Act.KEEP if proposal.public else Act.APPROVE, seen=moderation.mark(proposal))
    reading = db.session.scalar(sa.select(SecondReading).where(SecondReading.decision_id == decision.id))
    if reading is None:
        reading = SecondReading(decision_id=decision.id, decider_id=decision.moderator_id)
        db.session.add(reading)
        db.session.flush()
    return f"/moderazione/reading/{reading.id}"
