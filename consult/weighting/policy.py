"""Who weights a questionnaire: the plan office, for whom the figures are."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {
    "weighting.see": [[plan_office]],
    "weighting.set": [[plan_office]],
}
