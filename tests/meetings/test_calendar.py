"""The file for calendars is one that they read: escaped, folded, in UTC, and replaced by what comes later."""

import re
from datetime import UTC, datetime, timedelta

from consult.core.languages import Localized
from consult.meetings import calendar


def fields(content):
    """What a reader of RFC 5545 makes of the file."""
    text = content.decode()
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = re.sub("\r\n ", "", text).split("\r\n")
    return dict(line.split(":", 1) for line in lines if line), lines


def test_an_appointment_says_when_where_and_what_and_each_letter_comes_through(app, make):
    begins = datetime(2026, 12, 3, 16, 30, tzinfo=UTC)
    meeting = make.meeting(
        begins_at=begins, ends_at=begins + timedelta(hours=2), title=Localized.of("Bus, treno; e poi?"),
        intro=Localized.of("È la città più lontana che conta: " * 4), directions="Scala A\\B\nsecondo piano",
        address="Via Roma, 1")
    with app.test_request_context():
        found, lines = fields(calendar.appointment(meeting, address=f"https://valle.example/incontri/{meeting.id}"))
    assert (found["DTSTART"], found["DTEND"]) == ("20261203T163000Z", "20261203T183000Z")
    assert found["SUMMARY"] == "Bus\\, treno\\; e poi?"
    assert found["LOCATION"] == "Sala civica\\, Roccaprova\\, Via Roma\\, 1"
    assert "Scala A\\\\B\\nsecondo piano" in found["DESCRIPTION"]
    assert found["DESCRIPTION"].count("È la città più lontana") == 4
    assert found["UID"] == f"incontro-{meeting.id}@valle.example"
    assert (lines[0], lines[-2], found["STATUS"]) == ("BEGIN:VCALENDAR", "END:VCALENDAR", "CONFIRMED")


def test_what_was_cancelled_is_cancelled_in_the_calendar_too(app, make):
    meeting = make.meeting()
    with app.test_request_context():
        before, _lines = fields(calendar.appointment(meeting, address="https://valle.example/i/1"))
        meeting.cancelled_at, meeting.cancelled_reason, meeting.version = meeting.begins_at, "Neve.", 7
        after, _lines = fields(calendar.appointment(meeting, address="https://valle.example/i/1"))
    assert (after["STATUS"], after["UID"]) == ("CANCELLED", before["UID"])
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
