"""Making documents of the plan: at once into a file, or as work behind the pages."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_babel import force_locale

from consult.accounts.models import Person
from consult.core import clock, config, events, jobs
from consult.core.db import db, reading, rows_touched
from consult.planning import blocks
from consult.planning import queries as planning
from consult.planning.models import Plan
from consult.publishing import contents, queries
from consult.publishing.document import Document
from consult.publishing.models import DocumentFormat, DocumentState, PlanDocument
from consult.publishing.writers import html, markdown, pandoc, typst

Told = Callable[[int, str], None]
"""Is told how many hundredths are done, and what is done next: "read", "write" or "done"; never while reading."""

PATIENCE = timedelta(hours=1)
"""After which a document that is still not made was interrupted, and will not be."""

_WRITERS: dict[DocumentFormat, Callable[[Document, Path], None]] = {
    DocumentFormat.DOCX: pandoc.docx, DocumentFormat.ODT: pandoc.odt, DocumentFormat.PDF: typst.write,
    DocumentFormat.HTML: html.write, DocumentFormat.MARKDOWN: markdown.write,
}


@dataclass(frozen=True, kw_only=True)
class DocumentAsked(events.Event):
    plan_id: int
    document_id: int
    format: str


@dataclass(frozen=True, kw_only=True)
class DocumentMade(events.Event):
    plan_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class DocumentFailed(events.Event):
    plan_id: int
    document_id: int


def _silent(_hundredths: int, _step: str) -> None:
    """Nobody is waiting."""


def export(slug: str, form: DocumentFormat, target: Path, *, language: str = "it", told: Told = _silent) -> bool:
    """Write the plan of that name, as it stands, into a file; answers False if there is none of that name.

    The database is only read, and is let go before the file is written. On failure there is no file, or the one that
    was there before. Raises OSError where it cannot be written, UnreadableBlocksError where a line of the plan stands
    for nothing, and whatever the writer of the format raises.
    """
    told(5, "read")
    with reading(), force_locale(language):
        plan = planning.by_slug(slug)
        if plan is None:
            return False
        document = contents.document(plan)
    told(30, "write")
    unfinished = target.with_name(f".{target.stem}-unfinished{target.suffix}")
    try:
        _WRITERS[form](document, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    told(100, "done")
    return True


def ask(plan: Plan, form: DocumentFormat, person: Person, *, language: str) -> PlanDocument:
    """Have a document made behind the pages; one that is being made already is not made twice.

    Raises UnreadableBlocksError where a line of the plan stands for nothing.
    """
    blocks.check(plan)
    waiting = queries.unfinished(plan, form, language)
    if waiting is not None:
        return waiting
    document = PlanDocument(plan=plan, format=form, language=language, asked_by_id=person.id)
    db.session.add(document)
    db.session.flush()
    events.record(DocumentAsked(actor_id=person.id, plan_id=plan.id, document_id=document.id, format=form.value))
    jobs.after_commit(make, document.id)
    return document


def file_of(document: PlanDocument) -> Path:
    """Where a document is kept: in the instance folder, which no web server shows."""
    return _folder() / f"{document.id}.{document.format.value}"


def _folder() -> Path:
    return Path(config.current().instance) / "documents"


@jobs.task
def make(document_id: int) -> None:
    """Make a document that was asked for, saying now and then how far it has come; what fails says so in its row."""
    claim = sa.update(PlanDocument).where(PlanDocument.id == document_id, PlanDocument.state == DocumentState.WAITING)
    if not rows_touched(claim.values(state=DocumentState.RUNNING)):
        return
    asked = db.session.get_one(PlanDocument, document_id)
    slug, form, language, target = asked.plan.slug, asked.format, asked.language, file_of(asked)
    jobs.keep()
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        export(slug, form, target, language=language, told=lambda done, step: _tell(document_id, done, step))
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, whoever asked is told
        db.session.rollback()
        jobs.log.exception("document %s was not made", document_id)
        _failed(document_id, f"{type(fault).__name__}: {fault}")
    else:
        _made(document_id, target)


@jobs.every_minute
def give_up() -> None:
    """Say of documents whose making was interrupted that they failed."""
    lost = db.session.scalars(sa.select(PlanDocument.id).where(
        PlanDocument.state.in_((DocumentState.WAITING, DocumentState.RUNNING)),
        PlanDocument.asked_at < clock.now() - PATIENCE)).all()
    for document_id in lost:
        _failed(document_id, "interrupted")


def _tell(document_id: int, hundredths: int, step: str) -> None:
    db.session.execute(sa.update(PlanDocument).where(PlanDocument.id == document_id)
                       .values(progress=min(hundredths, 99), step=step))
    jobs.keep()


def _made(document_id: int, target: Path) -> None:
    document = db.session.get_one(PlanDocument, document_id)
    with target.open("rb") as file:
        document.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    document.size = target.stat().st_size
    document.state, document.progress, document.step = DocumentState.READY, 100, "done"
    edition = re.sub(r"[^\w.-]+", "-", document.plan.edition)
    document.file_name = f"{document.plan.slug}-{edition}-{document.language}.{document.format.value}"
    document.finished_at = clock.now()
    events.record(DocumentMade(actor_id=None, plan_id=document.plan_id, document_id=document.id))


def _failed(document_id: int, fault: str) -> None:
    document = db.session.get_one(PlanDocument, document_id)
    document.state, document.finished_at, document.error = DocumentState.FAILED, clock.now(), fault[:300]
    events.record(DocumentFailed(actor_id=None, plan_id=document.plan_id, document_id=document.id))

