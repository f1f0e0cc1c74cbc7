"""What somebody may not do for a while, as columns of the account: whoever asks the policy needs no other row."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock


class Restrained:
    """Set by the features that decide it; past instants restrain nobody."""

    suspended_until: Mapped[datetime | None]
    """Until then the person reads, supports and votes, but writes nothing."""
    flags_warned_at: Mapped[datetime | None]
    """When they were told that nearly all they reported was found to be within the rules."""
    flags_limited_until: Mapped[datetime | None]
    """Until then they report at most one text a day."""
    next_flag_at: Mapped[datetime | None] = mapped_column(default=None)
    """When they can report again."""

    @property
    def suspended(self) -> bool:
        """True while a suspension lasts."""
        return self.suspended_until is not None and self.suspended_until > clock.now()
