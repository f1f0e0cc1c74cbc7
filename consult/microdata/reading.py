"""Reading submissions with their answers, some hundreds at once: memory does not grow with how many there are."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db, table
from consult.processes.models import Channel
from consult.surveys import answers
from consult.surveys.answers import Given
from consult.surveys.models import Answer, Question, QuestionKind, Submission, Survey
from consult.territory.models import Municipality

AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class Filled:
    """One filled-in questionnaire, without anything that leads to whoever filled it in."""

    number: int
    """Its place in the order of ids made at random: it says nothing of when it came."""
    municipality: str | None
    municipality_name: str | None
    channel: Channel
    version: int
    submitted_at: str | None
    given: Mapping[str, Given]


def filled(survey: Survey, places: Sequence[Municipality]) -> Iterator[list[Filled]]:
    """All submissions of a questionnaire, AT_ONCE in a piece: two queries for each piece."""
    reader = _Reader(survey, places)
    after, number = "", 0
    while rows := db.session.execute(_submissions(survey, after)).all():
        yield [reader.filled(number + at, row, kept) for at, (row, kept) in
               enumerate(zip(rows, _answers([row.id for row in rows]), strict=True), 1)]
        after, number = rows[-1].id, number + len(rows)


def _submissions(survey: Survey, after: str) -> sa.Select[Any]:
    own = table(Submission).c
    return (sa.select(own.id, own.municipality_id, own.channel, own.definition_version, own.submitted_at)
            .where(own.survey_id == survey.id, own.id > after).order_by(own.id).limit(AT_ONCE))


def _answers(ids: Sequence[str]) -> list[dict[int, list[Any]]]:
    """For each submission, what was kept of its answers by question."""
    own = table(Answer).c
    found: dict[str, dict[int, list[Any]]] = {id: defaultdict(list) for id in ids}
    for row in db.session.execute(sa.select(own.submission_id, own.question_id, own.row_id, own.option_id, own.number,
                                            own.text).where(own.submission_id.in_(ids))):
        found[row.submission_id][row.question_id].append(row)
    return [found[id] for id in ids]


class _Reader:
    """Makes of rows what was answered."""

    def __init__(self, survey: Survey, places: Sequence[Municipality]) -> None:
        self._places = {place.id: place for place in places}
        self._codes = {place.id: place.istat_code for place in places}
        self._questions: dict[int, Question] = {
            question.id: question for section in survey.sections for question in section.questions}

    def filled(self, number: int, row: Any, kept: Mapping[int, Sequence[Any]]) -> Filled:
        place = self._places.get(row.municipality_id)
        given = {question.code: self._given(question, kept[question.id])
                 for question in self._questions.values() if question.id in kept}
        return Filled(
            number=number, municipality=place.istat_code if place else None,
            municipality_name=place.name if place else None, channel=row.channel, version=row.definition_version,
            submitted_at=clock.local(row.submitted_at).isoformat(timespec="minutes") if row.submitted_at else None,
            given=given)

    def _given(self, question: Question, kept: Sequence[Any]) -> Given:
        given = answers.read(question, kept, self._codes)
        return True if question.kind is QuestionKind.FILE and given != answers.REFUSED else given
