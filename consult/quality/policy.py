"""Who sees how well is decided: those who decide, and those who watch over them."""

from consult.accounts.models import Role
from consult.accounts.policy import holding, moderator
from consult.core.policy import Rules

guarantor = holding(Role.GUARANTOR)

RULES: Rules = {"quality.read": [[moderator], [guarantor]]}
