"""Preparing conversations, writing statements, and answering them: one opinion each, whatever arrives at once."""

import logging
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Organisation, Person
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State, Thread
from consult.core import events, keys
from consult.core.db import alone, db, hold, insert, table
from consult.core.languages import Localized
from consult.core.statements import made_once, out_of_date
from consult.opinions import queries, voices
from consult.opinions.models import Conversation, Opinion, Participant, Stance, Statement, StatementTally
from consult.processes import services as processes
from consult.processes.holding import hold_times
from consult.processes.models import Phase
from consult.verification import bearers

log = logging.getLogger("consult.opinions")

COLUMNS = {Stance.AGREE: "agreed", Stance.DISAGREE: "disagreed", Stance.PASS: "passed"}


class RefusedError(ValueError):
    """An answer or a statement that cannot be taken, with the sentence that says why."""

    def __init__(self, reason: str | LazyString) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class ConversationPrepared(events.Event):
    activity_id: int


@dataclass(frozen=True, kw_only=True)
class ConversationSet(events.Event):
    """The office changed who writes statements, how many each, or how often the map is made."""

    activity_id: int


@dataclass(frozen=True, kw_only=True)
class StatementWritten(events.Event):
    statement_id: int


@dataclass(frozen=True, kw_only=True)
class StatementWithdrawn(events.Event):
    statement_id: int


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(events.Event):
    """Somebody answered or changed an answer: nobody's, so that the register does not tell who answered when."""

    activity_id: int


@dataclass(frozen=True, kw_only=True)
class OpinionsTakenBack(events.Event):
    """Somebody took all their answers back: nobody's, likewise."""

    activity_id: int


def prepare(phase: Phase, actor: Person, **values: Any) -> Conversation:
    """Add a conversation to a phase, with these columns. Raises TimetableError where its times cannot be."""
    processes.check_times(phase, values["opens_at"], values["closes_at"])
    conversation = Conversation(phase=phase, **values)
    db.session.add(conversation)
    db.session.flush()
    events.record(ConversationPrepared(actor_id=actor.id, activity_id=conversation.id))
    return conversation


def change_settings(conversation: Conversation, actor: Person, *, seen: int, **values: Any) -> None:
    """Change what only conversations have. Raises StaleVersionError where somebody was faster."""
    hold(conversation, seen)
    for name, value in values.items():
        setattr(conversation, name, value)
    conversation.version += 1
    db.session.flush()
    events.record(ConversationSet(actor_id=actor.id, activity_id=conversation.id))


def write(conversation: Conversation, author: Person, text: str, *, organisation: Organisation | None = None,
          by_staff: bool = False, drawn_from_id: int | None = None, language: str = "it") -> Statement:
    """Put a statement into a conversation; a participant's waits for a moderator where the activity asks for it.

    Raises RefusedError where it stands there already, or the author has written as many as each may, and MandateError
    where they do not speak for the organisation.
    """
    alone(f"statements:{conversation.id}")
    if queries.said_already(conversation, text):
        raise RefusedError(_l("This statement is there already: answer it, or say something else."))
    if not by_staff and room(conversation, author) == 0:
        raise RefusedError(_l("You have written as many statements as each may here."))
    statement = Statement(
        code=contributions.next_code(conversation, "statement"), activity=conversation, author=author,
        municipality_id=author.residence_id, language=language, text=text, by_staff=by_staff,
        drawn_from_id=drawn_from_id, thread=Thread(activity=conversation, label=Localized.of(text)))
    contributions.sign(statement, author, organisation)
    contributions.begin(statement, State.PUBLISHED if by_staff else contributions.first_state(conversation),
                        vouched=by_staff)
    if statement.thread is not None:
        statement.thread.path = f"/affermazioni/{statement.id}"
    events.record(StatementWritten(actor_id=author.id, statement_id=statement.id))
    return statement


def room(conversation: Conversation, person: Person) -> int | None:
    """How many more statements somebody may write; None for as many as they like."""
    if not conversation.statements_each:
        return None
    return max(0, conversation.statements_each - queries.written_by(person, conversation))


def withdraw(statement: Statement, actor: Person) -> None:
    """Take a statement back. Raises PassageError where it is no longer there to be taken back."""
    contributions.change_state(statement, State.WITHDRAWN, actor)
    events.record(StatementWithdrawn(actor_id=actor.id, statement_id=statement.id))


def answer(conversation: Conversation, voice: voices.Voice, statement: Statement, stance: Stance) -> None:
    """Keep what a voice says to a statement, in place of what it said before; nothing written holds who or when.

    Raises RefusedError where the conversation has closed meanwhile or its key is gone; nothing is changed then.
    """
    _hold_open(conversation)
    tag, known = _hold_voice(conversation, voice)
    before = queries.stance_on(conversation, tag, statement.id) if known else None
    if before == stance:
        return
    if not known:
        known = Participant(conversation_id=conversation.id, tag=tag, municipality_id=voice.municipality_id,
                            category_id=voice.category_id, channel=voice.channel, answered=0)
        db.session.add(known)
        _move_participants(conversation, known.municipality_id, 1)
    known.changed, known.answered = True, known.answered + (before is None)
    db.session.flush()
    row = insert(table(Opinion)).values(
        conversation_id=conversation.id, tag=tag, statement_id=statement.id, stance=int(stance))
    db.session.execute(row.on_conflict_do_update(
        index_elements=["conversation_id", "tag", "statement_id"], set_={"stance": row.excluded.stance}))
    _move(statement.id, known, before, stance)
    events.record(OpinionGiven(actor_id=None, activity_id=conversation.id))


def take_back(conversation: Conversation, voice: voices.Voice) -> bool:
    """Remove all that a voice has said; answers whether there was anything. Raises RefusedError after closing."""
    _hold_open(conversation)
    _tag, known = _hold_voice(conversation, voice)
    if known is None:
        return False
    _remove(conversation, known)
    events.record(OpinionsTakenBack(actor_id=None, activity_id=conversation.id))
    return True


def leave_one(conversation: Conversation, person: Person) -> None:
    """Where a person has answered under several of their tags, keep the first and take the others out."""
    if conversation.over() or not keys.exists(conversation.id):
        return
    tags = voices.of(person).tags(conversation)
    found = {one.tag: one for one in db.session.scalars(sa.select(Participant).where(
        Participant.conversation_id == conversation.id, Participant.tag.in_(tags)))}
    for tag in [tag for tag in tags if tag in found][1:]:
        _remove(conversation, found[tag])
        events.record(OpinionsTakenBack(actor_id=None, activity_id=conversation.id))


def _hold_voice(conversation: Conversation, voice: voices.Voice) -> tuple[str, Participant | None]:
    """The tag of a voice and its row, if it has one; nobody else answers for it until the transaction ends."""
    try:
        voice.hold()
        tags = voice.tags(conversation)
    except bearers.NotGoodError as refusal:
        raise RefusedError(refusal.reason) from refusal
    except keys.KeyLostError as lost:
        log.critical("the key of conversation %s is lost: no answer can be taken", conversation.id)
        raise RefusedError(_l("Answers cannot be taken at the moment. Nothing was changed.")) from lost
    known = queries.participant(conversation, tags)
    return (known.tag if known else tags[0]), known


def _remove(conversation: Conversation, known: Participant) -> None:
    gone = db.session.execute(
        sa.delete(Opinion).where(Opinion.conversation_id == conversation.id, Opinion.tag == known.tag)
        .returning(Opinion.statement_id, Opinion.stance)).all()
    for statement_id, stance in sorted(gone):
        _move(statement_id, known, stance, None)
    _move_participants(conversation, known.municipality_id, -1)
    db.session.delete(known)
    db.session.flush()


def _move(statement_id: int, known: Participant, before: int | None, after: int | None) -> None:
    """Move the counters of a statement, always the whole before its parts."""
    moves = {name: (after == stance) - (before == stance) for stance, name in COLUMNS.items()}
    own = table(Statement)
    db.session.execute(sa.update(own).where(own.c.id == statement_id).values(
        {name: own.c[name] + by for name, by in moves.items()}))
    out_of_date(Statement, *moves, which=lambda row: row.get("id") == statement_id)
    db.session.execute(_tallying(), {
        "statement_id": statement_id, "municipality_id": known.municipality_id or 0,
        "category_id": known.category_id or 0, **{name: max(by, 0) for name, by in moves.items()},
        **{f"{name}_by": by for name, by in moves.items()}})


@made_once
def _tallying() -> Any:
    own = table(StatementTally)
    row = insert(own).values({name: sa.bindparam(name) for name in (
        "statement_id", "municipality_id", "category_id", *COLUMNS.values())})
    return row.on_conflict_do_update(
        index_elements=list(own.primary_key),
        set_={name: own.c[name] + sa.bindparam(f"{name}_by", type_=sa.Integer()) for name in COLUMNS.values()})


def _move_participants(conversation: Conversation, municipality_id: int | None, by: int) -> None:
    own = table(Conversation)
    db.session.execute(sa.update(own).where(own.c.id == conversation.id).values(
        participant_count=own.c.participant_count + by))
    out_of_date(Conversation, "participant_count", which=lambda row: row.get("id") == conversation.id)
    processes.count(conversation, "opinion", municipality_id, by)


def _hold_open(conversation: Conversation) -> None:
    hold_times(conversation)
    taking = conversation.takes()
    if not taking:
        raise RefusedError(taking.reason)


def public_state(statement: Statement) -> bool:
    """Whether a statement can be answered, as it is now."""
    return db.session.scalar(sa.select(Contribution.state).where(Contribution.id == statement.id)) is State.PUBLISHED
