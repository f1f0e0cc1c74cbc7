"""Who speaks about a passage of the draft, reads what was said, takes it back, and finds a place for it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import moderator, not_suspended, plan_office
from consult.contributions.policy import author, published, sent_in, standing
from consult.core.policy import Rules, refusing, signed_in
from consult.processes.policy import activity_open, invited, is_public
from consult.remarks import queries
from consult.remarks.models import Remark
from consult.remarks.passages import Spot


@refusing(_l("People are asked about another edition of the plan: look for the passage there."))
def on_what_is_asked(person: Any, thing: Spot) -> bool:
    """Holds for the edition on which the consultation is held."""
    return thing.latest


@refusing(_l("An outcome was given to it: what was said stays as it was judged."))
def unjudged(person: Any, thing: Remark) -> bool:
    """Holds until an outcome was proposed."""
    return not queries.judged(thing)


RULES: Rules = {
    "remark.write": [[on_what_is_asked, activity_open, signed_in, invited, not_suspended]],
    "remark.read": [[published, is_public], [author], [sent_in, moderator]],
    "remark.withdraw": [[signed_in, author, standing, unjudged]],
    "remark.place": [[plan_office]],
}
