"""What formats and the steps of making a document are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.publishing.models import DocumentFormat

FORMATS: dict[DocumentFormat, tuple[str, LazyString]] = {
    DocumentFormat.PDF: ("PDF", _l("To read and print, also with a screen reader")),
    DocumentFormat.DOCX: ("DOCX", _l("To edit with Word")),
    DocumentFormat.ODT: ("ODT", _l("To edit with LibreOffice")),
    DocumentFormat.HTML: ("HTML", _l("To read in the browser, also without the network")),
    DocumentFormat.MARKDOWN: ("Markdown", _l("Plain text, for whoever works on it with other tools")),
}
"""The name of a format, and what it is good for; in the order in which they are offered."""

MEDIA_TYPES: dict[DocumentFormat, str] = {
    DocumentFormat.PDF: "application/pdf",
    DocumentFormat.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    DocumentFormat.ODT: "application/vnd.oasis.opendocument.text",
    DocumentFormat.HTML: "text/html; charset=utf-8",
    DocumentFormat.MARKDOWN: "text/markdown; charset=utf-8",
}

STEPS: dict[str, LazyString] = {
    "": _l("Waiting for its turn"),
    "read": _l("Reading the plan and what was said"),
    "write": _l("Writing the file"),
    "done": _l("Done"),
}
