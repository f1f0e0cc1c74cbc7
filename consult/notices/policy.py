"""Who may follow and hear, and stop it."""

from consult.core.policy import Rules, anyone, signed_in

RULES: Rules = {
    "notices.read": [[signed_in]],
    "notices.see": [[signed_in]],
    "notices.pace": [[signed_in]],
    "notices.follow": [[signed_in]],
    "notices.unfollow": [[signed_in]],
    "notices.unsubscribe": [[anyone]],
}
