"""For which organisations somebody endorses a proposal, and takes that back."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.contributions.policy import published
from consult.core.policy import Rules, refusing, signed_in
from consult.cosponsors import queries
from consult.cosponsors.models import Endorsement
from consult.processes.policy import activity_open, invited
from consult.proposals.models import Proposal
from consult.proposals.policy import unreplaced


@refusing(_l("Organisations endorse proposals through whoever speaks for them: you speak for none."))
def speaks_for_some(person: Any, thing: Proposal) -> bool:
    """Holds for whoever has a mandate of a verified organisation."""
    return bool(person.organisations)


@refusing(_l("The organisations that you speak for endorse this proposal already, or it is theirs."))
def more_to_endorse(person: Any, thing: Proposal) -> bool:
    """Holds while one of them has not endorsed it and did not send it in."""
    return bool(queries.may_endorse(thing, person))


@refusing(_l("Only whoever speaks for this organisation can do that."))
def speaks_for_it(person: Any, thing: Endorsement) -> bool:
    """Holds for whoever has a mandate of the organisation at this time."""
    return any(organisation.id == thing.organisation_id for organisation in person.organisations)


@refusing(_l("The organisation no longer stands behind this proposal."))
def not_withdrawn(person: Any, thing: Endorsement) -> bool:
    """Holds until it was withdrawn."""
    return thing.withdrawn_at is None


@refusing(_l("The call is over: what organisations stood behind stays as it was."))
def call_open(person: Any, thing: Endorsement) -> bool:
    """Holds while the call takes contributions."""
    return bool(thing.proposal.activity.takes())


RULES: Rules = {
    "endorsement.give": [[published, unreplaced, activity_open, signed_in, invited, speaks_for_some, more_to_endorse]],
    "endorsement.withdraw": [[signed_in, speaks_for_it, not_withdrawn, call_open]],
}
