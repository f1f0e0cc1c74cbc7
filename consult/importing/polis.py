"""Bringing a conversation of Polis into a percorso as a map of opinions, and taking it back."""

import hashlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, Flag, Follow, State, Thread
from consult.core import clock, events
from consult.core.db import Base, db, table
from consult.core.languages import Localized
from consult.importing.models import ConversationFile
from consult.importing.reading import Reading
from consult.importing.services import ImportRefusedError
from consult.moderation.models import Decision
from consult.notices.models import Happening
from consult.opinions import bulk
from consult.opinions.models import (
    Conversation,
    Opinion,
    OpinionMap,
    Participant,
    Statement,
    StatementTally,
    Writers,
)
from consult.planning.models import TraceLink
from consult.processes.models import Activity, Channel, ParticipationCount, Phase, Process
from consult.results.models import ResultSheet
from consult.search import services as search

INTRODUCTION = ("Questa mappa è stata portata qui da Polis, con le affermazioni e le risposte pubblicate allora. Delle "
                "risposte non si sa di chi sono.")
_STATES = {1: State.PUBLISHED, 0: State.PUBLISHED, -1: State.HIDDEN}


@dataclass(frozen=True, kw_only=True)
class ConversationImported(events.Event):
    activity_id: int
    statements: int
    participants: int


@dataclass(frozen=True, kw_only=True)
class ConversationImportUndone(events.Event):
    conversation_name: str


def bring(reading: Reading, phase: Phase, author: Person, *, name: str, title: str = "", language: str = "it",
          until: datetime | None = None) -> Conversation:
    """Make a conversation of what Polis exported; `name` is what it is taken back by.

    It has closed already, so that its map is frozen next, unless it is to stay open `until` some day. `author` is the
    member of the staff in whose name the statements stand. Raises ImportRefusedError.
    """
    if not author.active_grants:
        raise ImportRefusedError(f"{author.email} is nobody of the staff: name one with --author.")
    if db.session.scalar(sa.select(Activity.id).where(Activity.source == _source(name))):
        raise ImportRefusedError(f"There is an imported conversation «{name}»: undo it, or choose another --name.")
    conversation = _conversation(phase, title or reading.topic or name, until, _source(name))
    ids = _statements(conversation, reading, author, language, _source(name))
    given: dict[int, dict[int, int]] = defaultdict(dict)
    for (voter, number), vote in reading.votes.items():
        given[voter][ids[number]] = vote
    bulk.take_in(conversation, [
        bulk.Voice(tag=_tag(name, voter), stances=stances) for voter, stances in given.items()])
    search.renew(ids.values())
    events.record(ConversationImported(actor_id=author.id, activity_id=conversation.id, statements=len(ids),
                                       participants=len(given)))
    return conversation


def _conversation(phase: Phase, title: str, until: datetime | None, source: str) -> Conversation:
    conversation = Conversation(
        phase=phase, title=Localized.of(title), intro=Localized.of(INTRODUCTION), negotiable=Localized(),
        opens_at=phase.starts_at, writers=Writers.STAFF, source=source,
        closes_at=until or max(clock.now(), phase.starts_at + (phase.ends_at - phase.starts_at) / 1000))
    db.session.add(conversation)
    db.session.flush()
    return conversation


def _source(name: str) -> str:
    return f"polis:{name}"


def _tag(name: str, voter: int) -> str:
    return hashlib.sha256(f"polis:{name}:{voter}".encode()).hexdigest()[:32]


def place(slug: str) -> Phase:
    """The phase that is under way, or the last one of a percorso. Raises ImportRefusedError."""
    process = db.session.scalar(sa.select(Process).where(Process.slug == slug))
    if process is None or not process.phases:
        raise ImportRefusedError(f"There is no percorso «{slug}» with phases.")
    return next((phase for phase in process.phases if phase.current()), process.phases[-1])


def _statements(conversation: Conversation, reading: Reading, author: Person, language: str,
                source: str) -> dict[int, int]:
    """Write the statements; answers their ids by the numbers of Polis."""
    first = contributions.next_code(conversation, "statement", len(reading.remarks))
    head, number = first.rpartition("-")[0], int(first.rpartition("-")[2])
    ids: dict[int, int] = {}
    for place, remark in enumerate(sorted(reading.remarks, key=lambda remark: remark.number)):
        statement = Statement(
            code=f"{head}-{number + place:04}", activity=conversation, author=author, language=language,
            text=remark.text, by_staff=True, channel=Channel.IMPORTED,
            source=f"{source}:{remark.number}",
            thread=Thread(activity=conversation, label=Localized.of(remark.text)))
        contributions.begin(statement, State.PUBLISHED, vouched=True)
        if statement.thread is not None:
            statement.thread.path = f"/affermazioni/{statement.id}"
        if _STATES.get(remark.moderated) is State.HIDDEN:
            contributions.change_state(statement, State.HIDDEN, author)
        ids[remark.number] = statement.id
    return ids


def called(name: str) -> Conversation:
    """An imported conversation by its name. Raises ImportRefusedError."""
    conversation = db.session.scalar(sa.select(Conversation).where(Conversation.source == _source(name)))
    if conversation is None:
        raise ImportRefusedError(f"There is no imported conversation «{name}».")
    return conversation


def undo(conversation: Conversation, actor: Person | None = None) -> dict[str, int]:
    """Take an imported conversation back with all that the import made; answers how many rows of each table went.

    Raises ImportRefusedError, and removes nothing, where people have taken part since.
    """
    name = str(conversation.source).partition(":")[2]
    if later := _later(conversation):
        raise ImportRefusedError(f"Since the import, in «{name}»: {', '.join(later)}. Nothing was removed.")
    removed = _remove(conversation)
    events.record(ConversationImportUndone(actor_id=actor.id if actor else None, conversation_name=name))
    return removed


def _later(conversation: Conversation) -> list[str]:
    ours = sa.select(Contribution.id).where(Contribution.activity_id == conversation.id)
    sheet = sa.select(ResultSheet.id).where(ResultSheet.activity_id == conversation.id)
    asked: dict[str, sa.Select[Any]] = {
        "new contributions": ours.where(Contribution.source.is_(None)),
        "answers": sa.select(Participant.tag).where(Participant.conversation_id == conversation.id,
                                                    Participant.channel != Channel.IMPORTED),
        "flags": sa.select(Flag.id).where(Flag.contribution_id.in_(ours)),
        "decisions of moderators": sa.select(Decision.id).where(Decision.contribution_id.in_(ours)),
        "links to the plan": sa.select(TraceLink.id).where(
            sa.or_(TraceLink.contribution_id.in_(ours), TraceLink.result_sheet_id.in_(sheet))),
    }
    return [name for name, found in asked.items() if db.session.scalar(found.limit(1)) is not None]


def _remove(conversation: Conversation) -> dict[str, int]:
    id = conversation.id
    ours = sa.select(Contribution.id).where(Contribution.activity_id == id)
    steps: list[tuple[type[Base], sa.ColumnElement[bool]]] = [
        (ConversationFile, ConversationFile.conversation_id == id),
        (Opinion, Opinion.conversation_id == id), (Participant, Participant.conversation_id == id),
        (OpinionMap, OpinionMap.conversation_id == id), (StatementTally, StatementTally.statement_id.in_(ours)),
        (Follow, sa.or_(Follow.activity_id == id, Follow.contribution_id.in_(ours))),
        (Happening, sa.or_(Happening.activity_id == id, Happening.contribution_id.in_(ours),
                           Happening.subject_id.in_(ours))),
        (ResultSheet, ResultSheet.activity_id == id), (ParticipationCount, ParticipationCount.activity_id == id),
        (Statement, table(Statement).c.id.in_(ours)), (Contribution, Contribution.activity_id == id),
        (Thread, Thread.activity_id == id), (Conversation, table(Conversation).c.id == id),
        (Activity, table(Activity).c.id == id)]
    db.session.expunge(conversation)
    search.forget_activities([id])
    removed = {}
    for model, which in steps:
        gone = cast(sa.CursorResult[Any], db.session.execute(sa.delete(table(model)).where(which))).rowcount
        removed[table(model).name] = gone
    db.session.expire_all()
    return {name: count for name, count in removed.items() if count}
