"""What must stay as it is until the transaction ends: whether an activity takes anything, and the text it is about."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.contributions.models import Contribution, State
from consult.processes.holding import hold_times
from consult.processes.models import Activity
from consult.proposals.policy import REPLACED
from consult.voting import counts

NOT_PUBLIC = _l("This is not public.")


class RefusedError(ValueError):
    """A paper or a support that cannot be taken, with the sentence that says why."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


def hold_open(activity: Activity) -> None:
    """Keep an activity open until the transaction ends. Raises RefusedError where it takes nothing."""
    hold_times(activity)
    taking = activity.takes()
    if not taking:
        raise RefusedError(taking.reason)


def hold_not_over(activity: Activity) -> None:
    """The same for what is taken, or taken back, also before an activity opens."""
    hold_times(activity)
    if activity.over():
        raise RefusedError(activity.takes().reason)


def hold_standing(contribution: Contribution) -> int:
    """Keep a public text as it is until the transaction ends, and its activity open; answers its version.

    Raises RefusedError where the activity has closed, or the text was merged, split, hidden or taken back meanwhile.
    """
    hold_open(contribution.activity)
    text = counts.hold_text(contribution)
    if text.state is not State.PUBLISHED:
        raise RefusedError(NOT_PUBLIC)
    if text.replaced_at is not None:
        raise RefusedError(REPLACED)
    return text.version
