"""Who suspends for longer than a week: never the person who proposed it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator
from consult.core.policy import Rules, refusing
from consult.moderation.policy import DISINTERESTED
from consult.sanctions.proposed import Proposed

guarantee_committee = holding(Role.GUARANTOR)


@refusing(_l("Somebody has answered this proposal already."))
def unanswered_proposal(person: Any, thing: Proposed) -> bool:
    """Holds until somebody has answered."""
    return bool(thing.thing.open)


@refusing(_l("You proposed this suspension: beyond seven days another person has to confirm it."))
def not_proposed_by_oneself(person: Any, thing: Proposed) -> bool:
    """Holds for everybody but who proposed it."""
    return bool(thing.thing.proposer_id != person.id)


_ANSWERING = [unanswered_proposal, not_proposed_by_oneself, *DISINTERESTED]

RULES: Rules = {
    "suspension.list": [[moderator], [guarantee_committee]],
    "suspension.read": [[moderator], [guarantee_committee]],
    "suspension.confirm": [[moderator, *_ANSWERING], [guarantee_committee, *_ANSWERING]],
}
