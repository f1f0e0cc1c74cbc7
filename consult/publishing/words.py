"""What formats and the steps of making a document are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.publishing.house import Part
from consult.publishing.models import DocumentFormat, Names

FORMATS: dict[DocumentFormat, tuple[str | LazyString, LazyString]] = {
    DocumentFormat.PDF: ("PDF", _l("To read and print, also with a screen reader")),
    DocumentFormat.DOCX: ("DOCX", _l("To edit with Word")),
    DocumentFormat.ODT: ("ODT", _l("To edit with LibreOffice")),
    DocumentFormat.HTML: ("HTML", _l("To read in the browser, also without the network")),
    DocumentFormat.MARKDOWN: ("Markdown", _l("Plain text, for whoever works on it with other tools")),
    DocumentFormat.EPUB: ("EPUB", _l("To read on a telephone or a reader of books")),
    DocumentFormat.JSON: ("JSON", _l("The whole document as data, for programs")),
    DocumentFormat.FOLDER: (_l("Markdown with its data"), _l("The text, each table as CSV, each chart as a drawing")),
}
"""The name of a format, and what it is good for; in the order in which they are offered."""

MEDIA_TYPES: dict[DocumentFormat, str] = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFormat.ODT: "application/vnd.oasis.opendocument.text",
    DocumentFormat.HTML: "text/html; charset=utf-8",
    DocumentFormat.MARKDOWN: "text/markdown; charset=utf-8",
    DocumentFormat.EPUB: "application/epub+zip",
    DocumentFormat.JSON: "application/json",
    DocumentFormat.FOLDER: "application/zip",
}

NAMES: dict[Names, LazyString] = {
    Names.ORGANISATIONS: _l("Only those of organisations"),
    Names.SHOWN: _l("Also those of people who chose to show theirs"),
}

STEPS: dict[str, LazyString] = {
    "": _l("Waiting for its turn"),
    "read": _l("Reading what goes into it"),
    "write": _l("Writing the file"),
    "done": _l("Done"),
}

PARTS: dict[Part, tuple[LazyString, LazyString]] = {
    Part.DOCX: (_l("Styles for Word"), _l("Fonts, colours, margins, head and foot of the documents in DOCX")),
    Part.ODT: (_l("Styles for LibreOffice"), _l("Fonts, colours, margins, head and foot of the documents in ODT")),
    Part.EMBLEM: (_l("Emblem"), _l("The coat of arms on the first page of documents in every format")),
}
"""What an office can have its own way, and what it shows in."""
