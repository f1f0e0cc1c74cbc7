"""Who reads what is said about the parts of the plan while it is written, and who says how far they are."""

from consult.accounts.policy import plan_office_or_steering
from consult.core.policy import Rules
from consult.planning.policy import still_written

RULES: Rules = {
    "plan.notes": [[plan_office_or_steering]],
    "plan.review": [[plan_office_or_steering, still_written]],
}
