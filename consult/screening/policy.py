"""Who says which signs are looked for."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {"screening.set": [[plan_office]]}
