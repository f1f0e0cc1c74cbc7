"""Who may see how the plan was written."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {
    "plan.history": [[plan_office]],
}
