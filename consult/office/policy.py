"""Who sees the desks of the staff."""

from consult.accounts.policy import staff
from consult.core.policy import Rules

RULES: Rules = {"office.read": [[staff]]}
