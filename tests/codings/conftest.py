"""What the tests of codings share: a survey with an open question, people who answered, two who read."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.codings import asked as askings
from consult.codings import queries, reading, services
from consult.codings.asked import AnswerKey, Asked
from consult.codings.models import AnswerCode
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import Answer, QuestionKind
from tests.browser import Browser
from tests.factories import DAY, Make


@pytest.fixture
def browser(browser: Callable[..., Browser]) -> Callable[..., Browser]:
    """Browsers that read English: its sentences are those of the code."""

    def start(person: Any = None) -> Browser:
        started = browser(person)
        started._apart(lambda: started._keep_in_cookie(language="en"))
        return started

    return start


@dataclass
class Desk:
    """A survey that asks for a text and for consent, two of the plan office, and short ways to work on it."""

    make: Make
    survey: Any
    anna: Person
    bruno: Person

    @property
    def asked(self) -> Asked:
        found = askings.one(self.survey.id, surveys.questions(self.survey)[0].id)
        assert found is not None
        return found

    @property
    def path(self) -> str:
        return f"/ufficio/questionari/{self.survey.id}/codifica/{self.asked.question.id}"

    def answer(self, text: str, *, consent: str | None = None, place: Any = None) -> AnswerKey:
        """Somebody writes something, agreeing or not that it is published."""
        text_question, consent_question = surveys.questions(self.survey)
        given = {text_question.code: text, **({consent_question.code: [consent]} if consent else {})}
        return answering.answer(self.survey, None, municipality_id=(place or self.make.town()).id, given=given,
                                channel=Channel.PAPER), 0

    def code(self, name: str) -> AnswerCode:
        return services.add_code(self.asked, self.anna, name=Localized.of(name), definition=Localized())

    def read(self, who: Person, found: dict[AnswerKey, list[AnswerCode]]) -> int:
        """Somebody finds codes in answers, having seen them as they are."""
        seat = queries.seat_for(self.asked, who) or 1
        known = queries.answers(self.asked, found)
        return reading.save(self.asked, who, {key: [code.id for code in codes] for key, codes in found.items()},
                            {key: known[key].stamp(seat) for key in found if key in known})

    def decide(self, who: Person, found: dict[AnswerKey, list[AnswerCode]]) -> int:
        known = queries.answers(self.asked, found)
        return reading.decide(self.asked, who, {key: [code.id for code in codes] for key, codes in found.items()},
                              {key: known[key].stamp(0) for key in found})

    def counting(self, key: AnswerKey) -> set[int] | None:
        """The codes that count of an answer."""
        return queries.answers(self.asked, [key])[key].codes.get(0)

    def close(self) -> None:
        self.survey.closes_at -= 10 * DAY
        self.survey.opens_at -= 20 * DAY
        db.session.flush()
        assert self.survey.over()


@pytest.fixture
def desk(make: Make) -> Desk:
    survey = make.survey(QuestionKind.LONG_TEXT, QuestionKind.YES_NO)
    return Desk(make, survey, make.person(Role.PLAN_OFFICE, display_name="Anna"),
                make.person(Role.PLAN_OFFICE, display_name="Bruno"))


def texts() -> list[str | None]:
    return list(db.session.scalars(sa.select(Answer.text).where(Answer.text.is_not(None))))
