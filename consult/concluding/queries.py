"""The document of a percorso, and its passages."""

import json
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload, undefer

from consult.concluding import snapshots
from consult.concluding.models import (
    DocumentPart,
    DocumentPassage,
    HarmlessMark,
    Part,
    ParticipatoryProposalDocument,
)
from consult.concluding.passages import WRITABLE
from consult.core.db import db
from consult.processes.models import Process


def of(process: Process) -> ParticipatoryProposalDocument | None:
    """The document of a percorso with its parts, its passages and the marks; None where nothing was written yet."""
    document = ParticipatoryProposalDocument
    return db.session.scalar(
        sa.select(document).where(document.process_id == process.id).execution_options(populate_existing=True).options(
            selectinload(document.parts), selectinload(document.passages).joinedload(DocumentPassage.made_by),
            selectinload(document.alarms).joinedload(HarmlessMark.marked_by)))


def bare(process: Process) -> ParticipatoryProposalDocument | None:
    """The document of a percorso alone: how far it has come."""
    document = ParticipatoryProposalDocument
    return db.session.scalar(sa.select(document).where(document.process_id == process.id))


def part(process: Process, which: Part) -> DocumentPart | None:
    """A part as it was saved."""
    return db.session.scalar(
        sa.select(DocumentPart).join(ParticipatoryProposalDocument)
        .where(ParticipatoryProposalDocument.process_id == process.id, DocumentPart.part == which))


def passage(process: Process, number: int) -> DocumentPassage | None:
    """A passage with what was kept with it."""
    return db.session.scalar(
        sa.select(DocumentPassage).join(ParticipatoryProposalDocument,
                                        ParticipatoryProposalDocument.id == DocumentPassage.document_id)
        .where(ParticipatoryProposalDocument.process_id == process.id, DocumentPassage.number == number)
        .options(undefer(DocumentPassage.content), joinedload(DocumentPassage.made_by)))


def content(process: Process, document: ParticipatoryProposalDocument | None) -> dict[str, Any]:
    """What the document says: as it is being written, or else as the last passage kept it."""
    if document is None or document.stage in WRITABLE:
        return snapshots.taken(process, document)
    return dict(json.loads(kept(document)))


def kept(document: ParticipatoryProposalDocument) -> str:
    """The canonical text that the last passage kept."""
    found = db.session.scalar(
        sa.select(DocumentPassage.content).where(DocumentPassage.document_id == document.id)
        .order_by(DocumentPassage.number.desc()).limit(1))
    if found is None:
        raise LookupError(f"no passage of document {document.id} is kept")
    return found


def begun(process: Process) -> sa.ColumnElement[bool]:
    """Whether a passage was made in a percorso."""
    return sa.exists().where(ParticipatoryProposalDocument.process_id == process.id,
                             DocumentPassage.document_id == ParticipatoryProposalDocument.id)
