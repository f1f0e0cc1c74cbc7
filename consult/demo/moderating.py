"""What the moderators of the story did of late: a passage blacked out, a case passed on, reviews of two decisions."""

from datetime import datetime, timedelta
from typing import Any

from consult.appeals import queries as appeals
from consult.appeals import services as reviews
from consult.contributions.models import Contribution
from consult.core import clock, outbox
from consult.demo import contributions
from consult.demo.story import Story
from consult.moderation import acts, contributed, queries, services
from consult.moderation.acts import Order
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, Reason
from consult.redactions import passages

BATCH = "demonstration"


def load(story: Story) -> None:
    """The comments that moderators were occupied with."""
    contributions.say(story, story.more["moderating"]["comments"])


def decide(story: Story) -> None:
    """What became of them, once every counter is true; nobody of the story is written to."""
    told = story.more["moderating"]
    with outbox.held_back(BATCH, until=clock.now()):
        _blacked_out(story, told["redacted"])
        _passed_on(story, told["escalated"])
        hidden = queries.hiding(story.contributions[told["review"]["item"]])
        assert hidden is not None  # noqa: S101 - the story says so
        _asked(hidden, told["review"]["words"], story.present - timedelta(hours=20))
    outbox.drop(BATCH)


def _blacked_out(story: Story, told: dict[str, Any]) -> None:
    comment = story.contributions[told["item"]]
    matter, at = contributed.of(comment), _public_at(comment)
    places = passages.found(matter.passages(), told["words"])
    order = Order(act=Act.REDACT, reason=Reason.PERSONAL_DATA, note=told["note"], details={
        "places": [[place.field, place.start, place.length] for place in places]})
    decision = _decided(story, matter, order, told["by"], at + timedelta(hours=2))
    review = appeals.review(_asked(decision, told["review"], at + timedelta(hours=6)))
    assert review is not None  # noqa: S101 - it was just asked for
    _decided(story, review, Order(act=Act.CONFIRM, note=told["answer"]), told["answered_by"], at + timedelta(hours=9))


def _passed_on(story: Story, told: dict[str, Any]) -> None:
    comment, moderator = story.contributions[told["item"]], story.people[told["by"]]
    matter = contributed.of(comment)
    order = Order(act=Act.ESCALATE, note=told["note"], details=acts.details_of(Act.ESCALATE, matter, moderator))
    _decided(story, matter, order, told["by"], _public_at(comment) + timedelta(hours=8))


def _public_at(comment: Contribution) -> datetime:
    assert comment.published_at is not None  # noqa: S101 - what is reported can be read
    return comment.published_at


def _asked(decision: Decision, words: str, at: datetime) -> int:
    thing = appeals.appealable(decision.id)
    assert thing is not None and thing.matter.author is not None  # noqa: S101, PT018 - the author objects
    with clock.at(at):
        return reviews.ask(thing, thing.matter.author, words=words).id


def _decided(story: Story, matter: Matter, order: Order, by: str, at: datetime) -> Decision:
    with clock.at(at):
        decision = services.decide(matter, story.people[by], order, seen=services.mark(matter))
    outbox.drop(services.batch(decision))
    return decision
