"""Who prepares and convenes meetings, records what was said, and reads, corrects and approves minutes."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Role
from consult.accounts.policy import holding, not_suspended
from consult.core import clock
from consult.core.policy import Reason, Rules, refusing, signed_in
from consult.meetings.models import Meeting, Minutes, MinutesCorrection, MinutesState
from consult.processes.policy import is_public

leading = holding(Role.FACILITATOR, Role.PLAN_OFFICE, Role.PLATFORM_ADMIN)


def minutes_of(thing: Meeting | Minutes | MinutesCorrection) -> Minutes | None:
    """The minutes that a thing is or belongs to; a meeting may have none yet."""
    return thing if isinstance(thing, Minutes) else thing.minutes


@refusing(_l("This meeting was convened already."))
def not_convened(person: Any, thing: Meeting) -> bool:
    """Holds until a meeting is convened."""
    return not thing.convened


@refusing(_l("This meeting was not convened yet."))
def convened(person: Any, thing: Meeting) -> bool:
    """Holds once a meeting was convened."""
    return thing.convened


@refusing(_l("This meeting was cancelled."))
def not_cancelled(person: Any, thing: Meeting) -> bool:
    """Holds while a meeting stands."""
    return not thing.cancelled


@refusing(_l("This meeting has begun already."))
def not_begun(person: Any, thing: Meeting) -> bool:
    """Holds until the hour of a meeting."""
    return not thing.begun()


@refusing(_l("This meeting has not begun yet."))
def begun(person: Any, thing: Meeting) -> bool:
    """Holds from the hour of a meeting."""
    return thing.begun()


@refusing(_l("The minutes were approved: they never change. What has to be put right is added below them as a note."))
def minutes_open(person: Any, thing: Meeting | MinutesCorrection) -> bool:
    """Holds until minutes are approved."""
    minutes = minutes_of(thing)
    return minutes is None or not minutes.approved


@refusing(_l("These minutes were sent round already."))
def minutes_drafted(person: Any, thing: Minutes) -> bool:
    """Holds while minutes are being written."""
    return thing.state is MinutesState.DRAFT


@refusing(_l("These minutes are not with those who sit at the table."))
def minutes_circulated(person: Any, thing: Minutes) -> bool:
    """Holds between the day on which minutes are sent round and their approval."""
    return thing.state is MinutesState.CIRCULATED


@refusing(_l("These minutes were not approved yet."))
def minutes_approved(person: Any, thing: Minutes) -> bool:
    """Holds for good, once minutes are approved."""
    return thing.approved


def _why_no_corrections(person: Any, thing: Minutes) -> Reason:
    if thing.approved:
        return _l("These minutes were approved: they never change.")
    if thing.corrections_until is None:
        return _l("These minutes are still being written.")
    return _l("The time for corrections is over.")


@refusing(_why_no_corrections)
def corrections_open(person: Any, thing: Minutes) -> bool:
    """Holds for a week from the day on which minutes are sent round."""
    return thing.takes_corrections()


@refusing(_l("Those who sit at the table still have time to send corrections."))
def corrections_over(person: Any, thing: Minutes) -> bool:
    """Holds once that week has passed."""
    return thing.corrections_until is not None and thing.corrections_until <= clock.now()


@refusing(_l("Some corrections were not answered yet."))
def corrections_answered(person: Any, thing: Minutes) -> bool:
    """Holds where each correction was answered."""
    return not thing.unanswered


@refusing(_l("Only those who sit at the table, or speak for an organisation that does, can do this."),
          sign_in_helps=True)
def at_the_table(person: Any, thing: Minutes) -> bool:
    """Holds for members of the body that met, of today."""
    body = thing.meeting.body
    return body is not None and bool(body.seats_of(person))


RULES: Rules = {
    "meeting.prepare": [[leading]],
    "meeting.edit": [[leading, not_cancelled, minutes_open]],
    "meeting.convene": [[leading, not_convened, not_cancelled, not_begun]],
    "meeting.cancel": [[leading, convened, not_cancelled, not_begun]],
    "meeting.record": [[leading, convened, begun, not_cancelled, minutes_open]],
    "minutes.read": [[minutes_approved, is_public], [leading], [minutes_circulated, at_the_table]],
    "minutes.write": [[leading, convened, begun, not_cancelled, minutes_open]],
    "minutes.circulate": [[leading, minutes_drafted]],
    "minutes.correct": [[leading, corrections_open], [signed_in, at_the_table, corrections_open, not_suspended]],
    "minutes.answer": [[leading, minutes_open]],
    "minutes.approve": [[leading, minutes_circulated, corrections_over, corrections_answered]],
    "minutes.annotate": [[leading, minutes_approved]],
}
