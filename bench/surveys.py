"""`python -m bench.surveys`: what the results and a cross table of a large questionnaire cost, and in how many queries.

The questionnaire has twelve questions of different kinds; its submissions are written many at a time.
"""

import argparse
import contextlib
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import sqlalchemy as sa
from flask import Flask

from consult.accounts.models import Person
from consult.core.config import Settings
from consult.core.db import db, table
from consult.core.languages import Localized
from consult.demo import services as demo
from consult.factory import create_app
from consult.processes.models import Channel
from consult.surveys import answers, queries
from consult.surveys.models import (
    Answer,
    Option,
    Question,
    QuestionKind,
    QuestionRow,
    Submission,
    Survey,
    SurveySection,
)
from consult.territory.models import Municipality
from tests.browser import Browser
from tests.postgresql import Cluster

K = QuestionKind
ASKED = (K.SINGLE_CHOICE, K.SINGLE_CHOICE, K.MULTIPLE_CHOICE, K.SCALE, K.ZERO_TO_TEN, K.NUMBER, K.MATRIX_SINGLE,
         K.RANKING, K.POINTS, K.DATE, K.YES_NO, K.LONG_TEXT)
OPTIONS, ROWS, AT_ONCE = 5, 3, 2_000


def main() -> None:
    """Grow a questionnaire in a database of its own and print what its pages cost."""
    parser = argparse.ArgumentParser(prog="bench.surveys", description=__doc__)
    parser.add_argument("--submissions", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--postgresql", action="store_true", help="in a cluster of its own instead of SQLite")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="consult-bench-"))
        database = f"sqlite:///{folder}/consult.sqlite3"
        if options.postgresql:
            database = stack.enter_context(Cluster(durable=True)).create("grown")
        app = create_app(Settings(instance=Path(folder), database_url=database, secret_key="bench" * 8, demo=True,
                                  port=8000, host="localhost", rate_limits=False))
        with app.app_context():
            flask_migrate.upgrade()
            demo.load()
            survey_id = _grow(options.submissions)
            office = db.session.scalars(sa.select(Person).where(Person.email == "ufficio@example.org")).one()
            if options.postgresql:
                with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                    connection.execute(sa.text("VACUUM ANALYZE"))
            _measure(app, Browser(app, office), survey_id, options.times)


def _grow(submissions: int) -> int:
    survey = _survey()
    rng, begun = random.Random(1), time.perf_counter()
    places = db.session.scalars(sa.select(Municipality.id)).all()
    asked = queries.questions(survey)
    for start in range(0, submissions, AT_ONCE):
        sent = [{"id": f"{rng.getrandbits(128):032x}", "survey_id": survey.id, "municipality_id": rng.choice(places),
                 "channel": rng.choice([Channel.ONLINE, Channel.ONLINE, Channel.PAPER])}
                for _ in range(min(AT_ONCE, submissions - start))]
        db.session.execute(sa.insert(table(Submission)), sent)
        db.session.execute(sa.insert(table(Answer)), [
            {"submission_id": one["id"], "question_id": question.id, **values}
            for one in sent for question in asked for values in answers.rows(question, _given(rng, question), {})])
        db.session.commit()
    survey.submission_count = submissions
    db.session.commit()
    rows = db.session.scalar(sa.select(sa.func.count()).select_from(Answer).join(Submission).where(
        Submission.survey_id == survey.id))
    print(f"{submissions:,} submissions, {rows:,} rows of answers, written in {time.perf_counter() - begun:.0f} s")
    return survey.id


def _survey() -> Survey:
    model = db.session.scalars(sa.select(Survey).order_by(Survey.id.desc())).first()
    survey = Survey(phase=model.phase, title=Localized.of("Misura"), intro=Localized(), negotiable=Localized(),
                    opens_at=model.opens_at, closes_at=model.closes_at)
    section = SurveySection(survey=survey, position=1, title=Localized.of("Parte"), intro=Localized())
    db.session.add_all([survey, section])
    db.session.flush()
    for position, kind in enumerate(ASKED, 1):
        bounds = {K.SCALE: (1, 5), K.POINTS: (None, 100)}.get(kind, (None, None))
        question = Question(
            survey=survey, section=section, position=position, code=f"d{position}", kind=kind,
            prompt=Localized.of(f"Domanda {position}"), help=Localized(), minimum=bounds[0], maximum=bounds[1],
            minimum_label=Localized(), maximum_label=Localized())
        if kind in answers.WITH_OPTIONS:
            question.options = [Option(position=at, code=f"o{at}", label=Localized.of(f"Opzione {at}"))
                                for at in range(1, (2 if kind is K.YES_NO else OPTIONS) + 1)]
        if kind in answers.MATRICES:
            question.rows = [QuestionRow(position=at, code=f"r{at}", label=Localized.of(f"Riga {at}"))
                             for at in range(1, ROWS + 1)]
        db.session.add(question)
    db.session.commit()
    found = queries.survey(survey.id)
    assert found
    return found


def _given(rng: random.Random, question: Question) -> Any:
    codes = [option.code for option in question.options]
    if question.kind in answers.ONE:
        return [rng.choice(codes)]
    if question.kind in answers.MATRICES:
        return {row.code: [rng.choice(codes)] for row in question.rows}
    return {
        K.MULTIPLE_CHOICE: lambda: rng.sample(codes, 2), K.SCALE: lambda: float(rng.randint(1, 5)),
        K.ZERO_TO_TEN: lambda: float(rng.randint(0, 10)), K.NUMBER: lambda: float(rng.randint(0, 200)),
        K.RANKING: lambda: rng.sample(codes, 3), K.POINTS: lambda: dict(zip(codes, (50, 30, 20), strict=False)),
        K.DATE: lambda: f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}", K.LONG_TEXT: lambda: "Va bene così.",
    }[question.kind]()


def _measure(app: Flask, office: Browser, survey_id: int, times: int) -> None:
    one, other = (question.id for question in queries.questions(queries.survey(survey_id))[:2])
    address = f"/questionari/{survey_id}"
    print(f"{'':42} {'queries':>8} {'p50 s':>8} {'CPU s':>8}")
    for name, path in (("results", "risultati"), ("cross table, question by question",
                                                  f"incroci?domanda=q{one}&per=q{other}"),
                       ("cross table, question by municipality", f"incroci?domanda=q{one}&per=place")):
        took, worked, asked = [], [], 0
        for _ in range(times):
            with _counted() as seen:
                begun, before = time.perf_counter(), time.process_time()
                assert office.get(f"{address}/{path}").status_code == 200
                took.append(time.perf_counter() - begun)
                worked.append(time.process_time() - before)
            asked = len(seen)
        print(f"{name:42} {asked:8} {statistics.median(took):8.2f} {statistics.median(worked):8.2f}", flush=True)


@contextlib.contextmanager
def _counted() -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


if __name__ == "__main__":
    main()
