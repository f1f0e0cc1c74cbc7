"""Who may read, send, change and take back proposals."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, staff
from consult.contributions.models import State
from consult.contributions.policy import author, published, sent_in
from consult.core.policy import Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public
from consult.proposals.models import Proposal


@refusing(_l("This was withdrawn or hidden: it can no longer change."))
def alive(person: Any, thing: Proposal) -> bool:
    """Holds for a draft, and for what is public or waits for a moderator."""
    return thing.state in {State.DRAFT, State.PENDING, State.PUBLISHED}


@refusing(_l("People have supported this text: it can no longer change. You can add what you want to say "
             "as a comment."))
def unsupported(person: Any, thing: Proposal) -> bool:
    """Holds while nobody has put their name to the text."""
    return thing.support_count == 0


RULES: Rules = {
    "call.read": [[is_public], [staff]],
    "proposal.read": [[published, is_public], [author], [sent_in, moderator]],
    "proposal.submit": [[activity_open, signed_in, invited]],
    "proposal.edit": [[signed_in, author, alive, unsupported, activity_open]],
    "proposal.withdraw": [[signed_in, author, alive, activity_open]],
}
