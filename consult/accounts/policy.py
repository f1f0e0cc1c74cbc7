"""Who people are, as conditions that every feature's rules use."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Mandate, Role
from consult.core.policy import Predicate, Rules, anyone, refusing, signed_in


def holding(*roles: Role) -> Predicate:
    """Holds for whoever has one of the roles for the site, or for the process the thing belongs to."""

    def holds(person: Any, thing: Any) -> bool:
        return bool(person.is_authenticated) and person.holds(*roles, process_id=getattr(thing, "process_id", None))

    return Predicate(holds, "_or_".join(role.value for role in roles),
                     _l("This is for the staff who were given the task."), sign_in_helps=True,
                     roles=frozenset(role.value for role in roles))


moderator = holding(Role.MODERATOR, Role.PLATFORM_ADMIN)
plan_office = holding(Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)
steering = holding(Role.STEERING, Role.PLATFORM_ADMIN)
plan_office_or_steering = holding(Role.PLAN_OFFICE, Role.STEERING, Role.PLATFORM_ADMIN)
platform_admin = holding(Role.PLATFORM_ADMIN)
staff = holding(*Role)


@refusing(_l("Only people whose residence was verified can do this. The help desk of your municipality verifies it."),
          sign_in_helps=True)
def verified(person: Any, thing: Any) -> bool:
    """Holds for a verified resident."""
    return bool(person.is_authenticated) and person.verified


@refusing(_l("Only whoever speaks for the organisation can do this."))
def own_mandate(person: Any, thing: Mandate) -> bool:
    """Holds for whoever has the mandate."""
    return bool(thing.person_id == person.id)


RULES: Rules = {
    "account.register": [[anyone]],
    "account.sign_in": [[anyone]],
    "account.confirm": [[anyone]],
    "account.reset": [[anyone]],
    "account.sign_out": [[anyone]],
    "account.profile": [[signed_in]],
}
