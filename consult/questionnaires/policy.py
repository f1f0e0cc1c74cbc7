"""Who makes questionnaires."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {
    "questionnaire.edit": [[plan_office]],
}
