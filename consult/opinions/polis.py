"""The files of Polis: comments, votes, votes by participant and summary; written without whose they are, and read.

In them an answer is 1 for agree, -1 for disagree and 0 for pass. Participants are numbers in an order drawn anew for
each conversation. Of a statement that fewer than five have answered no single answer is given, and where fewer than
five have taken part none at all: whoever knows who wrote such a statement would know who answered it.
"""

import csv
import io
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.core.disclosure import MINIMUM
from consult.core.spreadsheet import harmless
from consult.opinions.models import LONGEST, Conversation, Opinion, Participant, Statement

FILES = ("comments", "votes", "participants-votes", "summary")
MODERATED = {State.PUBLISHED: 1, State.HIDDEN: -1, State.PENDING: 0}
"""What Polis writes of moderation."""
_BOUNDS = {"comment": 200_000, "vote": 5_000_000}

Rows = Iterator[Sequence[object]]


class UnreadableError(ValueError):
    """A folder that is no export of Polis; the message is a sentence for whoever asked."""


@dataclass(frozen=True)
class Remark:
    """A comment of Polis: a statement."""

    number: int
    text: str
    moderated: int


@dataclass(kw_only=True)
class Reading:
    """What a folder of Polis's holds: statements, the last answer of each participant to each, and what was left."""

    topic: str
    remarks: list[Remark]
    votes: dict[tuple[int, int], int]
    """By number of the participant and number of the comment."""
    refused: list[str] = field(default_factory=list)


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


def read(folder: Path) -> Reading:
    """What a folder with the export of a conversation holds. Raises UnreadableError.

    Answers come from votes.csv or, where there is none, from participants-votes.csv; of several answers of one
    participant to one statement the last counts.
    """
    refused: list[str] = []
    remarks = list(_remarks(folder / "comments.csv", refused))
    if not remarks:
        raise UnreadableError(f"No comment in {folder} can be taken: nothing was imported.")
    known = {remark.number for remark in remarks}
    path = folder / "votes.csv"
    votes = dict(_single(path, known, refused)) if path.is_file() else dict(
        _by_participant(folder / "participants-votes.csv", known, refused))
    return Reading(topic=_topic(folder / "summary.csv"), remarks=remarks, votes=votes, refused=refused)


def _table(path: Path, *needed: str, most: int) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if missing := set(needed) - set(reader.fieldnames or ()):
                raise UnreadableError(f"{path.name} has no column {', '.join(sorted(missing))}.")
            for line, row in enumerate(reader, 2):
                if line > most:
                    raise UnreadableError(f"{path.name} has more than {most} lines.")
                yield line, {key: value or "" for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UnreadableError(f"{path.name} cannot be read: {fault}") from fault


def _number(text: str) -> int | None:
    """A whole number as it may stand in these files, also as `1.0`."""
    bare = text.strip().removesuffix(".0")
    return int(bare) if bare.lstrip("-").isascii() and bare.lstrip("-").isdecimal() and len(bare) < 12 else None


def _remarks(path: Path, refused: list[str]) -> Iterator[Remark]:
    seen: set[int] = set()
    for line, row in _table(path, "comment-id", "comment-body", most=_BOUNDS["comment"]):
        number, text = _number(row["comment-id"]), _bare(row["comment-body"])
        if number is None or number in seen or not text:
            refused.append(f"comments.csv, line {line}: no number of its own, or no text")
            continue
        seen.add(number)
        if len(text) > LONGEST:
            text = text[:LONGEST - 1].rsplit(" ", 1)[0] + "…"
        moderated = _number(row.get("moderated", "1"))
        yield Remark(number, text, 1 if moderated is None else moderated)


def _bare(text: str) -> str:
    """A text on one line, without the apostrophe that keeps it from being taken for a formula."""
    line = " ".join(text.split())
    return line[1:] if line.startswith("'") and harmless(line[1:]) == line else line


def _single(path: Path, known: set[int], refused: list[str]) -> Iterator[tuple[tuple[int, int], int]]:
    found = []
    for line, row in _table(path, "comment-id", "voter-id", "vote", most=_BOUNDS["vote"]):
        voter, number, vote = _number(row["voter-id"]), _number(row["comment-id"]), _number(row["vote"])
        if voter is None or vote is None or abs(vote) > 1 or number is None or number not in known:
            refused.append(f"votes.csv, line {line}: no vote on a comment that is there")
            continue
        found.append((_number(row.get("timestamp", "")) or 0, line, voter, number, vote))
    for _at, _line, voter, number, vote in sorted(found):
        yield (voter, number), vote


def _by_participant(path: Path, known: set[int], refused: list[str]) -> Iterator[tuple[tuple[int, int], int]]:
    for line, row in _table(path, "participant", most=_BOUNDS["vote"]):
        voter = _number(row["participant"])
        if voter is None:
            refused.append(f"participants-votes.csv, line {line}: no number of a participant")
            continue
        for name, value in row.items():
            number, vote = _number(name), _number(value)
            if number is not None and number in known and vote is not None and abs(vote) <= 1:
                yield (voter, number), vote


def _topic(path: Path) -> str:
    if not path.is_file():
        return ""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next((row[1] for row in csv.reader(file) if len(row) > 1 and row[0] == "topic"), "")[:200]
