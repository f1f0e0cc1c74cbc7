"""Hiding an earlier version of a text."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import FlagReason, Revision
from consult.core import events
from consult.core.db import db, rows_touched
from consult.proposals.models import Proposal
from consult.versions import queries
from consult.versions.queries import Version


@dataclass(frozen=True, kw_only=True)
class VersionHidden(events.Event):
    contribution_id: int
    revision_id: int
    reason: str


def hide(proposal: Proposal, version: Version, moderator: Person, *, reason: FlagReason) -> bool:
    """Show the text of an earlier version to nobody any more; hidden already, nothing changes."""
    kept = queries.revision(proposal, version)
    if kept is None or not rows_touched(sa.update(Revision).where(
            Revision.id == kept.id, Revision.hidden_for.is_(None)).values(hidden_for=reason)):
        return False
    db.session.expire(kept)
    events.record(VersionHidden(actor_id=moderator.id, contribution_id=proposal.id, revision_id=kept.id,
                                reason=reason.value))
    return True
