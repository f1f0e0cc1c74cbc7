"""Who may read, send, change and take back proposals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, not_suspended, staff
from consult.contributions.models import State
from consult.contributions.policy import author, published, sent_in
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public
from consult.proposals import limits
from consult.proposals.models import Proposal, ProposalCall


@refusing(_l("This was withdrawn or hidden: it can no longer change."))
def alive(person: Any, thing: Proposal) -> bool:
    """Holds for a draft, and for what is public or waits for a moderator."""
    return thing.state in {State.DRAFT, State.PENDING, State.PUBLISHED}


@refusing(_l("This was withdrawn: it can no longer change."))
def unwithdrawn(person: Any, thing: Proposal) -> bool:
    """Holds for a draft, and for whatever was sent in and not taken back: changed, a hidden text is read again."""
    return thing.state is not State.WITHDRAWN


SETTLED = _l("An outcome was given to this proposal: its text stays as it was judged. You can add what you want to say "
             "as a comment.")


@refusing(SETTLED)
def unsettled(person: Any, thing: Proposal) -> bool:
    """Holds while no outcome was given to the text."""
    return not thing.settled


@refusing(_l("This proposal has several authors: only the first of them can withdraw it. You can leave the authors."))
def first_author(person: Any, thing: Proposal) -> bool:
    """Holds for the author under whose account it was sent in."""
    return bool(person.is_authenticated) and thing.author_id == person.id


REPLACED = _l("This was merged with other proposals or split: it can be read, but it no longer changes and nobody can "
              "support it any more. Go on with what was made of it.")


@refusing(REPLACED)
def unreplaced(person: Any, thing: Proposal) -> bool:
    """Holds while nothing else stands in the place of a proposal."""
    return not thing.replaced


@refusing(_l("This was made out of other proposals. It is not withdrawn, but the merging or splitting can "
             "be undone while nobody has acted on it."))
def original(person: Any, thing: Proposal) -> bool:
    """Holds for what somebody sent in themselves."""
    return not thing.derived


def _why_no_room(person: Any, thing: ProposalCall) -> Reason:
    room = limits.of_person(thing, person)
    return limits.reached_by_person(room) if room else _l("You are not allowed to do this.")


@refusing(_why_no_room)
def room_left(person: Any, thing: ProposalCall) -> bool:
    """Holds while one more proposal may be sent in, in one's own name or for an organisation."""
    return limits.any_left(thing, person)


RULES: Rules = {
    "call.read": [[is_public], [staff]],
    "proposal.read": [[published, is_public], [author], [sent_in, moderator]],
    "proposal.submit": [[activity_open, signed_in, invited, room_left, not_suspended]],
    "proposal.edit": [[signed_in, author, unwithdrawn, unreplaced, unsettled, activity_open, not_suspended]],
    "proposal.withdraw": [[signed_in, author, first_author, alive, original, activity_open]],
}
