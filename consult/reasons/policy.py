"""Who writes the rules of a percorso."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {"rules.manage": [[plan_office]]}
