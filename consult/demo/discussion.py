"""The discussion between the tables: its topics, who agrees with what was said, and what a facilitator drew from it."""

from itertools import chain
from typing import Any, cast

from consult.comments.models import Agreement, Comment
from consult.core import clock
from consult.core.db import db
from consult.demo import bulk
from consult.demo.percorso import described, timed
from consult.demo.story import Story
from consult.discussions import services as discussions
from consult.discussions.models import Openers
from consult.notices import services as notices
from consult.processes.models import Audience, EngagementLevel, ModerationMode, ResultsVisible


def load(story: Story) -> None:
    """The discussion and its topics in the order in which they were opened; who hears of them."""
    told = story.more["discussion"]
    times = timed(story, "F2", told["opens_on"], told["closes_on"])
    with clock.at(times["opens_at"]):
        discussion = discussions.prepare(
            times.pop("phase"), story.people[told["prepared_by"]], title=story.text(_title(story)),
            openers=Openers.EVERYBODY, audience=Audience.SIGNED_IN, moderation=ModerationMode.AFTER,
            results_visible=ResultsVisible.LIVE, engagement_level=EngagementLevel.CONSULTATION,
            **described(story, told["id"]), **times)
        for name in told["followed_by"]:
            notices.follow(discussion, story.people[name])
    for entry in sorted(told["topics"], key=lambda entry: (entry["date"], entry["id"])):
        author = story.people[entry["author"]]
        with clock.at(story.moment(entry["date"])):
            topic = discussions.open_topic(discussion, author, title=entry["title"], body=entry["body"].strip(),
                                           columns=entry["columns"], by_staff=bool(author.role_grants))
            if entry["pinned"]:
                discussions.pin(topic, author, pinned=True)
        story.topics[entry["id"]] = story.contributions[entry["id"]] = topic
        if topic.thread is not None:
            story.threads[entry["id"]] = topic.thread


def conclude(story: Story) -> None:
    """Who agrees with the comments, and the summaries that rest on them; to be called once the comments are there."""
    for entry in story.comments:
        if "agree" in entry:
            _agree(story, cast(Comment, story.contributions[entry["id"]]), entry)
    codes = {entry["id"]: story.contributions[entry["id"]].code for entry in story.comments}
    for entry in story.more["discussion"]["topics"]:
        if "summary" in entry:
            topic = story.topics[entry["id"]]
            with clock.at(story.moment(entry["summarised"])):
                discussions.summarise(topic, story.people[entry["author"]], seen=topic.version,
                                      summary=entry["summary"].strip().format_map(codes))


def _title(story: Story) -> str:
    title: str = story.more["activities"][story.more["discussion"]["id"]]["title"]
    return title


def _agree(story: Story, comment: Comment, entry: dict[str, Any]) -> None:
    """As many as told, of those who were there by then."""
    ends = story.present
    there = [one for one in story.residents if one.since < comment.created_at]
    said = chain([True] * entry["agree"], [False] * entry["disagree"])
    chosen = story.rng.sample(there, entry["agree"] + entry["disagree"])
    bulk.write(Agreement, [
        {"comment_id": comment.id, "person_id": one.id, "agrees": agrees,
         "given_at": story.between(comment.created_at, ends)} for one, agrees in zip(chosen, said, strict=True)])
    comment.agree_count, comment.disagree_count = entry["agree"], entry["disagree"]
    db.session.flush()
