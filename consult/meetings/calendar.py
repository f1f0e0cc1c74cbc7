"""A meeting as an appointment for the calendar of a telephone or a computer (RFC 5545)."""

from datetime import UTC, datetime

from flask_babel import gettext as _

from consult.core import richtext
from consult.meetings.models import Meeting

OCTETS = 75
"""Octets of the longest line; what is longer goes on in the next, which begins with a space (section 3.1)."""


def appointment(meeting: Meeting, *, address: str) -> bytes:
    """The file, with the address of the page of the meeting. Sent again, it replaces the one sent before."""
    host = address.partition("://")[2].partition("/")[0]
    stamp = meeting.cancelled_at or meeting.convened_at or meeting.begins_at
    said = [richtext.excerpt(str(meeting.intro), 400), meeting.directions,
            _("Online: %(address)s", address=meeting.online) if meeting.online else "", address]
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Consult//Consult//IT", "METHOD:PUBLISH", "BEGIN:VEVENT",
        f"UID:incontro-{meeting.id}@{host}", f"DTSTAMP:{_instant(stamp)}", f"DTSTART:{_instant(meeting.begins_at)}",
        f"DTEND:{_instant(meeting.ends_at)}", f"SEQUENCE:{meeting.version}", f"SUMMARY:{_text(str(meeting.title))}",
        f"LOCATION:{_text(', '.join(filter(None, (meeting.place, meeting.address))))}",
        f"DESCRIPTION:{_text(chr(10).join(filter(None, said)))}", f"URL:{address}",
        f"STATUS:{'CANCELLED' if meeting.cancelled else 'CONFIRMED'}", "END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{folded}\r\n" for line in lines for folded in _folded(line)).encode()


def _instant(instant: datetime) -> str:
    return instant.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """With what has a meaning in the file escaped (section 3.3.11)."""
    for sign, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r", ""), ("\n", "\\n")):
        value = value.replace(sign, escaped)
    return value


def _folded(line: str) -> list[str]:
    """A line in pieces of at most 75 octets, no letter cut in two."""
    pieces, piece, most = [], "", OCTETS
    for letter in line:
        if len((piece + letter).encode()) > most:
            pieces.append(piece)
            piece, most = "", OCTETS - 1
        piece += letter
    return [piece if number == 0 else f" {piece}" for number, piece in enumerate([*pieces, piece])]
