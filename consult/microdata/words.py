"""What the formats of answers are called on the pages, and what they are good for."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.microdata.models import AnswerFormat

FORMATS: dict[AnswerFormat, tuple[str, LazyString]] = {
    AnswerFormat.XLSX: ("XLSX", _l("To work on with Excel or LibreOffice: a sheet of answers and a sheet that explains "
                                   "the columns")),
    AnswerFormat.CSV: ("CSV", _l("Two tables for any program: the answers, and what their columns mean")),
    AnswerFormat.SPSS: ("SPSS", _l("A table and a syntax file that reads it and names columns and values")),
    AnswerFormat.JSON: ("JSON", _l("For programs: the definition of the questions and the answers")),
    AnswerFormat.ALL: ("ZIP", _l("All of these in one file")),
}
"""The name of a format, and what it is good for; in the order in which they are offered."""

MEDIA_TYPES: dict[AnswerFormat, str] = {
    AnswerFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    AnswerFormat.JSON: "application/json",
    AnswerFormat.CSV: "application/zip", AnswerFormat.SPSS: "application/zip", AnswerFormat.ALL: "application/zip",
}
