"""The meetings of the tables and of the Forum: convened, held, with positions and minutes."""

from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments import services as comments
from consult.core import clock
from consult.core.db import db
from consult.demo.story import Story
from consult.governance.models import GovernanceBody
from consult.meetings import minutes, positions, services
from consult.meetings.models import Meeting, Minutes, Stance
from consult.meetings.positions import Stated
from consult.meetings.services import Point

STANCES = {"accordo": Stance.AGREEMENT, "accordo_condizionato": Stance.CONDITIONAL,
           "disaccordo": Stance.DISAGREEMENT, "astensione": Stance.ABSTENTION}
AT_TEN = time(10)


def load(story: Story) -> None:
    """Each meeting as far as it has come by now."""
    told = {event["id"]: event for event in (*story.told["events"], *(
        {"id": more["id"], **more["event"]} for more in story.more["meetings"] if "event" in more))}
    names = {entry["id"]: str(entry["name"]) for entry in story.told["governance"]}
    bodies = {body.name.in_language("it"): body for body in db.session.scalars(sa.select(GovernanceBody))}
    for more in story.more["meetings"]:
        event = told[more["id"]]
        meeting = _prepared(story, event, more, bodies[names[event["body"]]])
        if event["attendance"] is not None:
            _held(story, meeting, event, more)
        if "minutes" in more:
            _minutes(story, more["id"], meeting, more["minutes"], story.people[more["by"]])
        for said in more.get("comments", ()):
            with clock.at(_at(story, said["date"])):
                _say(meeting, story.people[said["author"]], said["text"])


def _say(meeting: Meeting, author: Person, text: str) -> None:
    if meeting.thread is not None:
        comments.post(meeting.thread, author, body=text)


def _at(story: Story, written: date, hour: time = AT_TEN) -> datetime:
    return min(datetime.combine(story.day(written), hour, tzinfo=clock.ROME), story.present)


def _hours(story: Story, event: dict[str, Any], more: dict[str, Any]) -> dict[str, datetime]:
    day = story.day(event["date"])
    return {name: datetime.combine(day, time.fromisoformat(hour), tzinfo=clock.ROME)
            for name, hour in (("begins_at", event["time"]), ("ends_at", more["ends"]))}


def _prepared(story: Story, event: dict[str, Any], more: dict[str, Any], body: GovernanceBody) -> Meeting:
    """Convened on the day that is told, or still being prepared."""
    lead, convened = story.people[more["by"]], "convened_on" in more
    with clock.at(_at(story, more["convened_on"]) if convened else story.present):
        meeting = services.prepare(
            story.phases["F2"], lead, [Point(**point) for point in more["agenda"]],
            title=story.text(event["title"]), intro=story.text(more["intro"]), body_id=body.id, place=event["place"],
            address=more["address"], online=more["online"], directions=more["directions"],
            **_hours(story, event, more))
        if convened:
            services.convene(meeting, lead, seen=meeting.version)
    if meeting.opens_at <= clock.now():
        meeting.opened_event_at = meeting.opens_at
    return meeting


def _held(story: Story, meeting: Meeting, event: dict[str, Any], more: dict[str, Any]) -> None:
    lead = story.people[more["by"]]
    with clock.at(meeting.ends_at + timedelta(minutes=10)):
        services.count(meeting, lead, [story.organisations[name] for name in more["present"]], seen=meeting.version,
                       attended=event["attendance"], online=event["online"])
        for told in story.told["table_positions"]:
            if told["event"] == event["id"]:
                item = next(item for item in meeting.agenda if item.title == told["point"])
                positions.record(item, lead, [Stated(
                    stance=STANCES[one["position"]], note=one["note"],
                    organisation_id=story.organisations[one["stakeholder"]].id) for one in told["positions"]],
                    seen=meeting.version)


def _minutes(story: Story, name: str, meeting: Meeting, told: dict[str, Any], lead: Person) -> None:
    with clock.at(_at(story, told["written_on"])):
        written = minutes.write(meeting, lead, body=told["body"].strip(), seen=0)
    story.minutes[name] = written
    if "circulated_on" in told:
        with clock.at(_at(story, told["circulated_on"])):
            minutes.circulate(written, lead, seen=written.version)
    for entry in told.get("corrections", ()):
        _correct(story, written, entry, lead)
    if "approved_on" in told:
        with clock.at(_at(story, told["approved_on"])):
            minutes.approve(written, lead, seen=written.version)
    if "note" in told:
        with clock.at(_at(story, told["note"]["date"])):
            minutes.annotate(written, lead, text=told["note"]["text"])


def _correct(story: Story, written: Minutes, entry: dict[str, Any], lead: Person) -> None:
    organisation = story.organisations[entry["organisation"]]
    speaker = next((name for name, theirs in story.speaks_for.items() if theirs == entry["organisation"]), None)
    with clock.at(_at(story, entry["date"])):
        sent = minutes.send_correction(written, story.people[speaker] if speaker else lead, text=entry["text"],
                                       organisation_id=organisation.id)
    if "answer" in entry:
        with clock.at(_at(story, entry["answer"]["date"])):
            minutes.answer(sent, lead, seen=sent.version, taken=entry["answer"]["taken"], text=entry["answer"]["text"])
