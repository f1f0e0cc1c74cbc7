"""Preparing discussions, opening topics, pinning them, and closing them with a summary."""

import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.comments import locking
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State, Thread
from consult.core import clock, events, richtext
from consult.core.db import StaleVersionError, db, hold, table
from consult.core.languages import Localized
from consult.discussions.models import Discussion, Topic
from consult.processes import services as processes
from consult.processes.models import Phase

_CODE = re.compile(r"\b[A-Z0-9]{1,8}-C-[0-9]{1,9}\b")
_LINKED = re.compile(r"(?<![\w\[/])(?<!\]\()\b([A-Z0-9]{1,8}-C-[0-9]{1,9})\b")


@dataclass(frozen=True, kw_only=True)
class DiscussionPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class TopicOpened(events.Event):
    topic_id: int


@dataclass(frozen=True, kw_only=True)
class TopicEdited(events.Event):
    topic_id: int


@dataclass(frozen=True, kw_only=True)
class TopicWithdrawn(events.Event):
    topic_id: int


@dataclass(frozen=True, kw_only=True)
class TopicPinned(events.Event):
    """A topic was put before the others, or back among them."""

    topic_id: int
    pinned: bool


@dataclass(frozen=True, kw_only=True)
class TopicSummarised(events.Event):
    topic_id: int


class UnknownCommentsError(ValueError):
    """A summary names comments that are not public in its topic: `codes`."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def prepare(phase: Phase, actor: Person, **values: Any) -> Discussion:
    """Add a discussion to a phase, with these columns. Raises TimetableError where its times cannot be."""
    processes.check_times(phase, values["opens_at"], values["closes_at"])
    discussion = Discussion(phase=phase, **values)
    db.session.add(discussion)
    db.session.flush()
    events.record(DiscussionPrepared(actor_id=actor.id, activity_id=discussion.id))
    return discussion


def open_topic(discussion: Discussion, author: Person, *, title: str, body: str, columns: bool,
               organisation: Organisation | None = None, by_staff: bool = False, language: str = "it") -> Topic:
    """Put a new topic into a discussion; a participant's waits for a moderator where the activity asks for it.

    Raises MandateError where the author does not speak for the organisation.
    """
    thread = Thread(activity=discussion, label=Localized.of(title), columns=columns)
    topic = Topic(code=contributions.next_code(discussion, "topic"), activity=discussion, author=author,
                  municipality_id=author.residence_id, language=language, thread=thread)
    _write(topic, title, body)
    contributions.sign(topic, author, organisation)
    contributions.begin(topic, State.PUBLISHED if by_staff else contributions.first_state(discussion), vouched=by_staff)
    topic.name_page()
    events.record(TopicOpened(actor_id=author.id, topic_id=topic.id))
    return topic


def edit(topic: Topic, editor: Person, *, seen: int, title: str, body: str) -> None:
    """Change what a topic says, keeping the earlier text; where moderators read before publication they read again.

    Raises StaleVersionError where the version seen is no longer the one saved, or somebody has commented by now. An
    equal text changes nothing.
    """
    if (title, body) == (topic.title, topic.body):
        return
    hold(topic, seen)
    db.session.refresh(topic, ["comment_count"])
    if topic.comment_count:
        raise StaleVersionError(seen)
    contributions.keep_revision(topic, editor, title=topic.title, body=topic.body)
    _write(topic, title, body)
    topic.name_page()
    if topic.author_id == editor.id:
        contributions.have_read_again(topic, editor)
    events.record(TopicEdited(actor_id=editor.id, topic_id=topic.id))


def withdraw(topic: Topic, actor: Person) -> None:
    """Take a topic back that nobody has commented. Raises StaleVersionError where somebody has by now."""
    db.session.refresh(topic, ["comment_count"], with_for_update=True)
    if topic.comment_count:
        raise StaleVersionError(topic.version)
    contributions.change_state(topic, State.WITHDRAWN, actor)
    events.record(TopicWithdrawn(actor_id=actor.id, topic_id=topic.id))


def pin(topic: Topic, actor: Person, *, pinned: bool) -> None:
    """Put a topic before the others, or back among them; where it is so already nothing changes."""
    rows = table(Topic)
    changed = db.session.execute(sa.update(rows).where(rows.c.id == topic.id, rows.c.pinned.is_(not pinned)).values(
        pinned=pinned).returning(rows.c.id)).first()
    db.session.refresh(topic, ["pinned"])
    if changed:
        events.record(TopicPinned(actor_id=actor.id, topic_id=topic.id, pinned=pinned))


def summarise(topic: Topic, actor: Person, *, seen: int, summary: str) -> None:
    """Close a topic with what came of it, or change what was said of it; the comments it rests on are named by code.

    Raises UnknownCommentsError for codes that are not public comments of the topic, and StaleVersionError where the
    version seen is no longer the one saved; nothing is changed then.
    """
    codes = list(dict.fromkeys(_CODE.findall(summary)))
    unknown = [code for code in codes if code not in _public_codes(topic, codes)]
    if unknown:
        raise UnknownCommentsError(unknown)
    hold(topic, seen)
    if topic.summary:
        contributions.keep_revision(topic, actor, title=topic.title, body=topic.body, summary=topic.summary)
    else:
        topic.version += 1
    topic.summary, topic.rests_on = summary, codes
    topic.summary_html = richtext.render_staff(_LINKED.sub(r"[\1](/c/\1)", summary))
    topic.summarised_at, topic.summarised_by_id = clock.now(), actor.id
    db.session.flush()
    if topic.thread is not None and not topic.thread.locked:
        locking.lock(topic.thread, actor, reason="")
    events.record(TopicSummarised(actor_id=actor.id, topic_id=topic.id))


def _public_codes(topic: Topic, codes: list[str]) -> set[str]:
    return set(db.session.scalars(sa.select(Contribution.code).where(
        Contribution.code.in_(codes), Contribution.thread_id == topic.thread_id, Contribution.kind == "comment",
        Contribution.state == State.PUBLISHED)))


def _write(topic: Topic, title: str, body: str) -> None:
    topic.title, topic.slug = title, richtext.slug(title, 60)
    topic.body, topic.body_html = body, richtext.render(body)
