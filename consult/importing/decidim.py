"""Reading what Decidim publishes: proposals and comment threads as lines of JSON, packed with gzip.

Nothing is written here. Each line becomes a record or a refusal that says why.
"""

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from consult.core.clock import ROME
from consult.core.richtext import plain

PROPOSALS, COMMENTS = "proposals.jsonl.gz", "comments.jsonl.gz"
STATUSES = {"accepted", "rejected"}
SOURCES = {"meeting", "citizen", "organization", "official"}


class UnreadableError(Exception):
    """The folder is not what was expected; the message is a sentence for whoever started the import."""


class RefusedError(ValueError):
    """A line that cannot be taken, and why."""


@dataclass(frozen=True)
class Refusal:
    """A line that was left out."""

    file: str
    line: int
    why: str


@dataclass(frozen=True, kw_only=True)
class ProposalRecord:
    """A proposal as the other system published it. `author` is a number there, 0 where nobody is named."""

    id: int
    author: int
    source: str
    title: str
    body: str
    axis: tuple[int, str]
    theme: tuple[int, str] | None
    district: tuple[int, str] | None
    created_at: datetime
    supports: int
    accepted: bool
    hidden: bool


@dataclass(frozen=True, kw_only=True)
class CommentRecord:
    """A comment, with the first-level comment that it answers in the end."""

    id: int
    proposal: int
    author: int
    body: str
    stance: int | None
    answers: int | None
    for_organisation: bool
    created_at: datetime
    hidden: bool


def proposals(folder: Path, refuse: Callable[[Refusal], None]) -> Iterator[ProposalRecord]:
    """Every proposal of the folder; what cannot be taken goes to `refuse`. An id counts once.

    Raises UnreadableError where the file is missing or not packed with gzip.
    """
    seen: set[int] = set()
    for number, raw in _lines(folder / PROPOSALS):
        try:
            record = _proposal(json.loads(raw)["proposal"])
            if record.id in seen:
                raise RefusedError(f"proposal {record.id} is there twice")
        except (ValueError, KeyError, TypeError) as fault:
            refuse(Refusal(PROPOSALS, number, _why(fault)))
        else:
            seen.add(record.id)
            yield record


def comments(folder: Path, known: set[int], refuse: Callable[[Refusal], None]) -> Iterator[CommentRecord]:
    """Every comment on a known proposal, answers after what they answer; the others go to `refuse`."""
    seen: set[int] = set()
    for number, raw in _lines(folder / COMMENTS):
        try:
            thread = json.loads(raw)["comments"]
            found = sorted(thread, key=lambda one: int(one["id"]))
        except (ValueError, KeyError, TypeError) as fault:
            refuse(Refusal(COMMENTS, number, _why(fault)))
            continue
        for one in found:
            try:
                record = _comment(one, known, seen)
            except (ValueError, KeyError, TypeError) as fault:
                refuse(Refusal(COMMENTS, number, _why(fault)))
            else:
                seen.add(record.id)
                yield record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8", errors="replace") as file:
            yield from enumerate(file, 1)
    except FileNotFoundError:
        raise UnreadableError(f"There is no {path.name} in {path.parent}.") from None
    except (OSError, EOFError) as fault:
        raise UnreadableError(f"{path.name} cannot be read: {fault}.") from fault


def _proposal(raw: dict[str, Any]) -> ProposalRecord:
    if raw["status"] not in STATUSES:
        raise RefusedError(f"its status {raw['status']!r} is not known")
    if raw["source"] not in SOURCES:
        raise RefusedError(f"its source {raw['source']!r} is not known")
    title, body = plain(str(raw["title"] or "")), plain(str(raw["summary"] or ""))
    if not title or not body:
        raise RefusedError("it has no title or no text")
    return ProposalRecord(
        id=_number(raw["id"], least=1), author=_number((raw["author"] or {"id": 0})["id"]), source=raw["source"],
        title=" ".join(title.split()), body=body, axis=_named(raw["category"]),
        theme=_named(raw["subcategory"]) if raw.get("subcategory") else None,
        district=_named(raw["district"]) if raw.get("district") else None,
        created_at=_moment(raw["created_at"]), supports=_number(raw["total_votes"]),
        accepted=raw["status"] == "accepted", hidden=raw["hidden"] is True)


def _comment(raw: dict[str, Any], known: set[int], seen: set[int]) -> CommentRecord:
    id, proposal = _number(raw["id"], least=1), _number(raw["commentable_id"], least=1)
    if proposal not in known:
        raise RefusedError(f"comment {id} is about proposal {proposal}, which is not there")
    if id in seen:
        raise RefusedError(f"comment {id} is there twice")
    first = _number(raw["ancestry"].split("/")[0], least=1) if raw.get("ancestry") else None
    if first is not None and first not in seen:
        raise RefusedError(f"comment {id} answers comment {first}, which is not there")
    body = as_text(str(raw["body"] or ""))
    if not body:
        raise RefusedError(f"comment {id} has no text")
    return CommentRecord(
        id=id, proposal=proposal, author=_number(raw["author"]["id"]), body=body, stance=raw.get("alignment"),
        answers=first, for_organisation=raw.get("as") == "organization", created_at=_moment(raw["created_at"]),
        hidden=raw["hidden"] is True)


def _number(value: Any, least: int = 0) -> int:
    number = int(value)
    if not least <= number < 2**31:
        raise RefusedError(f"{value!r} is not a number that can be kept")
    return number


def _named(raw: dict[str, Any]) -> tuple[int, str]:
    return _number(raw["id"], least=1), " ".join(plain(str(raw["name"])).split())


def _moment(text: str) -> datetime:
    form = "%d/%m/%Y %H:%M:%S" if ":" in text else "%d/%m/%Y"
    return datetime.strptime(text, form).replace(tzinfo=ROME)


def _why(fault: Exception) -> str:
    if isinstance(fault, RefusedError):
        return str(fault)
    if isinstance(fault, KeyError):
        return f"the field {fault} is missing"
    return f"it cannot be read: {fault}"


class _Words(HTMLParser):
    """The words of simple HTML, with its paragraphs and the addresses of its links."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "br":
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def as_text(html: str) -> str:
    """Simple HTML as the plain text that a participant would have typed."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in plain("".join(reader.parts)).split("\n")]
    kept = [line for index, line in enumerate(lines) if line or (index and lines[index - 1])]
    return "\n".join(kept).strip()
