"""The files of Polis: comments, votes, votes by participant and summary; written without whose they are.

In them an answer is 1 for agree, -1 for disagree and 0 for pass. Participants are numbers in an order drawn anew for
each conversation. Of a statement that fewer than five have answered no single answer is given, and where fewer than
five have taken part none at all: whoever knows who wrote such a statement would know who answered it.
"""

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.core.disclosure import MINIMUM
from consult.core.spreadsheet import harmless
from consult.opinions.models import Conversation, Opinion, Participant, Statement

FILES = ("comments", "votes", "participants-votes", "summary")
MODERATED = {State.PUBLISHED: 1, State.HIDDEN: -1, State.PENDING: 0}
"""What Polis writes of moderation."""

Rows = Iterator[Sequence[object]]


def rows(conversation: Conversation, name: str, *, address: str) -> Rows:
    """The rows of one of the files, its heading first; `address` is where the conversation is read."""
    data = _data(conversation)
    if name == "comments":
        yield from _comments(data)
    elif name == "votes":
        yield from _votes(data)
    elif name == "participants-votes":
        yield from _participants(data)
    else:
        yield from _summary(conversation, data, address)


@dataclass(frozen=True)
class _Data:
    statements: Sequence[Any]
    votes: Mapping[int, Mapping[int, int]]
    """By number of the participant, the answers by id of the statement."""
    letters: Mapping[int, str]
    counts: Mapping[int, Counter[int]]


def _data(conversation: Conversation) -> _Data:
    own, common = table(Statement).c, table(Contribution).c
    statements = db.session.execute(
        sa.select(common.id, common.state, common.created_at, own.text, own.by_staff)
        .join_from(table(Statement), table(Contribution), common.id == own.id)
        .where(common.activity_id == conversation.id, common.state.in_(list(MODERATED))).order_by(common.id)).all()
    public = {row.id for row in statements if row.state is State.PUBLISHED}
    given: dict[str, dict[int, int]] = defaultdict(dict)
    counts: dict[int, Counter[int]] = defaultdict(Counter)
    for tag, statement_id, stance in db.session.execute(
            sa.select(Opinion.tag, Opinion.statement_id, Opinion.stance).where(
                Opinion.conversation_id == conversation.id, Opinion.statement_id.in_(public))):
        given[tag][statement_id] = stance
        counts[statement_id][stance] += 1
    told = {id for id, count in counts.items() if count.total() >= MINIMUM}
    tags = sorted(given)
    random.Random(f"{conversation.seed}:export").shuffle(tags)  # noqa: S311 - tags are no secret any more: the key is gone
    letters = {row.tag: row.letter for row in db.session.execute(sa.select(
        Participant.tag, Participant.letter).where(Participant.conversation_id == conversation.id))}
    enough = tags if len(tags) >= MINIMUM else []
    return _Data(statements, {number: {id: stance for id, stance in given[tag].items() if id in told}
                              for number, tag in enumerate(enough)},
                 {number: letters.get(tag, "") for number, tag in enumerate(enough)},
                 {id: counts[id] for id in told})


def _comments(data: _Data) -> Rows:
    yield "timestamp", "datetime", "comment-id", "author-id", "agrees", "disagrees", "moderated", "comment-body"
    for number, row in enumerate(data.statements):
        public = row.state is State.PUBLISHED
        count = data.counts.get(row.id, Counter()) if public else Counter()
        yield (int(row.created_at.timestamp() * 1000), row.created_at.astimezone(UTC).isoformat(timespec="seconds"),
               number, "", count[1], count[-1], MODERATED[row.state], harmless(row.text) if public else "")


def _votes(data: _Data) -> Rows:
    yield "timestamp", "datetime", "comment-id", "voter-id", "vote"
    numbers = {row.id: number for number, row in enumerate(data.statements)}
    for voter, given in data.votes.items():
        for id, stance in sorted(given.items()):
            yield 0, "", numbers[id], voter, stance  # no time is kept


def _participants(data: _Data) -> Rows:
    yield ("participant", "group-id", "n-comments", "n-votes", "n-agree", "n-disagree",
           *range(len(data.statements)))
    for voter, given in data.votes.items():
        letter = data.letters[voter]
        count = Counter(given.values())
        yield (voter, ord(letter) - ord("A") if letter else "", "", count.total(), count[1], count[-1],
               *(given.get(row.id, "") for row in data.statements))


def _summary(conversation: Conversation, data: _Data, address: str) -> Rows:
    votes = sum(len(given) for given in data.votes.values())
    yield "topic", str(conversation.title)
    yield "url", address
    yield "voters", len(data.votes)
    yield "commenters", ""
    yield "comments", len(data.statements)
    yield "groups", len({letter for letter in data.letters.values() if letter})
    yield "votes", votes
    yield "conversation-description", str(conversation.intro)


def written(lines: Iterable[Sequence[object]]) -> str:
    """Rows as Polis writes them: comma-separated, in UTF-8."""
    target = io.StringIO()
    csv.writer(target, lineterminator="\n").writerows(lines)
    return target.getvalue()
