"""What codings hold of whoever of the staff read, decided and quoted."""

from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.codings.models import DECIDED, Coder, Coding, Quote
from consult.core.db import db
from consult.surveys.models import Question

LED = (Coder.person_id, Coding.decided_by_id, Quote.chosen_by_id)


@personal_data(
    "answers_read", position=66, title=_l("Answers to surveys that you read as one of the staff"),
    reason=_l("So that two people read each answer without knowing of each other, and it can be seen who decided "
              "where they differ and who chose what is quoted."),
    kept=_l("As long as the survey; without your name once you delete your account."), columns=LED)
def answers_read(person: Person) -> Rows:
    """Each question whose answers the person read, with how many they decided on and quoted."""
    seats = {question_id: seat for question_id, seat in db.session.execute(  # noqa: C416 - rows are no pairs
        sa.select(Coder.question_id, Coder.seat).where(Coder.person_id == person.id))}
    decided = _numbers(Coding.question_id, Coding.decided_by_id == person.id, Coding.seat == DECIDED)
    quoted = _numbers(Quote.question_id, Quote.chosen_by_id == person.id)
    asked = db.session.scalars(sa.select(Question).where(Question.id.in_({*seats, *decided, *quoted}))
                               .order_by(Question.id))
    return [{"question": question.prompt, "reader": seats.get(question.id),
             "answers_decided": decided.get(question.id, 0), "answers_quoted": quoted.get(question.id, 0)}
            for question in asked]


def _numbers(question: Any, *which: sa.ColumnElement[bool]) -> dict[int, int]:
    rows = db.session.execute(sa.select(question, sa.func.count()).where(*which).group_by(question))
    return {id: number for id, number in rows}  # noqa: C416 - a result has keys, which dict() would ask for


@erased_with
def leave_seats_without_names(event: PersonErased) -> None:
    """What was read and decided stays, of a reader known by a number alone."""
    for column in LED:
        db.session.execute(sa.update(column.class_).where(column == event.person_id).values({column.key: None})
                           .execution_options(synchronize_session="fetch"))
