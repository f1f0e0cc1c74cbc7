"""`python -m bench.microdata`: how much memory and time it takes to give out the answers of a large questionnaire.

The questionnaire has twelve questions of nine kinds. Each format is written in a process of its own, whose highest
memory is read from the system; the size of what every process of the application holds anyway is in it.
"""

import argparse
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa

from consult.core.config import Settings
from consult.core.db import db, table
from consult.factory import create_app
from consult.microdata import packing
from consult.microdata.models import AnswerFormat
from consult.processes.models import Channel
from consult.surveys import answers
from consult.surveys.models import Answer, Question, QuestionKind, Submission, Survey
from tests.factories import Make

KINDS = [
    *[QuestionKind.SINGLE_CHOICE] * 3, *[QuestionKind.MULTIPLE_CHOICE] * 2, QuestionKind.SCALE,
    QuestionKind.ZERO_TO_TEN, QuestionKind.NUMBER, QuestionKind.MATRIX_SINGLE, QuestionKind.RANKING,
    QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT]
PIECE = 5_000
SAID = "Servono più corse la sera, soprattutto d'inverno: chi lavora fino alle otto non torna a casa. "


def main() -> None:
    """Fill in a questionnaire so many times, write it in each format, print what that took."""
    parser = argparse.ArgumentParser(prog="bench.microdata", description=__doc__)
    parser.add_argument("--submissions", type=int, default=250_000)
    parser.add_argument("--formats", nargs="+", default=["csv", "xlsx", "json", "spss", "all"])
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        survey_id = _apart(_grow, folder, options.submissions)
        print(f"{'format':8} {'seconds':>8} {'peak MB':>8} {'file MB':>8} {'lines':>8}")
        for form in options.formats:
            seconds, peak, size, number = _apart(_write, folder, survey_id, form)
            print(f"{form:8} {seconds:8.0f} {peak:8.0f} {size:8.1f} {number:8}", flush=True)


def _apart(work: Any, *arguments: Any) -> Any:
    """Run a function in a new process, whose memory is its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _app(folder: str) -> Any:
    os.environ["INSTANCE"] = folder
    return create_app(Settings(instance=Path(folder), database_url=f"sqlite:///{folder}/consult.sqlite3",
                               secret_key="b" * 40, demo=False))


def _grow(folder: str, submissions: int) -> int:
    with _app(folder).app_context():
        flask_migrate.upgrade()
        make = Make()
        survey: Survey = make.survey(*KINDS)
        towns = [make.municipality().id for _ in range(5)]
        questions = list(survey.sections[0].questions)
        chance = random.Random(1)
        ids = sorted(f"{chance.getrandbits(128):032x}" for _ in range(submissions))
        for start in range(0, submissions, PIECE):
            some = ids[start:start + PIECE]
            db.session.execute(sa.insert(table(Submission)), [
                {"id": id, "survey_id": survey.id, "municipality_id": chance.choice(towns),
                 "channel": Channel.ONLINE, "definition_version": 1, "seed": 0} for id in some])
            db.session.execute(sa.insert(table(Answer)), [row for id in some for row in _rows(id, questions, chance)])
        db.session.commit()
        return survey.id


def _rows(id: str, questions: list[Question], chance: random.Random) -> Iterator[dict[str, Any]]:
    for question in questions:
        for row in answers.rows(question, _given(question, chance), {}):
            yield {"submission_id": id, "question_id": question.id, **row}


def _given(question: Question, chance: random.Random) -> Any:
    codes = [option.code for option in question.options]
    if question.kind is QuestionKind.MATRIX_SINGLE:
        return {row.code: [chance.choice(codes)] for row in question.rows}
    if question.kind in answers.ONE:
        return [chance.choice(codes)]
    if codes:
        return chance.sample(codes, chance.randint(1, len(codes)))
    if question.kind in answers.NUMBERS:
        return chance.randint(1, 5)
    return SAID * (3 if question.kind is QuestionKind.LONG_TEXT else 1)


def _write(folder: str, survey_id: int, form: str) -> tuple[float, float, float, int]:
    with _app(folder).app_context():
        target = Path(folder) / f"made-{form}"
        begun = time.monotonic()
        number = packing.write(survey_id, AnswerFormat(form), target, language="it")
        seconds, size = time.monotonic() - begun, target.stat().st_size / 1_000_000
        target.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return seconds, peak, size, number


if __name__ == "__main__":
    main()
