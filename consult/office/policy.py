"""Who sees the desks of the staff."""

from consult.accounts.policy import plan_office_or_steering, staff
from consult.core.policy import Rules

RULES: Rules = {
    "office.read": [[staff]],
    "office.answer": [[plan_office_or_steering]],
}
