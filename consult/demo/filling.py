"""Made-up submissions of any questionnaire, as many as are wanted."""

import random
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.demo import bulk, draws, words
from consult.processes.models import Channel
from consult.surveys.answers import NUMBERS, ONE
from consult.surveys.models import Answer, Option, Question, QuestionKind, Submission, SurveySection
from consult.surveys.paths import HIGHEST
from consult.territory.models import Municipality

BATCH = 1000
ANSWERED = 0.85
"""The share of submissions that answer a question they could leave out; a fifth of that for texts. What depends on
other answers is left out by all."""


def submissions(survey_ids: Sequence[int], how_many: int, seed: int) -> Iterator[int]:
    """Fill in questionnaires in batches, each as often as the others, from all municipalities by their size."""
    for survey_id, share in zip(survey_ids, draws.shares(how_many, [1] * len(survey_ids)) if survey_ids else [],
                                strict=True):
        before = db.session.scalar(
            sa.select(sa.func.count()).select_from(Submission).where(Submission.survey_id == survey_id))
        rng = random.Random(f"{seed}:{survey_id}:{before}")  # noqa: S311 - made-up answers, no secrets
        asked = _asked(survey_id)
        towns = db.session.execute(sa.select(Municipality.id, Municipality.population).order_by(Municipality.id)).all()
        for start in range(0, share, BATCH):
            size = min(BATCH, share - start)
            places = rng.choices([town.id for town in towns], [town.population + 1 for town in towns], k=size)
            ids = [f"{rng.getrandbits(128):032x}" for _ in places]
            bulk.write(Submission, [
                {"id": id, "survey_id": survey_id, "municipality_id": place, "channel": Channel.ONLINE}
                for id, place in zip(ids, places, strict=True)])
            bulk.write(Answer, [row for id in ids for question in asked for row in _answers(question, id, rng)])
            yield size


class _Asked:
    """What is needed of a question, read once: batches are kept in between."""

    def __init__(self, question: Question, options: Sequence[int]) -> None:
        self.id, self.kind, self.required = question.id, question.kind, question.required
        self.minimum, self.maximum, self.options = question.minimum, question.maximum, options
        self.depends = bool(question.shown_if)
        self.weights = [1 / (position + 1.5) for position in range(len(options))]


def _asked(survey_id: int) -> list[_Asked]:
    options: dict[int, list[int]] = {}
    for id, question_id in db.session.execute(
            sa.select(Option.id, Option.question_id).order_by(Option.question_id, Option.position)):
        options.setdefault(question_id, []).append(id)
    questions = db.session.scalars(
        sa.select(Question).join(SurveySection).where(SurveySection.survey_id == survey_id)
        .order_by(SurveySection.position, Question.position))
    return [_Asked(question, options.get(question.id, [])) for question in questions]


def _answers(question: _Asked, submission_id: str, rng: random.Random) -> Iterator[dict[str, Any]]:
    if question.depends or (not question.required and rng.random() >= ANSWERED):
        return
    row = {"submission_id": submission_id, "question_id": question.id, "row_id": 0, "option_id": 0, "number": None,
           "text": None}
    if question.kind in ONE:
        yield row | {"option_id": rng.choices(question.options, question.weights)[0]}
    elif question.kind is QuestionKind.RANKING:
        yield from (row | {"option_id": id, "number": float(rank)} for rank, id in enumerate(
            rng.sample(question.options, question.maximum or len(question.options)), 1))
    elif question.kind is QuestionKind.POINTS:
        first, second = rng.sample(question.options, 2)
        points = rng.randint(1, (question.maximum or 2) - 1)
        yield row | {"option_id": first, "number": float(points)}
        yield row | {"option_id": second, "number": float((question.maximum or 2) - points)}
    elif question.kind is QuestionKind.MULTIPLE_CHOICE:
        fewest = max(1, question.minimum or 1)
        most = min(question.maximum or len(question.options), len(question.options))
        yield from (row | {"option_id": id} for id in rng.sample(question.options, rng.randint(fewest, most)))
    elif question.kind in NUMBERS:
        low, high = question.minimum or 0, question.maximum or (
            HIGHEST if question.kind is QuestionKind.ZERO_TO_TEN else 100)
        yield row | {"number": float(low + round((high - low) * rng.betavariate(2, 3)))}
    elif question.required or rng.random() < 0.2:
        yield row | {"text": rng.choice(words.THEMES).wish(rng)}
