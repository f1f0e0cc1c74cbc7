"""Conversations, their statements, and what one voice has said; never what somebody else has."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.core import paging
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.core.statements import made_once
from consult.opinions import routing
from consult.opinions.models import Conversation, Opinion, OpinionMap, Participant, Statement
from consult.processes.models import Activity, Channel, Phase, Process
from consult.territory.models import StakeholderCategory

NEWEST = paging.Order(Contribution.id, descending=True)
COUNTED = (State.PENDING, State.PUBLISHED, State.HIDDEN)
"""Statements that count towards how many somebody may write."""
MOST_OWN = 50


def conversation(id: int) -> Conversation | None:
    """A conversation with its phase and its percorso."""
    process = joinedload(Conversation.phase).joinedload(Phase.process).joinedload(Process.blackouts)
    return db.session.scalars(sa.select(Conversation).where(Conversation.id == id).options(process)).unique().first()


def statement(id: int) -> Statement | None:
    """A statement with all that its page shows of it."""
    process = joinedload(Statement.activity.of_type(Conversation)).joinedload(Activity.phase).joinedload(Phase.process)
    return db.session.scalars(sa.select(Statement).where(Statement.id == id).options(
        *by_names(), joinedload(Statement.thread), joinedload(Statement.drawn_from).joinedload(Contribution.thread),
        process.joinedload(Process.blackouts))).unique().first()


def statement_in(conversation: Conversation, id: int) -> Statement | None:
    """A public statement of a conversation."""
    return db.session.scalar(_public(conversation).where(Statement.id == id))


def _public(conversation: Conversation) -> sa.Select[Statement]:
    return sa.select(Statement).where(Contribution.activity_id == conversation.id, Contribution.kind == "statement",
                                      Contribution.state == State.PUBLISHED)


def statements(conversation: Conversation, after: str | None = None) -> paging.Page:
    """A page of the public statements, the newest first."""
    wanted = _public(conversation).options(*by_names(), joinedload(Statement.thread))
    return paging.page(wanted, [NEWEST], after=after, size=30)


def all_statements(conversation: Conversation, after: str | None = None) -> paging.Page:
    """A page of the statements that were sent in, whatever became of them, the newest first: for the office."""
    wanted = sa.select(Statement).where(Contribution.activity_id == conversation.id, Contribution.kind == "statement")
    return paging.page(wanted.options(*by_names()), [NEWEST], after=after, size=50)


def texts(ids: Sequence[int]) -> dict[int, Statement]:
    """The statements with these ids that are public now, by id."""
    wanted = sa.select(Statement).where(Statement.id.in_(list(ids)), Contribution.state == State.PUBLISHED)
    return {one.id: one for one in db.session.scalars(wanted)}


def public_count(conversation: Conversation) -> int:
    """How many statements can be answered."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(_public(conversation).subquery())) or 0


def not_public_of(person: Any, conversation: Conversation) -> Sequence[Statement]:
    """The statements of somebody that others do not see: what waits or was hidden."""
    if not person.is_authenticated:
        return []
    return db.session.scalars(sa.select(Statement).where(
        Contribution.author_id == person.id, Contribution.activity_id == conversation.id,
        Contribution.state.in_([State.PENDING, State.HIDDEN])).order_by(Contribution.id.desc()).limit(MOST_OWN)).all()


def written_by(person: Any, conversation: Conversation) -> int:
    """How many statements somebody has written and not taken back."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(
        Contribution.author_id.in_(person.ids), Contribution.activity_id == conversation.id,
        Contribution.kind == "statement", Contribution.state.in_(COUNTED))) or 0


def said_already(conversation: Conversation, text: str) -> Statement | None:
    """A statement of the conversation with the same words, if there is one that stands."""
    wanted = sa.select(Statement).where(
        Contribution.activity_id == conversation.id, Contribution.kind == "statement",
        Contribution.state.in_(COUNTED), sa.func.lower(Statement.text) == text.lower())
    return db.session.scalar(wanted.order_by(Contribution.id).limit(1))


def drawn_from(conversation: Conversation) -> set[int]:
    """The ids of the proposals that statements of the conversation say in short."""
    return set(db.session.scalars(sa.select(Statement.drawn_from_id).where(
        Contribution.activity_id == conversation.id, Contribution.kind == "statement",
        Statement.drawn_from_id.is_not(None))))


def drawn_into(contribution_id: int) -> Sequence[Statement]:
    """The public statements that say a proposal in short."""
    return db.session.scalars(_drawn_into(), {"said_in_short": contribution_id}).all()


@made_once
def _drawn_into() -> sa.Select[Statement]:
    return (sa.select(Statement)
            .where(Statement.drawn_from_id == sa.bindparam("said_in_short"), Contribution.state == State.PUBLISHED)
            .options(joinedload(Statement.activity)).order_by(Contribution.id).limit(5))


def anybody_in(conversation: Conversation) -> bool:
    """Whether anybody has answered here: what was imported lies under tags that no key has made."""
    known = sa.select(Participant.tag).where(Participant.conversation_id == conversation.id,
                                             Participant.channel != Channel.IMPORTED)
    return db.session.scalar(known.limit(1)) is not None


def participant(conversation: Conversation, tags: Sequence[str]) -> Participant | None:
    """The row of a voice, under the first of its tags that has one."""
    found = {one.tag: one for one in db.session.scalars(sa.select(Participant).where(
        Participant.conversation_id == conversation.id, Participant.tag.in_(tags)))}
    return next((found[tag] for tag in tags if tag in found), None)


@dataclass(frozen=True)
class Said:
    """A statement and what one voice has said to it."""

    statement: Statement
    stance: int


def said(conversation: Conversation, tag: str) -> list[Said]:
    """What a voice has said to the statements that are public, in the order of the statements."""
    rows = db.session.execute(
        sa.select(Statement, Opinion.stance).join(Opinion, Opinion.statement_id == Statement.id)
        .where(Opinion.conversation_id == conversation.id, Opinion.tag == tag,
               Contribution.state == State.PUBLISHED).order_by(Statement.id))
    return [Said(statement, stance) for statement, stance in rows]


def stance_on(conversation: Conversation, tag: str, statement_id: int) -> int | None:
    """What a voice has said to one statement."""
    return db.session.scalar(sa.select(Opinion.stance).where(
        Opinion.conversation_id == conversation.id, Opinion.tag == tag, Opinion.statement_id == statement_id))


@dataclass(frozen=True)
class Next:
    """The statement to be asked now, and how far a voice has come."""

    statement: Statement | None
    answered: int
    total: int


def next_for(conversation: Conversation, tag: str) -> Next:
    """What to ask a voice now: drawn among what it has not seen, with more weight where an answer informs more.

    Two queries whatever the number of statements. Until it is answered the same one is drawn.
    """
    own, common = table(Statement).c, table(Contribution).c
    seen = sa.select(Opinion.statement_id).where(
        Opinion.conversation_id == conversation.id, Opinion.tag == tag, Opinion.statement_id == own.id)
    rows = db.session.execute(
        sa.select(own.id, own.agreed, own.disagreed, own.passed, own.extremity, seen.exists().label("seen"))
        .join_from(table(Statement), table(Contribution), common.id == own.id)
        .where(common.activity_id == conversation.id, common.kind == "statement",
               common.state == State.PUBLISHED).order_by(own.id)).all()
    open_ones = [row for row in rows if not row.seen]
    answered = len(rows) - len(open_ones)
    chance = hashlib.sha256(f"{conversation.seed}:{tag}:{answered}".encode()).digest()
    weights = routing.weights([(row.agreed, row.disagreed, row.passed) for row in open_ones],
                              [row.extremity for row in open_ones])
    chosen = routing.draw(weights, chance)
    statement = db.session.get(Statement, open_ones[chosen].id) if chosen is not None else None
    return Next(statement, answered, len(rows))


def latest_map(conversation: Conversation) -> OpinionMap | None:
    """The map that was made last."""
    return db.session.scalar(sa.select(OpinionMap).where(OpinionMap.conversation_id == conversation.id)
                             .order_by(OpinionMap.number.desc()).limit(1))


def shown_map(conversation: Conversation) -> OpinionMap | None:
    """The map that may be shown: the last one once all is over, before that the one before the latest.

    Between the two at least five participants have answered, and at least five more after what is shown: nobody who
    compares two maps learns what one person said.
    """
    latest = db.session.scalars(sa.select(OpinionMap).where(OpinionMap.conversation_id == conversation.id)
                                .order_by(OpinionMap.number.desc()).limit(2)).all()
    if conversation.over():
        return latest[0] if latest else None
    return latest[1] if len(latest) > 1 else None


@dataclass(frozen=True)
class Made:
    """The number of a map and when it was made."""

    number: int
    made_at: datetime


def maps_of(conversation: Conversation) -> list[Made]:
    """The maps that are kept, the latest first, without what they say."""
    rows = db.session.execute(sa.select(OpinionMap.number, OpinionMap.made_at).where(
        OpinionMap.conversation_id == conversation.id).order_by(OpinionMap.number.desc()))
    return [Made(number, made_at) for number, made_at in rows]


def category_names(ids: Sequence[int]) -> list[Localized]:
    """What these categories of organisations are called, in this order."""
    rows = db.session.execute(sa.select(StakeholderCategory.id, StakeholderCategory.name).where(
        StakeholderCategory.id.in_(list(ids))))
    found = {row.id: row.name for row in rows}
    return [Localized.of(found.get(id, "")) for id in ids]
