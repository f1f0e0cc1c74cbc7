"""Who reads the register: everybody."""

from consult.core.policy import Rules, anyone

RULES: Rules = {
    "register.read": [[anyone]],
}
