"""Files that people send: known by what they contain, made safe, kept under a name nobody can guess.

They are kept in the instance folder, which no web server shows, and leave it only through `answer`, for which a view
has asked the policy. A file without a row that names it is an orphan, and goes with the next sweep.
"""

import enum
import os
import re
import secrets
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import filetype
from flask import Response, send_file
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import config, papers, pictures

SUFFIXES = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp",
            papers.PDF: ".pdf", papers.ODT: ".odt", papers.DOCX: ".docx"}
P7M = "application/pkcs7-mime"
"""A signed envelope around a document (CAdES): taken only where a signature is asked for."""
ACCEPTED = ",".join([".jpeg", *SUFFIXES.values()])
"""What the browser offers to choose from; what is sent is known by its content all the same."""
MOST_NAME = 80
_TOKEN = re.compile(r"[0-9a-f]{32}")
_BEGINNING = 8192
_MEGABYTE = 1024 * 1024


class RefusedFileError(Exception):
    """A file that is not taken, with the sentence that says why and what to do."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__("refused")
        self.sentence = sentence


class Size(enum.Enum):
    """Which version of a picture."""

    LARGE = ""
    SMALL = "-small"


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A file as it was taken: its random name, the name it is shown with, and its measures."""

    token: str
    name: str
    mimetype: str
    size: int
    width: int | None = None
    height: int | None = None
    small_width: int | None = None
    small_height: int | None = None


def keep(source: IO[bytes], filename: str, *, signed: bool = False) -> Kept:
    """Take a file: pictures are painted anew, documents checked. Raises RefusedFileError and then keeps nothing.

    With `signed`, envelopes that hold a signed document are taken too, as they come: nobody opens them here.

    Slow, and without the database: to be called before anybody has to wait for it.
    """
    source.seek(0)
    head = source.read(_BEGINNING)
    found = filetype.guess(head)
    mimetype = found.mime if found else ""
    name = shown_name(filename, "")
    if not head:
        raise RefusedFileError(_l("“%(name)s” is empty. Choose another file.", name=name))
    if signed and papers.is_envelope(head):
        _bound(source, name, config.current().document_megabytes)
        return _keep_document(source, name, P7M)
    if mimetype in {"image/jpeg", "image/png", "image/webp"}:
        _bound(source, name, config.current().picture_megabytes)
        return _keep_picture(source, name)
    if mimetype == papers.PDF or head.startswith(b"PK\x03\x04"):
        _bound(source, name, config.current().document_megabytes)
        check = papers.check_pdf if mimetype == papers.PDF else papers.check_office
        return _keep_document(source, name, _checked(check, source, name))
    raise RefusedFileError(_unknown(name))


def _unknown(name: str) -> LazyString:
    return _l("“%(name)s” cannot be sent. Send a picture (JPEG, PNG, WebP) or a document (PDF, ODT, DOCX).", name=name)


def _broken(name: str) -> LazyString:
    return _l("“%(name)s” cannot be opened: it may be damaged. Save it once more and send it again.", name=name)


def _bound(source: IO[bytes], name: str, megabytes: int) -> None:
    if source.seek(0, os.SEEK_END) > megabytes * _MEGABYTE:
        raise RefusedFileError(_l("“%(name)s” is too large: at most %(most)s MB.", name=name, most=megabytes))


def _keep_picture(source: IO[bytes], name: str) -> Kept:
    try:
        large, small = pictures.remade(source)
    except pictures.TooManyPixelsError:
        raise RefusedFileError(_l("“%(name)s” has too many pixels. Make the picture smaller and send it again.",
                                  name=name)) from None
    except pictures.BrokenPictureError:
        raise RefusedFileError(_broken(name)) from None
    token = secrets.token_hex(16)
    for size, picture in ((Size.LARGE, large), (Size.SMALL, small)):
        with _new(token, size) as target:
            target.write(picture.content)
    return Kept(token=token, name=shown_name(name, SUFFIXES[large.mimetype]), mimetype=large.mimetype,
                size=len(large.content), width=large.width, height=large.height,
                small_width=small.width, small_height=small.height)


def _checked(check: Callable[[IO[bytes]], str], source: IO[bytes], name: str) -> str:
    try:
        return check(source)
    except papers.ActivePaperError:
        raise RefusedFileError(_l("“%(name)s” contains macros, programs or other files. Save it without them, for "
                                  "example as a plain PDF, and send it again.", name=name)) from None
    except papers.BombError:
        raise RefusedFileError(_l("“%(name)s” unpacks to much more than a document needs. Save it once more and "
                                  "send it again.", name=name)) from None
    except papers.BrokenPaperError:
        raise RefusedFileError(_broken(name)) from None
    except papers.StrangePaperError:
        raise RefusedFileError(_unknown(name)) from None


def _keep_document(source: IO[bytes], name: str, mimetype: str) -> Kept:
    token = secrets.token_hex(16)
    source.seek(0)
    with _new(token, Size.LARGE) as target:
        shutil.copyfileobj(source, target, _MEGABYTE)
        size = target.tell()
    return Kept(token=token, name=shown_name(name, ".p7m" if mimetype == P7M else SUFFIXES[mimetype]),
                mimetype=mimetype, size=size)


def shown_name(filename: str, suffix: str) -> str:
    """The name a file is shown and downloaded with: its last part, readable, with the suffix of what it is.

    Without a suffix given it keeps the one it has.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", filename))[-1]
    readable = "".join(c if unicodedata.category(c)[0] not in "CZ" else " " if c.isspace() else "" for c in last)
    whole = " ".join(readable.split()).strip(". ")
    stem, dot, ending = whole.rpartition(".") if "." in whole else (whole, "", "")
    stem = "".join(c for c in stem if c not in '<>:"|?*;%')[:MOST_NAME].strip(". ") or "allegato"
    return stem + (suffix or (dot + ending)[:10])


Namers = list[Callable[[Sequence[str]], set[str]]]
_namers: Namers = []


def naming(which: Callable[[Sequence[str]], set[str]]) -> Callable[[Sequence[str]], set[str]]:
    """Let a feature say which of these files its rows name: they stay where they are."""
    if which not in _namers:
        _namers.append(which)
    return which


def named(among: Sequence[str]) -> set[str]:
    """Which of these files stand in a row of some feature."""
    return set[str]().union(*(which(among) for which in _namers))


def _folder() -> Path:
    return Path(config.current().instance) / "uploads"


def _new(token: str, size: Size) -> IO[bytes]:
    """A new file, readable by its owner only."""
    path = path_of(token, size)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def path_of(token: str, size: Size = Size.LARGE) -> Path:
    """Where a file is kept. Raises ValueError for what is no name of ours."""
    if not _TOKEN.fullmatch(token):
        raise ValueError("no such name")
    return _folder() / token[:2] / f"{token}{size.value}"


def remove(token: str) -> None:
    """Remove a file and its small version; one that is gone is no error."""
    for size in Size:
        path_of(token, size).unlink(missing_ok=True)


def tokens(*, before: datetime) -> Iterator[str]:
    """The names of the files kept before an instant, in order."""
    for path in sorted(_folder().glob("??/*")):
        if _TOKEN.fullmatch(path.name) and path.stat().st_mtime < before.timestamp():
            yield path.name


def answer(kept_as: str, *, size: Size, name: str, mimetype: str) -> Response | None:
    """A file as it is sent: opened by nothing but what shows pictures; None where it is gone.

    The browser may keep it but asks each time, since what is hidden in this moment must not be shown.
    """
    path = path_of(kept_as, size)
    if not path.is_file():
        return None
    response = send_file(path, mimetype=mimetype, as_attachment=not mimetype.startswith("image/"),
                         download_name=name, conditional=True, etag=f"{kept_as}{size.value}", max_age=None)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def picture(kept_as: str, *, size: Size = Size.LARGE) -> Response | None:
    """A file as it is sent where only its name is known and it must be a picture; None where it is none or gone."""
    mimetype = kind_of(kept_as)
    return answer(kept_as, size=size, name="", mimetype=mimetype) if mimetype.startswith("image/") else None


def kind_of(kept_as: str) -> str:
    """What a file is, by what it contains; empty where it is gone."""
    try:
        path = path_of(kept_as)
    except ValueError:
        return ""
    if not path.is_file():
        return ""
    found = filetype.guess(path)
    return str(found.mime) if found else ""
