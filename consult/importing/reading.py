"""The files of Polis, read: what they bring, and which lines are refused.

An answer is 1 for agree, -1 for disagree and 0 for pass. It is a plain value that can be kept as JSON; neither when
somebody answered nor in which order is taken over.
"""

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import richtext
from consult.core.spreadsheet import harmless
from consult.opinions.models import LONGEST

COMMENTS, VOTES, PARTICIPANTS, SUMMARY = "comments.csv", "votes.csv", "participants-votes.csv", "summary.csv"
FILES = (COMMENTS, VOTES, PARTICIPANTS, SUMMARY)
WHY: dict[str, LazyString] = {
    "comment": _l("no number of its own, or no text"),
    "vote": _l("no answer to a statement that is there"),
    "participant": _l("no number of a participant"),
}
"""Why a line is refused."""
_BOUNDS = {"comment": 200_000, "vote": 5_000_000}

Opener = Callable[[str], TextIO | None]
"""Opens the file of this name; None where there is none."""


class UnreadableError(ValueError):
    """Files that are no export of Polis, with the sentence that says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True)
class Remark:
    """A comment of Polis: a statement."""

    number: int
    text: str
    moderated: int


@dataclass(frozen=True)
class Refused:
    """A line that is not taken, and why."""

    file: str
    line: int
    why: str


@dataclass(kw_only=True)
class Reading:
    """What the files hold: statements, the last answer of each participant to each, and what was left."""

    topic: str
    remarks: list[Remark]
    votes: dict[tuple[int, int], int]
    """By number of the participant and number of the comment."""
    refused: list[Refused] = field(default_factory=list)

    @property
    def hidden(self) -> int:
        """How many statements Polis did not show."""
        return sum(1 for remark in self.remarks if remark.moderated == -1)

    @property
    def participants(self) -> int:
        return len({voter for voter, _number in self.votes})

    def record(self) -> dict[str, Any]:
        """The same as JSON."""
        return {"topic": self.topic, "remarks": [[one.number, one.text, one.moderated] for one in self.remarks],
                "votes": sorted([voter, number, vote] for (voter, number), vote in self.votes.items()),
                "refused": [[one.file, one.line, one.why] for one in self.refused]}

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> "Reading":
        """What was kept as JSON."""
        return cls(topic=record["topic"], remarks=[Remark(*one) for one in record["remarks"]],
                   votes={(voter, number): vote for voter, number, vote in record["votes"]},
                   refused=[Refused(*one) for one in record["refused"]])


def in_folder(folder: Path) -> Opener:
    """The files in a folder."""

    def opened(name: str) -> TextIO | None:
        path = folder / name
        return path.open(encoding="utf-8-sig", newline="") if path.is_file() else None

    return opened


def sent(contents: Mapping[str, bytes]) -> Opener:
    """Files that were sent, by what they are."""

    def opened(name: str) -> TextIO | None:
        content = contents.get(name)
        return None if content is None else io.TextIOWrapper(io.BytesIO(content), encoding="utf-8-sig", newline="")

    return opened


def read(opened: Opener) -> Reading:
    """What an export of Polis holds. Raises UnreadableError.

    Answers come from votes.csv or, where there is none, from participants-votes.csv; of several answers of one
    participant to one statement the last counts.
    """
    refused: list[Refused] = []
    remarks = list(_remarks(opened, refused))
    if not remarks:
        raise UnreadableError(_l("No statement in comments.csv can be taken."))
    known = {remark.number for remark in remarks}
    single = opened(VOTES)
    if single is not None:
        single.close()
    votes = dict(_single(opened, known, refused)) if single is not None else dict(
        _by_participant(opened, known, refused))
    return Reading(topic=_topic(opened), remarks=remarks, votes=votes, refused=refused)


def _table(opened: Opener, name: str, *needed: str, most: int) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        file = opened(name)
        if file is None:
            raise UnreadableError(_l("%(file)s is missing.", file=name))
        with file:
            reader = csv.DictReader(file)
            if missing := set(needed) - set(reader.fieldnames or ()):
                raise UnreadableError(_l("%(file)s has no column %(names)s.", file=name,
                                         names=", ".join(sorted(missing))))
            for line, row in enumerate(reader, 2):
                if line > most:
                    raise UnreadableError(_l("%(file)s has more than %(most)s lines.", file=name, most=most))
                yield line, {key: value or "" for key, value in row.items() if key}
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise UnreadableError(_l("%(file)s cannot be read: it is not a CSV file in UTF-8.", file=name)) from fault


def _number(text: str) -> int | None:
    """A whole number as it may stand in these files, also as `1.0`."""
    bare = text.strip().removesuffix(".0")
    digits = bare.removeprefix("-")
    return int(bare) if digits.isascii() and digits.isdecimal() and len(digits) < 10 else None


def _remarks(opened: Opener, refused: list[Refused]) -> Iterator[Remark]:
    seen: set[int] = set()
    for line, row in _table(opened, COMMENTS, "comment-id", "comment-body", most=_BOUNDS["comment"]):
        number, text = _number(row["comment-id"]), _bare(row["comment-body"])
        if number is None or number in seen or not text:
            refused.append(Refused(COMMENTS, line, "comment"))
            continue
        seen.add(number)
        if len(text) > LONGEST:
            text = text[:LONGEST - 1].rsplit(" ", 1)[0] + "…"
        moderated = _number(row.get("moderated", "1"))
        yield Remark(number, text, 1 if moderated is None else moderated)


def _bare(text: str) -> str:
    """A text on one line, without the apostrophe that keeps it from being taken for a formula."""
    line = " ".join(richtext.plain(text).split())
    return line[1:] if line.startswith("'") and harmless(line[1:]) == line else line


def _single(opened: Opener, known: set[int], refused: list[Refused]) -> Iterator[tuple[tuple[int, int], int]]:
    found = []
    for line, row in _table(opened, VOTES, "comment-id", "voter-id", "vote", most=_BOUNDS["vote"]):
        voter, number, vote = _number(row["voter-id"]), _number(row["comment-id"]), _number(row["vote"])
        if voter is None or vote is None or abs(vote) > 1 or number is None or number not in known:
            refused.append(Refused(VOTES, line, "vote"))
            continue
        found.append((_moment(row.get("timestamp", "")), line, voter, number, vote))
    for _at, _line, voter, number, vote in sorted(found):
        yield (voter, number), vote


def _moment(text: str) -> int:
    """Milliseconds since 1970, of which answers of one participant are told apart; 0 where there are none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 18 else 0


def _by_participant(opened: Opener, known: set[int], refused: list[Refused]) -> Iterator[tuple[tuple[int, int], int]]:
    for line, row in _table(opened, PARTICIPANTS, "participant", most=_BOUNDS["vote"]):
        voter = _number(row["participant"])
        if voter is None:
            refused.append(Refused(PARTICIPANTS, line, "participant"))
            continue
        for name, value in row.items():
            number, vote = _number(name), _number(value)
            if number is not None and number in known and vote is not None and abs(vote) <= 1:
                yield (voter, number), vote


def _topic(opened: Opener) -> str:
    """The title that Polis knows; nothing where the summary is missing or no table."""
    file = opened(SUMMARY)
    if file is None:
        return ""
    try:
        with file:
            return next((richtext.plain(row[1]) for row in csv.reader(file)
                         if len(row) > 1 and row[0] == "topic"), "")[:200]
    except (UnicodeDecodeError, csv.Error):
        return ""
