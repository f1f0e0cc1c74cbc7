"""Making documents: at once into a file, or as work behind the pages."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import sqlalchemy as sa
from flask_babel import force_locale

from consult.accounts.models import Person
from consult.core import clock, config, events, jobs
from consult.core.db import db, reading, rows_touched
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.publishing import house, kinds, queries
from consult.publishing.document import Document
from consult.publishing.kinds import HinderedError, Kind, Subject
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument, Names
from consult.publishing.writers import data, html, markdown, office, pandoc, typst

Told = Callable[[int, str], None]
"""Is told how many hundredths are done, and what is done next: "read", "write" or "done"; never while reading."""

PATIENCE = timedelta(hours=1)
"""After which a document that is still not made was interrupted, and will not be."""

_WRITERS: dict[DocumentFormat, Callable[..., None]] = {
    DocumentFormat.DOCX: office.docx, DocumentFormat.ODT: office.odt, DocumentFormat.PDF: typst.write,
    DocumentFormat.HTML: html.write, DocumentFormat.MARKDOWN: markdown.write, DocumentFormat.EPUB: pandoc.epub,
    DocumentFormat.JSON: data.write, DocumentFormat.FOLDER: markdown.folder,
}


@dataclass(frozen=True, kw_only=True)
class DocumentAsked(events.Event):
    process_id: int
    document_id: int
    kind: str
    format: str
    names: str


@dataclass(frozen=True, kw_only=True)
class DocumentMade(events.Event):
    process_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class DocumentFailed(events.Event):
    process_id: int
    document_id: int


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which document is asked for, of something of a percorso."""

    form: DocumentFormat
    language: str = "it"
    names: Names = Names.ORGANISATIONS


class NothingThereError(LookupError):
    """There is no such percorso, or nothing in it that a document of this kind could be about."""


def _silent(_hundredths: int, _step: str) -> None:
    """Nobody is waiting."""


def export(slug: str, kind: str, subject: str, wanted: Wanted, target: Path, *, told: Told = _silent) -> str:
    """Write a document about something of the percorso of that name into a file; answers how to call it.

    An empty subject stands for the only one, or the first. The database is only read, and is let go before the file
    is written. On failure there is no file, or the one that was there before. Raises NothingThereError where there is
    nothing to tell of, HinderedError where the document cannot be made, OSError where the file cannot be written, and
    whatever the writer of the form raises.
    """
    told(5, "read")
    with reading(), force_locale(wanted.language):
        process, of_kind = processes.process_called(slug), kinds.called(kind)
        about = _about(process, kind, subject) if process else None
        if about is None or of_kind is None:
            raise NothingThereError(f"no {kind} {subject} of {slug}")
        if sentences := of_kind.hindered(about.thing):
            raise HinderedError(sentences)
        document = of_kind.build(about.thing, allowed(wanted.names))
    told(30, "write")
    unfinished = target.with_name(f".{target.stem}-unfinished{target.suffix}")
    try:
        write(document, wanted.form, unfinished)
        unfinished.replace(target)
    finally:
        unfinished.unlink(missing_ok=True)
    told(100, "done")
    return f"{about.file}-{wanted.language}.{wanted.form.value}"


def write(document: Document, form: DocumentFormat, target: Path) -> None:
    """Write a document in a form, with the looks that the office has given, if any."""
    styles = house.styles(form.value)
    _WRITERS[form](document, target, *([styles] if styles else []))


def _about(process: Process, kind: str, subject: str) -> Subject | None:
    if subject:
        return kinds.subject(process, kind, subject)
    of_kind = kinds.called(kind)
    return next(iter(of_kind.subjects(process)), None) if of_kind else None


def allowed(names: Names) -> Names:
    """Which names may stand in documents of this installation: of organisations alone, unless it allows more."""
    return names if config.current().names_in_documents else Names.ORGANISATIONS


def ask(process: Process, kind: Kind, about: Subject, person: Person, wanted: Wanted) -> MadeDocument:
    """Have a document made behind the pages; one that is being made already is not made twice.

    Raises HinderedError where it cannot be made of the thing as that stands.
    """
    if sentences := kind.hindered(about.thing):
        raise HinderedError(sentences)
    names = allowed(wanted.names)
    waiting = queries.unfinished(process, kind=kind.code, subject=about.code, form=wanted.form,
                                 language=wanted.language, names=names)
    if waiting is not None:
        return waiting
    document = MadeDocument(process=process, kind=kind.code, subject=about.code, format=wanted.form,
                            language=wanted.language, names=names, asked_by_id=person.id)
    db.session.add(document)
    db.session.flush()
    events.record(DocumentAsked(actor_id=person.id, process_id=process.id, document_id=document.id, kind=kind.code,
                                format=wanted.form.value, names=names.value))
    jobs.after_commit(make, document.id)
    return document


def file_of(document: MadeDocument) -> Path:
    """Where a document is kept: in the instance folder, which no web server shows."""
    return _folder() / f"{document.id}.{document.format.value}"


def _folder() -> Path:
    return Path(config.current().instance) / "documents"


@jobs.task
def make(document_id: int) -> None:
    """Make a document that was asked for, saying now and then how far it has come; what fails says so in its row."""
    claim = sa.update(MadeDocument).where(MadeDocument.id == document_id, MadeDocument.state == DocumentState.WAITING)
    if not rows_touched(claim.values(state=DocumentState.RUNNING)):
        return
    asked = db.session.get_one(MadeDocument, document_id)
    slug, kind, subject, target = asked.process.slug, asked.kind, asked.subject, file_of(asked)
    wanted = Wanted(form=asked.format, language=asked.language, names=asked.names)
    jobs.keep()
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = export(slug, kind, subject, wanted, target, told=lambda done, step: _tell(document_id, done, step))
    except Exception as fault:  # noqa: BLE001 - whatever went wrong, whoever asked is told
        db.session.rollback()
        jobs.log.exception("document %s was not made", document_id)
        _failed(document_id, f"{type(fault).__name__}: {fault}")
    else:
        _made(document_id, target, name)


@jobs.every_minute
def give_up() -> None:
    """Say of documents whose making was interrupted that they failed."""
    lost = db.session.scalars(sa.select(MadeDocument.id).where(
        MadeDocument.state.in_((DocumentState.WAITING, DocumentState.RUNNING)),
        MadeDocument.asked_at < clock.now() - PATIENCE)).all()
    for document_id in lost:
        _failed(document_id, "interrupted")


def _tell(document_id: int, hundredths: int, step: str) -> None:
    db.session.execute(sa.update(MadeDocument).where(MadeDocument.id == document_id)
                       .values(progress=min(hundredths, 99), step=step))
    jobs.keep()


def _made(document_id: int, target: Path, name: str) -> None:
    document = db.session.get_one(MadeDocument, document_id)
    with target.open("rb") as file:
        document.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    document.size = target.stat().st_size
    document.state, document.progress, document.step = DocumentState.READY, 100, "done"
    document.file_name, document.finished_at = name, clock.now()
    events.record(DocumentMade(actor_id=None, process_id=document.process_id, document_id=document.id))


def _failed(document_id: int, fault: str) -> None:
    document = db.session.get_one(MadeDocument, document_id)
    document.state, document.finished_at, document.error = DocumentState.FAILED, clock.now(), fault[:300]
    events.record(DocumentFailed(actor_id=None, process_id=document.process_id, document_id=document.id))

