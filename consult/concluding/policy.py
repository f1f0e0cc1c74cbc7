"""Who writes the documents with which a percorso ends, and records what becomes of them."""

from consult.accounts.policy import plan_office
from consult.core.policy import Rules

RULES: Rules = {
    "docpp.write": [[plan_office]],
    "docpp.pass": [[plan_office]],
    "docpp.mark": [[plan_office]],
}
"""Of a percorso, or of its document."""
