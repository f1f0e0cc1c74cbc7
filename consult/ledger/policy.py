"""Who may look at the log of a ballot, and who may declare papers void."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, staff
from consult.core.policy import Rules, refusing
from consult.ledger import queries
from consult.ledger.models import Stage
from consult.processes.models import Activity
from consult.processes.policy import is_public

guarantor = holding(Role.GUARANTOR, Role.PLATFORM_ADMIN)


@refusing(_l("It is published once the ballot has closed."))
def log_closed(person: Any, thing: Activity) -> bool:
    """Holds once the closing stands in the log."""
    found = queries.ledger(thing.id)
    return found is not None and found.stage is Stage.CLOSED


RULES: Rules = {
    "ledger.read": [[is_public], [staff]],
    "ledger.publication": [[is_public, log_closed], [staff, log_closed]],
    "ledger.void": [[guarantor]],
}
