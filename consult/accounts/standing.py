"""Which roles count: all that somebody was given, but in a browser where a second factor is still owed."""

import enum
from typing import TYPE_CHECKING, Any, cast

from consult.accounts.restrained import Restrained
from consult.core.policy import Verdict

WHOEVER_ASKS = "whoever asks"
"""The group of deferred columns of a person that are wanted of whoever has signed in, and of nobody else: features
above add theirs, and every page has them with the person."""


class Standing(Restrained):
    """What a person may be taken for, in the browser that asks; elsewhere nothing is owed."""

    if TYPE_CHECKING:
        role_grants: Any

    second_factor_shown = False
    roles_sleep = False
    """True where roles need a second factor and none was shown: they count for nothing until then."""
    held_back = cast("Verdict | None", None)
    """Why nothing but what a visitor may do is allowed yet."""

    def holds(self, *roles: enum.Enum, process_id: int | None = None) -> bool:
        """True if one of the roles counts for the whole site or for this process.

        Without a process, a role in any process counts.
        """
        return not self.roles_sleep and self.was_given(*roles, process_id=process_id)

    def was_given(self, *roles: enum.Enum, process_id: int | None = None) -> bool:
        """True if one of the roles was granted, whether it counts here or not."""
        return any(
            grant.role in roles and (process_id is None or grant.process_id in (None, process_id))
            for grant in self.role_grants
        )

    @property
    def active_grants(self) -> list[Any]:
        """The roles that count here."""
        return [] if self.roles_sleep else list(self.role_grants)

    @property
    def is_staff(self) -> bool:
        """True for whoever was given a role."""
        return bool(self.role_grants)
