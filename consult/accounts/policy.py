"""Who people are, as conditions that every feature's rules use."""

from datetime import timedelta
from typing import Any

from flask_babel import format_datetime
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Mandate, Role
from consult.accounts.services import SECOND_FACTOR_OWED, SECOND_FACTOR_PAGE
from consult.core import clock
from consult.core.policy import Predicate, Reason, Rules, anyone, known, refusing

RECENT = timedelta(minutes=10)
"""How long a password typed once more is believed."""


def holding(*roles: Role) -> Predicate:
    """Holds for whoever has one of the roles for the site, or for the process the thing belongs to.

    Whoever has the role, but owes a second factor, is led to where one is set up.
    """

    def holds(person: Any, thing: Any) -> bool:
        return bool(person.is_authenticated) and person.holds(*roles, process_id=getattr(thing, "process_id", None))

    def owing(person: Any, thing: Any) -> bool:
        return bool(person.is_authenticated) and person.roles_sleep and person.was_given(
            *roles, process_id=getattr(thing, "process_id", None))

    def why(person: Any, thing: Any) -> Reason:
        return SECOND_FACTOR_OWED if owing(person, thing) else _l("This is for the staff who were given the task.")

    return Predicate(holds, "_or_".join(role.value for role in roles), why, sign_in_helps=True,
                     roles=frozenset(role.value for role in roles),
                     remedy=lambda person, thing: SECOND_FACTOR_PAGE if owing(person, thing) else "")


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


def _until_when(person: Any, _thing: Any) -> Reason:
    return _l("You are suspended until %(when)s: until then you can read, support, answer and vote, but not write. "
              "Why, and how to have it looked at again, stands in your profile.",
              when=format_datetime(person.suspended_until, "d MMMM y, HH:mm"))


@refusing(_until_when)
def not_suspended(person: Any, thing: Any) -> bool:
    """Holds for whoever no moderator has suspended: all that is written asks it."""
    return not getattr(person, "suspended", False)


@refusing(_l("Only whoever speaks for the organisation can do this."))
def own_mandate(person: Any, thing: Mandate) -> bool:
    """Holds for whoever has the mandate."""
    return bool(thing.person_id == person.id)


def recognising(reason: Reason) -> Predicate:
    """Holds for ten minutes after the password was typed in this browser; each feature says what that is good for."""

    def holds(person: Any, thing: Any) -> bool:
        at = person.password_at if person.is_authenticated else None
        return at is not None and clock.now() - at < RECENT

    return Predicate(holds, "recognised", reason, sign_in_helps=True,
                     remedy=lambda _person, _thing: "privacy.recognise")


recognised = recognising(_l("First type your password once more, so that nobody else changes how you sign in."))


RULES: Rules = {
    "account.register": [[anyone]],
    "account.sign_in": [[anyone]],
    "account.confirm": [[anyone]],
    "account.reset": [[anyone]],
    "account.sign_out": [[anyone]],
    "account.profile": [[known]],
    "account.resume": [[known]],
    "account.move": [[known, recognised]],
    "account.stop_move": [[known]],
    "account.settle_move": [[anyone]],
    "domain.manage": [[platform_admin]],
}
