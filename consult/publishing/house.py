"""How an office has its documents look: styles for Word and LibreOffice, and its emblem, in the instance folder."""

import base64
import enum
import hashlib
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from consult.accounts.models import Person
from consult.core import config, events, files, papers
from consult.core.db import db
from consult.core.files import Kept
from consult.publishing import emblem
from consult.publishing.document import Document, Heading, List, Paragraph, Quote, Table, WritingError, words
from consult.publishing.writers import looks, office


class Part(enum.Enum):
    """What an office can have its own way."""

    DOCX = "docx"
    ODT = "odt"
    EMBLEM = "emblem"


_NAMES = {Part.DOCX: "reference.docx", Part.ODT: "reference.odt", Part.EMBLEM: emblem.NAME}
_OF_TYPE = {papers.DOCX: Part.DOCX, papers.ODT: Part.ODT, "image/png": Part.EMBLEM}
_WRITERS: dict[Part, Callable[[Document, Path, bytes], None]] = {Part.DOCX: office.docx, Part.ODT: office.odt}


@dataclass(frozen=True, kw_only=True)
class LooksChanged(events.Event):
    part: str
    sha256: str
    """Of the file now in force; empty where ours is again."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What an office has laid there."""

    size: int
    since: datetime


class UnfitError(ValueError):
    """A file that documents cannot be made with; the sentence says why and what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("unfit")
        self.sentence = sentence


def called(part: str) -> Part | None:
    """The part with this code."""
    return next((one for one in Part if one.value == part), None)


def path_of(part: Part) -> Path:
    """Where the file of an office lies, or would."""
    return Path(config.current().instance) / _NAMES[part]


def given(part: Part) -> Given | None:
    """What the office has given; nothing where ours is in force."""
    path = path_of(part)
    if not path.is_file():
        return None
    known = path.stat()
    return Given(size=known.st_size, since=datetime.fromtimestamp(known.st_mtime, tz=UTC))


def styles(form: str) -> bytes:
    """The styles of an office for a form; empty where ours are in force, or where none can be chosen."""
    part = called(form)
    path = path_of(part) if part and part in _WRITERS else None
    return path.read_bytes() if path and path.is_file() else b""


def content(part: Part) -> bytes:
    """The file in force."""
    path = path_of(part)
    if path.is_file():
        return path.read_bytes()
    return base64.b64decode(emblem.drawn()) if part is Part.EMBLEM else looks.ours(part.value)


def take(kept: Kept, person: Person) -> Part:
    """Have all documents made with this file from now on; what it is good for is known by what it is.

    Raises UnfitError where none could be made with it.
    """
    part = _OF_TYPE.get(kept.mimetype)
    if part is None:
        raise UnfitError(_l("Send the styles as .docx or .odt, or the emblem as .png: nothing else can be used here."))
    sent = files.path_of(kept.token).read_bytes()
    if part in _WRITERS:
        _try(part, sent)
    elif len(sent) > emblem.MOST_BYTES:
        raise UnfitError(_l("The emblem is too large: at most 2 MB. Make the picture smaller and send it again."))
    events.record(LooksChanged(actor_id=person.id, part=part.value, sha256=hashlib.sha256(sent).hexdigest()))
    db.session.flush()
    fresh = path_of(part).with_name(f".{_NAMES[part]}-{kept.token}")
    fresh.write_bytes(sent)
    _waiting(db.session()).append((part, fresh))
    return part


def put_back(part: Part, person: Person) -> None:
    """Have ours in force again; what is in force already stays so."""
    if given(part) is None:
        return
    events.record(LooksChanged(actor_id=person.id, part=part.value, sha256=""))
    db.session.flush()
    _waiting(db.session()).append((part, None))


def _waiting(session: Session) -> list[tuple[Part, Path | None]]:
    """What comes in force once the transaction is kept: a file for a part, or ours."""
    waiting: list[tuple[Part, Path | None]] = session.info.setdefault("looks", [])
    return waiting


@sa.event.listens_for(Session, "after_commit")
def _put_in_place(session: Session) -> None:
    """A file takes the place of the one before only when all that was written with it stands."""
    if "looks" not in session.info or session.in_nested_transaction():
        return
    for part, fresh in session.info.pop("looks"):
        if fresh is None:
            path_of(part).unlink(missing_ok=True)
        else:
            fresh.replace(path_of(part))


@sa.event.listens_for(Session, "after_rollback")
def _leave_in_place(session: Session) -> None:
    for _part, fresh in session.info.pop("looks", ()):
        if fresh is not None:
            fresh.unlink(missing_ok=True)


def _try(part: Part, sent: bytes) -> None:
    """Make a small document with these styles."""
    with tempfile.TemporaryDirectory(prefix="consult-styles-") as folder:
        try:
            _WRITERS[part](_sample(), Path(folder) / f"sample.{part.value}", sent)
        except (WritingError, OSError, ValueError) as fault:
            raise UnfitError(_l("No document could be made with this file. Begin with the file that you can download "
                                "here, and change only its styles, margins, head and foot.")) from fault


def _sample() -> Document:
    text = words("Una frase di prova.")
    return Document(
        title="Titolo", subtitle="", authority="Ente", edition="1", made_on=date(2026, 1, 1), date_in_words="",
        language="it", labels={"contents": "Indice"}, blocks=(
            Heading(level=1, text="Parte"), Paragraph(spans=text), List(items=((Paragraph(spans=text),),)),
            Quote(blocks=(Paragraph(spans=text),)),
            Table(caption="Tabella", header=("A", "B"), rows=((text, text),), align=("left", "right"),
                  widths=(.5, .5))))
