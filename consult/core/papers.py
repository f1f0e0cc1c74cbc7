"""Documents that people send: looked into without unpacking them to disk, refused where they hold programs.

They are passed on as they came: what is not plainly a PDF, ODT or DOCX and nothing else besides is not taken.
"""

import base64
import mmap
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO

PDF = "application/pdf"
ODT = "application/vnd.oasis.opendocument.text"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

MOST_ENTRIES = 2000
MOST_UNPACKED = 150 * 1024 * 1024
MOST_RATIO = 120
"""How many times larger than its file a document may become; what is smaller than this in all never matters."""
HARMLESS_SIZE = 16 * 1024 * 1024
_END = 22
"""Bytes with which an archive ends that nothing follows."""
_PIECE = 256 * 1024
_TAIL = 2048
_MOST_OBJECTS = 64 * 1024 * 1024
_MOST_OBJECT_STREAMS = 5000

_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia)(?![A-Za-z0-9])|/XFA[\s\[0-9]")
"""Names long enough not to turn up by chance within a picture."""
_PDF_ESCAPED = re.compile(rb"/[A-Za-z0-9]{0,24}#[0-9A-Fa-f]{2}[A-Za-z0-9#]{0,48}[\s\[0-9/]?")
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")
_PDF_PACKED = re.compile(rb"/ObjStm\b[^\x00]{0,400}?stream\r?\n", re.DOTALL)
_MARKUP = re.compile(rb"<\s*(!doctype\s+html|html|script|svg|body|iframe)", re.IGNORECASE)
_XML_ACTIVE = (b"<!ENTITY", b"<script:event-listener", b"vnd.sun.star.script:", b"macroEnabled", b"vbaProject")
_PROGRAMS = re.compile(
    r"(^|/)(basic|scripts|activex)/|vba(project|data)|\.(bin|exe|dll|js|vbs|jar|docm|dotm|xlsm|hta|cmd|bat|ps1)$",
    re.IGNORECASE)
_OUTSIDE_TEMPLATE = re.compile(rb"<Relationship\b(?=[^>]*attachedTemplate)(?=[^>]*TargetMode\s*=\s*\"External\")")


_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
"""How a signed envelope (PKCS #7, CMS) says what it is, near its beginning."""


class BrokenPaperError(Exception):
    """The file is not the whole of a document."""


class ActivePaperError(Exception):
    """The document holds macros, programs, other files, or fetches some from elsewhere."""


class BombError(Exception):
    """The document becomes far larger than a document needs to be."""


class StrangePaperError(Exception):
    """What is packed there is no document that can be sent."""


def check_pdf(source: IO[bytes]) -> str:
    """Answer the type of a PDF that is whole, that is nothing else besides, and that does nothing when opened.

    Raises BrokenPaperError, ActivePaperError or BombError. Memory does not grow with the file.
    """
    with _mapped(source) as whole:
        end = whole.rfind(b"%%EOF")
        if end < 0 or whole.rfind(b"startxref", 0, end) < 0 or whole[end + 5:end + 5 + _TAIL].strip(b"\0\r\n\t \x1a"):
            raise BrokenPaperError
        if len(whole) - end > _TAIL or _MARKUP.search(whole[:_TAIL]):
            raise BrokenPaperError
        if b"PK\x05\x06" in whole[-70_000:]:
            raise ActivePaperError  # an archive hangs behind
        if _does_something(whole) or any(_does_something(objects) for objects in _unpacked_objects(whole)):
            raise ActivePaperError
    return PDF


def is_envelope(head: bytes) -> bool:
    """Whether a file begins as a signed envelope does, be it binary or written in Base64."""
    bare = b"".join(line for line in head[:400].splitlines() if not line.startswith(b"-----"))
    try:
        written = base64.b64decode(bare[:len(bare) // 4 * 4], validate=True)
    except ValueError:
        written = b""
    return any(each[:1] == b"\x30" and _SIGNED_DATA in each[:32] for each in (head, written))


def _does_something(part: mmap.mmap | bytes) -> bool:
    """Whether names that make a PDF act stand here, also where letters are written as #4A."""
    return bool(_PDF_ACTIVE.search(part)) or any(
        _PDF_ACTIVE.search(_ESCAPE.sub(lambda two: bytes.fromhex(two[1].decode()), name[0]))
        for name in _PDF_ESCAPED.finditer(part))


def _unpacked_objects(whole: mmap.mmap) -> Iterator[bytes]:
    """What stands packed within a PDF beside its pictures and pages, a little of it at once.

    Raises BombError for more of it than a document needs.
    """
    left = _MOST_OBJECTS
    for number, found in enumerate(_PDF_PACKED.finditer(whole)):
        unpacker, position, before = zlib.decompressobj(), found.end(), b""
        while not unpacker.eof and position < len(whole):
            try:
                piece = unpacker.decompress(unpacker.unconsumed_tail or whole[position:position + _PIECE], _PIECE)
            except zlib.error:
                break  # packed in another way, or not at all
            position += 0 if unpacker.unconsumed_tail else _PIECE
            left -= len(piece)
            if left < 0 or number > _MOST_OBJECT_STREAMS:
                raise BombError
            yield before + piece
            before = piece[-100:]


def _mapped(source: IO[bytes]) -> mmap.mmap:
    try:
        return mmap.mmap(source.fileno(), 0, access=mmap.ACCESS_READ)
    except ValueError as fault:
        raise BrokenPaperError from fault


def check_office(source: IO[bytes]) -> str:
    """Answer whether a packed document is an ODT or a DOCX, after reading all of it once, piece by piece.

    Raises StrangePaperError for any other, ActivePaperError, BombError, or BrokenPaperError.
    """
    source.seek(0)
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            _check_frame(source, entries)
            kind = _kind(archive, {entry.filename for entry in entries})
            unpacked = 0
            for entry in entries:
                unpacked = _read_through(archive, entry, unpacked)
            return kind
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as fault:
        raise BrokenPaperError from fault


def _check_frame(source: IO[bytes], entries: list[zipfile.ZipInfo]) -> None:
    """Nothing before and behind the archive, no names that lead out of it, no size that cannot be meant."""
    size = source.seek(0, 2)
    packed = sum(entry.compress_size for entry in entries)
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or packed > size:
        raise BombError
    if unpacked > HARMLESS_SIZE and unpacked > MOST_RATIO * size:
        raise BombError
    source.seek(max(0, size - _END))
    names = [entry.filename for entry in entries]
    if source.read(4) != b"PK\x05\x06" or not entries or min(entry.header_offset for entry in entries) != 0:
        raise BrokenPaperError
    if len(set(names)) != len(names) or any(_leads_out(name) for name in names):
        raise BrokenPaperError
    if any(entry.flag_bits & 1 for entry in entries):
        raise BrokenPaperError  # locked with a password: nobody could read it
    if any(_PROGRAMS.search(name) for name in names):
        raise ActivePaperError


def _leads_out(name: str) -> bool:
    return name.startswith("/") or "\\" in name or "\0" in name or ":" in name or ".." in name.split("/")


def _kind(archive: zipfile.ZipFile, names: set[str]) -> str:
    if "mimetype" in names and "content.xml" in names and _beginning(archive, "mimetype").strip() == ODT.encode():
        return ODT
    if {"[Content_Types].xml", "word/document.xml"} <= names:
        types = _beginning(archive, "[Content_Types].xml")
        if b"macroEnabled" in types:
            raise ActivePaperError
        if b"wordprocessingml.document.main+xml" in types:
            return DOCX
    raise StrangePaperError


def _beginning(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PIECE)


def _read_through(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, unpacked: int) -> int:
    """Read one part to its end, its check sum included; answers how much was unpacked so far."""
    is_text = entry.filename.lower().endswith((".xml", ".rels", ".rdf"))
    before = b""
    with archive.open(entry) as part:
        while piece := part.read(_PIECE):
            unpacked += len(piece)
            if unpacked > MOST_UNPACKED:
                raise BombError
            if is_text:
                seen = before + piece
                if any(mark in seen for mark in _XML_ACTIVE) or _OUTSIDE_TEMPLATE.search(seen):
                    raise ActivePaperError
                before = piece[-600:]
    return unpacked
