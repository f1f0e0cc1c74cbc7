"""Bringing a process of another system into a percorso, and taking it back."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa

from consult.core import events
from consult.core.db import db
from consult.importing import decidim, removal
from consult.importing.decidim import CommentRecord, ProposalRecord, Refusal
from consult.importing.frame import Choice, Frame
from consult.importing.rows import Writer
from consult.processes.models import Activity, Process
from consult.search import services as search

BATCH = 500
Record = TypeVar("Record")


class ImportRefusedError(Exception):
    """The import cannot begin, or cannot be taken back; the message is a sentence for whoever asked."""


@dataclass(frozen=True, kw_only=True)
class ProcessImported(events.Event):
    process_id: int
    proposals: int
    comments: int


@dataclass(frozen=True, kw_only=True)
class ImportUndone(events.Event):
    process_slug: str


@dataclass(kw_only=True)
class Report:
    """What an import did, or would do: how many of each were new and how many were there already."""

    new: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    shortened: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def add(self, kind: str, new: int, known: int) -> None:
        """Count one batch."""
        self.new[kind] = self.new.get(kind, 0) + new
        self.known[kind] = self.known.get(kind, 0) + known


def read(folder: Path) -> tuple[list[ProposalRecord], list[CommentRecord], list[Refusal]]:
    """Everything in a folder that can be taken, and what cannot. Raises decidim.UnreadableError."""
    refused: list[Refusal] = []
    proposals = list(decidim.proposals(folder, refused.append))
    known = {record.id for record in proposals}
    comments = list(decidim.comments(folder, known, refused.append))
    if not proposals:
        raise ImportRefusedError(f"No proposal in {folder} can be taken: nothing was imported.")
    return proposals, comments, refused


def bring(folder: Path, choice: Choice, *, done: Callable[[int], None] = lambda _rows: None) -> Report:
    """Bring a folder of Decidim's into a percorso; what an earlier import brought is left as it is.

    `done` is told how many rows were dealt with. Everything is one transaction: the caller commits it, or rolls
    it back for a dry run. Raises ImportRefusedError where the percorso was not made by an import.
    """
    proposals, comments, refused = read(folder)
    _check_receiver(choice)
    frame = Frame(choice, proposals)
    writer = Writer(frame, choice.language)
    report = Report(refused=refused)
    for batch in _batches(proposals):
        report.add("proposals", *writer.proposals(batch))
        done(len(batch))
    for replies in (False, True):
        for group in _batches([one for one in comments if (one.answers is not None) is replies]):
            report.add("comments", *writer.comments(group))
            done(len(group))
    writer.count_anew()
    search.catch_up()
    report.shortened = writer.shortened
    report.add("people", writer.new_people, 0)
    events.record(ProcessImported(actor_id=None, process_id=frame.process_id, proposals=report.new["proposals"],
                                  comments=report.new.get("comments", 0)))
    return report


def rows_of(folder: Path) -> int:
    """How many rows `bring` will deal with, for a progress bar."""
    proposals, comments, _refused = read(folder)
    return len(proposals) + len(comments)


def _check_receiver(choice: Choice) -> None:
    process = db.session.scalar(sa.select(Process).where(Process.slug == choice.slug))
    if process is not None and not imported(process):
        raise ImportRefusedError(
            f"The percorso «{choice.slug}» was not made by an import: choose another name with --process.")
    if process is None and db.session.scalar(sa.select(Process.id).where(Process.code == choice.code)):
        raise ImportRefusedError(f"Another percorso has the code {choice.code}: choose another with --code.")


def imported(process: Process) -> bool:
    """True if a percorso was made by an import."""
    found = sa.select(Activity.id).where(Activity.source == f"decidim:{process.slug}")
    return db.session.scalar(found) is not None


def undo(slug: str) -> dict[str, int]:
    """Take an import back, with all that it made; answers how many rows of each kind went.

    Raises ImportRefusedError, and removes nothing, where people have taken part since.
    """
    process = db.session.scalar(sa.select(Process).where(Process.slug == slug))
    if process is None or not imported(process):
        raise ImportRefusedError(f"There is no imported percorso «{slug}».")
    later = removal.later_acts(process)
    if later:
        raise ImportRefusedError(f"Since the import, in «{slug}»: {', '.join(later)}. Nothing was removed.")
    removed = removal.remove(process)
    events.record(ImportUndone(actor_id=None, process_slug=slug))
    return removed


def _batches(rows: Iterable[Record]) -> Iterator[list[Record]]:
    batch: list[Record] = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
