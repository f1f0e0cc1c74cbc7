"""Answers from the database into a file: read once, whatever is written of them."""

import shutil
import zipfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

import sqlalchemy as sa
from flask_babel import force_locale

from consult.core.db import db, reading
from consult.microdata import writers
from consult.microdata.columns import layout
from consult.microdata.models import AnswerFormat
from consult.microdata.reading import filled
from consult.microdata.writers import Csv, Json, Spss, Writer, Xlsx
from consult.processes import queries as processes
from consult.questionnaires import definition
from consult.surveys import queries
from consult.surveys.models import Submission, Survey

Told = Callable[[int], None]
"""Is told how many hundredths are done."""
ALONE = {AnswerFormat.XLSX, AnswerFormat.JSON}
"""Formats that are one file, which need not be packed."""
_READ = 90
"""Hundredths that are done once all is read."""


def suffix(form: AnswerFormat) -> str:
    """How the name of a file ends."""
    return form.value if form in ALONE else "zip"


def write(survey_id: int, form: AnswerFormat, target: Path, *, language: str, told: Told = lambda _done: None) -> int:
    """Write the answers to a questionnaire into a file, and answer how many submissions are in it.

    The database is only read, some hundred submissions at once. On failure there is no file. Raises LookupError for
    no questionnaire, TooLargeError, and OSError where it cannot be written.
    """
    folder = target.with_name(f".{target.name}-unfinished")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        with reading(), force_locale(language):
            survey = queries.survey(survey_id)
            if survey is None:
                raise LookupError(survey_id)
            number = _fill(survey, form, folder, language, told)
        whole = _packed(folder) if form not in ALONE else next(folder.iterdir())
        whole.chmod(0o600)
        whole.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return number


def _fill(survey: Survey, form: AnswerFormat, folder: Path, language: str, told: Told) -> int:
    places = processes.municipalities(survey.phase.process)
    lines = layout(survey, places)
    makers: dict[AnswerFormat, Callable[[], Writer]] = {
        AnswerFormat.CSV: lambda: Csv(folder, lines, language),
        AnswerFormat.XLSX: lambda: Xlsx(folder, lines, language),
        AnswerFormat.JSON: lambda: Json(folder, definition.compact(definition.describe(survey))),
        AnswerFormat.SPSS: lambda: Spss(folder, lines, language)}
    expected, number = max(1, _expected(survey)), 0
    with ExitStack() as stack:
        open_ = [stack.enter_context(closing(maker())) for each, maker in makers.items()
                 if form in {each, AnswerFormat.ALL}]
        for piece in filled(survey, places):
            rows = [writers.row(lines, each) for each in piece]
            for writer in open_:
                writer.add(piece, rows)
            number += len(piece)
            told(min(_READ, number * _READ // expected))
    return number


def _expected(survey: Survey) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(Submission)
                             .where(Submission.survey_id == survey.id)) or 0


def _packed(folder: Path) -> Path:
    """All files of a folder in one, each removed once it is in."""
    files, whole = sorted(folder.iterdir()), folder / "whole"
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as archive:
        for path in files:
            archive.write(path, path.name)
            path.unlink()
    return whole
