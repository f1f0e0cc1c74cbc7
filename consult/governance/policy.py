"""Who says who sits on the bodies of a percorso."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {"governance.manage": [[plan_office]]}
