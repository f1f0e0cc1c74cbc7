"""Who keeps an edition of the plan; whoever may read the plan reads its editions."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {
    "edition.make": [[plan_office]],
}
