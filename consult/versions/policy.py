"""Who may hide an earlier version, and say that they support the present one too."""

from consult.accounts.policy import moderator
from consult.contributions.policy import published
from consult.core.policy import Rules, signed_in
from consult.processes.policy import activity_open, invited
from consult.proposals.policy import unreplaced
from consult.voting.policy import supports_open

RULES: Rules = {
    "version.hide": [[moderator]],
    "support.confirm": [[published, unreplaced, activity_open, supports_open, signed_in, invited]],
}
