"""Who decides what is public, and never in a case of their own."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator
from consult.contributions.policy import sent_in
from consult.core.policy import Rules, refusing
from consult.moderation import queries
from consult.moderation.matters import Matter

guarantee_committee = holding(Role.GUARANTOR)


@refusing(_l("Nobody decides on what they wrote themselves: another moderator will."))
def of_somebody_else(person: Any, thing: Matter) -> bool:
    """Holds for a contribution of another person."""
    return bool(thing.author_id != person.id)


@refusing(_l("This was written in the name of an organisation you speak for: another moderator decides on it."))
def of_another_party(person: Any, thing: Matter) -> bool:
    """Holds for a contribution of no organisation the person speaks for."""
    return thing.organisation_id is None or thing.organisation_id not in {o.id for o in person.organisations}


@refusing(_l("You reported this yourself: another moderator decides on it."))
def not_flagged_by_oneself(person: Any, thing: Matter) -> bool:
    """Holds for a contribution that the person did not report."""
    return not thing.flagged_by(person)


@refusing(_l("You took the decision that is to be looked at again: somebody else does it."))
def not_decided_by_oneself(person: Any, thing: Matter) -> bool:
    """Holds for what somebody else decided the first time, and for what is decided for the first time."""
    return thing.decider_id is None or thing.decider_id != person.id


@refusing(_l("Moderators decide on this: the guarantee committee decides on what they pass on."))
def passed_on(person: Any, thing: Matter) -> bool:
    """Holds for what a moderator wants somebody else to decide."""
    return bool(thing.once(queries.passed_on))


DISINTERESTED = [of_somebody_else, of_another_party, not_flagged_by_oneself, not_decided_by_oneself]

RULES: Rules = {
    "moderation.queue": [[moderator]],
    "moderation.passed": [[guarantee_committee]],
    "moderation.read": [[moderator, sent_in], [guarantee_committee, passed_on, sent_in]],
    "moderation.decide": [[moderator, sent_in, *DISINTERESTED],
                          [guarantee_committee, passed_on, sent_in, *DISINTERESTED]],
}
