"""Who may do what here, and the sentence for the one refused."""

from consult.core.policy import Rules

RULES: Rules = {}
