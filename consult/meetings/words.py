"""What is said of meetings, of positions and of minutes."""

from flask_babel import LazyString, format_date, format_time, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.core import clock
from consult.meetings.models import Meeting, MinutesState, Stance

STANCES: dict[Stance, LazyString] = {
    Stance.AGREEMENT: _l("In agreement"),
    Stance.CONDITIONAL: _l("In agreement, on a condition"),
    Stance.DISAGREEMENT: _l("Not in agreement"),
    Stance.ABSTENTION: _l("Abstained"),
}

TAGS: dict[Stance, str] = {
    Stance.AGREEMENT: "good", Stance.CONDITIONAL: "waiting", Stance.DISAGREEMENT: "bad", Stance.ABSTENTION: "closed"}
"""The look of each: it only repeats what the words say."""

MINUTES_STATES: dict[MinutesState, LazyString] = {
    MinutesState.DRAFT: _l("Being written"),
    MinutesState.CIRCULATED: _l("With those who sit at the table, for corrections"),
    MinutesState.APPROVED: _l("Approved"),
}

FOUND: dict[str, LazyString] = {
    "mail": _l("This is an e-mail address."),
    "phone": _l("This is a telephone number."),
    "tax_code": _l("This is a tax code."),
    "person": _l("This is the name of a person."),
    "account": _l("This is the name with which somebody takes part here."),
    "member": _l("This is the name of somebody who sits on a body of the percorso."),
}
"""What the search for personal data says of each sort."""


def when(meeting: Meeting) -> str:
    """The day and the hours of a meeting, as people say them."""
    first, last = clock.local(meeting.begins_at), clock.local(meeting.ends_at)
    if first.date() == last.date():
        return str(_("%(day)s, from %(first)s to %(last)s", day=format_date(first, "full"),
                     first=format_time(meeting.begins_at, "HH:mm"), last=format_time(meeting.ends_at, "HH:mm")))
    return str(_("from %(first)s at %(begins)s to %(last)s at %(ends)s", first=format_date(first, "full"),
                 last=format_date(last, "full"), begins=format_time(meeting.begins_at, "HH:mm"),
                 ends=format_time(meeting.ends_at, "HH:mm")))


def where(meeting: Meeting) -> str:
    """The place of a meeting in a few words."""
    places = [meeting.place, _("online") if meeting.online else ""]
    return str(_(" and ")).join(place for place in places if place)


def days(number: int) -> str:
    """A number of whole days."""
    return str(ngettext("%(num)s day", "%(num)s days", number))
