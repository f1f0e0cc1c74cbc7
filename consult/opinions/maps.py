"""Making the map of a conversation from its answers, behind the pages: counted anew, and without any tag."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core import clock, events, jobs
from consult.core.db import db, insert, reading, table
from consult.core.disclosure import MINIMUM
from consult.core.later import numpy as np
from consult.mapping import maps as mapping
from consult.mapping.snapshots import Projection, own_position
from consult.mapping.votes import Votes
from consult.opinions import concord, queries
from consult.opinions.models import Conversation, Opinion, OpinionMap, Participant, Statement
from consult.processes import queries as processes

KEPT = 2
"""Maps that stay while a conversation is open: the one that is shown and the latest."""
VERSION = 1


@dataclass(frozen=True, kw_only=True)
class MapMade(events.Event):
    """What everybody sees of a conversation may have changed."""

    activity_id: int
    number: int


@dataclass(frozen=True)
class Answers:
    """All answers to what is public; participants and statements are named by their place in their lists."""

    tags: list[str]
    municipalities: list[int | None]
    categories: list[int | None]
    statements: list[int]
    codes: list[str]
    who: Any
    what: Any
    said: Any


@dataclass(frozen=True)
class Made:
    """A map that was made: its canonical text, how far each statement sets people apart, whose group is which."""

    content: str
    extremities: dict[int, float]
    letters: dict[str, str]


def gather(conversation: Conversation) -> Answers:
    """Read the answers of a conversation, participants in the order of their tags: three queries."""
    own, contribution = table(Statement).c, table(Contribution).c
    statements = db.session.execute(
        sa.select(own.id, contribution.code)
        .join_from(table(Statement), table(Contribution), contribution.id == own.id)
        .where(contribution.activity_id == conversation.id, contribution.state == State.PUBLISHED)
        .order_by(own.id)).all()
    people = db.session.execute(
        sa.select(Participant.tag, Participant.municipality_id, Participant.category_id)
        .where(Participant.conversation_id == conversation.id).order_by(Participant.tag)).all()
    place = {row.tag: number for number, row in enumerate(people)}
    column = {row.id: number for number, row in enumerate(statements)}
    rows = [(place[tag], column[id], stance) for tag, id, stance in db.session.execute(
        sa.select(Opinion.tag, Opinion.statement_id, Opinion.stance)
        .where(Opinion.conversation_id == conversation.id)) if id in column]
    who, what, said = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Answers([row.tag for row in people], [row.municipality_id for row in people],
                   [row.category_id for row in people], [row.id for row in statements],
                   [row.code for row in statements], who, what, said.astype(np.int8))


def content(conversation: Conversation) -> str:
    """The map of a conversation as its answers are now, as canonical JSON."""
    return drawn(conversation).content


def drawn(conversation: Conversation) -> Made:
    """Make the map of a conversation; nothing is written. Letters stay those of the map before."""
    answers = gather(conversation)
    before = queries.latest_map(conversation)
    ids = np.array(answers.statements, dtype=np.int64)
    votes = Votes(answers.who, ids[answers.what] if len(ids) else answers.what, answers.said)
    settings = mapping.Settings(seed=int(conversation.seed[:8], 16))
    found = mapping.map_of(votes, settings, statements=answers.statements, previous=Projection.of(
        json.loads(before.content)["projection"]) if before else None)
    letters = tuple(group.letter for group in found.groups)
    labels = [-1] * len(answers.tags)
    for participant, label in zip(found.participants.tolist(), found.labels.tolist(), strict=True):
        labels[participant] = label
    told = _content(conversation, answers, found, labels)
    return Made(
        json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":")),
        dict(zip(found.statements.tolist(), found.extremity.tolist(), strict=True)),
        {tag: letters[label] for tag, label in zip(answers.tags, labels, strict=True) if label >= 0})


def _content(conversation: Conversation, answers: Answers, found: mapping.OpinionMap,
             labels: Sequence[int]) -> dict[str, Any]:
    letters = [group.letter for group in found.groups]
    places = processes.municipalities(conversation.phase.process)
    counts = concord.Answered(answers.who, answers.what, answers.said, len(answers.statements))
    united = concord.united(found)
    return {
        "version": VERSION, "participants": len(answers.tags), "answers": len(answers.who),
        "mapped": int(found.clustered.sum()), "letters": letters, "sizes": [group.size for group in found.groups],
        "why": concord.why(found), "silhouette": round(found.silhouette, 4) if found.k else None,
        "stability": round(found.stability, 4) if found.k else None,
        "statements": [{"id": id, "code": code, "counts": row} for id, code, row in zip(
            answers.statements, answers.codes, concord.totals(found), strict=True)],
        "united": united, "marks": [concord.marks(found, group, {at for at, _way, _band in united})
                                    for group in range(len(letters))],
        "groups": concord.by_label(counts, [len(letters) if label < 0 else label for label in labels],
                                  len(letters) + 1) if letters else {},
        "plane": [[round(one.x, 4), round(one.y, 4), one.count, one.letter or ""] for one in mapping.bubbles(found)],
        "projection": found.projection.record(),
        **concord.territory(counts, places, answers.municipalities, answers.categories),
    }


def letter_of(told: dict[str, Any], stances: dict[int, int]) -> str | None:
    """The group to which the answers of one participant, by id of the statement, stand closest; None for too few."""
    position = own_position(Projection.of(told["projection"]), stances)
    return position.letter if position else None


@jobs.every_minute
def renew() -> None:
    """Make the maps anew that are due: enough time has passed, and at least five participants have answered since."""
    with reading():
        waiting = _due()
    for id in waiting:
        with reading():
            conversation = queries.conversation(id)
            made = drawn(conversation) if conversation is not None else None
        if made is not None:
            keep(id, made)
        jobs.keep()


def _due() -> list[int]:
    now = clock.now()
    changed = (sa.select(Participant.conversation_id, sa.func.count().label("count"))
               .where(Participant.changed.is_(True)).group_by(Participant.conversation_id).subquery())
    latest = (sa.select(OpinionMap.conversation_id, sa.func.max(OpinionMap.made_at).label("at"))
              .group_by(OpinionMap.conversation_id).subquery())
    rows = db.session.execute(
        sa.select(Conversation.id, Conversation.refresh_minutes, sa.type_coerce(latest.c.at, OpinionMap.made_at.type))
        .join(changed, changed.c.conversation_id == Conversation.id)
        .outerjoin(latest, latest.c.conversation_id == Conversation.id)
        .where(Conversation.opens_at <= now, Conversation.closes_at > now, changed.c.count >= MINIMUM))
    return [id for id, minutes, at in rows if at is None or at + timedelta(minutes=minutes) <= now]


def keep(id: int, made: Made) -> None:
    """Keep a map that was made, and ask from now on what sets people apart on it."""
    number = (db.session.scalar(sa.select(sa.func.max(OpinionMap.number)).where(
        OpinionMap.conversation_id == id)) or 0) + 1
    row = insert(table(OpinionMap)).values(conversation_id=id, number=number, content=made.content, made_at=clock.now())
    db.session.execute(row.on_conflict_do_nothing())  # another process was as fast
    db.session.execute(sa.delete(table(OpinionMap)).where(
        OpinionMap.conversation_id == id, OpinionMap.number <= number - KEPT))
    if made.extremities:
        own = table(Statement)
        db.session.execute(sa.update(own).where(own.c.id == sa.bindparam("of")).values(extremity=sa.bindparam("far")),
                           [{"of": of, "far": far} for of, far in sorted(made.extremities.items())])
    db.session.execute(sa.update(table(Participant)).where(
        Participant.conversation_id == id, Participant.changed.is_(True)).values(changed=False))
    events.record(MapMade(actor_id=None, activity_id=id, number=number))


def finish(conversation: Conversation) -> None:
    """Keep the last map of a conversation that is over, with the group of each tag for whoever counts again."""
    made = drawn(conversation)
    keep(conversation.id, made)
    by_letter: dict[str, list[str]] = {}
    for tag, letter in made.letters.items():
        by_letter.setdefault(letter, []).append(tag)
    for letter, tags in by_letter.items():
        for start in range(0, len(tags), 5_000):
            db.session.execute(sa.update(table(Participant)).where(
                Participant.conversation_id == conversation.id, Participant.tag.in_(tags[start:start + 5_000]))
                .values(letter=letter))
    db.session.expire_all()


def channels(conversation: Conversation) -> Counter[str]:
    """How many participants answered by which way."""
    rows = db.session.execute(sa.select(Participant.channel, sa.func.count()).where(
        Participant.conversation_id == conversation.id).group_by(Participant.channel))
    return Counter({row.channel.value: row[1] for row in rows})
