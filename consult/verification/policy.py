"""Who is verified, and who verifies."""

from consult.accounts.models import Role
from consult.accounts.policy import holding
from consult.core.policy import Rules, anyone, signed_in

desk = holding(Role.DESK_OPERATOR, Role.PLATFORM_ADMIN)
desk_or_plan_office = holding(Role.DESK_OPERATOR, Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)

RULES: Rules = {
    "verification.ask": [[signed_in]],
    "code.bring": [[anyone]],
    "verification.check": [[desk]],
    "verification.conflicts": [[desk_or_plan_office]],
    "verification.codes": [[desk_or_plan_office]],
}
