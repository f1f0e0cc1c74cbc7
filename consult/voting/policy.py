"""Who may do what here, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, staff
from consult.contributions.models import Contribution
from consult.contributions.policy import published
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public, somebody
from consult.proposals.models import ProposalCall
from consult.proposals.policy import unreplaced
from consult.voting import queries, voters, words
from consult.voting.models import Ballot


@refusing(_l("Supports are not collected here."))
def supports_open(person: Any, thing: Contribution) -> bool:
    """Holds where the call collects supports."""
    return isinstance(thing.activity, ProposalCall) and thing.activity.supports_open


@refusing(_l("You cannot support your own proposal: others decide how much support it has."))
def not_own(person: Any, thing: Contribution) -> bool:
    """Holds for everybody but the authors."""
    return not thing.written_by(person)


def _why_none_left(person: Any, thing: Contribution) -> Reason:
    room = queries.support_room(thing.activity, person)
    return words.all_given(room.most if room else 0)


@refusing(_why_none_left)
def support_left(person: Any, thing: Contribution) -> bool:
    """Holds where one more proposal may be supported."""
    room = queries.support_room(thing.activity, person)
    return room is None or room.left > 0 or queries.supports(thing, person)


def _why_not_in_electorate(person: Any, thing: Ballot) -> Reason:
    return _l("In this ballot only the residents of these municipalities vote: %(names)s.",
              names=", ".join(queries.electorate_names(thing)))


@refusing(_why_not_in_electorate)
def in_electorate(person: Any, thing: Ballot) -> bool:
    """Holds for residents of the municipalities that vote, where only some do, and for organisations."""
    voting = frozenset() if thing.by_organisation else queries.places_that_vote(thing)
    return not voting or person.residence_id in voting


@refusing(words.ORGANISATIONS_VOTE)
def mandated(person: Any, thing: Ballot) -> bool:
    """Holds for everybody where people vote; where organisations do, for whoever speaks for one of them."""
    return not thing.by_organisation or bool(voters.organisations(thing, person))


@refusing(_l("What was said with reservation is read once the ballot has closed."))
def reservations_public(person: Any, thing: Ballot) -> bool:
    """Holds once the ballot is over."""
    return thing.over()


RULES: Rules = {
    "support.give": [[published, unreplaced, activity_open, supports_open, signed_in, invited, not_own, support_left]],
    "support.withdraw": [[published, unreplaced, activity_open, supports_open, signed_in]],
    "ballot.read": [[is_public], [staff]],
    "ballot.cast": [[is_public, activity_open, somebody, invited, mandated, in_electorate]],
    "ballot.withdraw": [[is_public, activity_open, somebody]],
    "ballot.receipt": [[is_public, somebody]],
    "ballot.withhold": [[moderator, reservations_public]],
}
