"""The way through a questionnaire: what of it is shown, given what was answered, and which answers count.

Conditions ask about questions by their codes; about a row of a matrix by `question.row`, about the points of an option
by `question.option`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from consult.surveys import answers as kinds
from consult.surveys import logic
from consult.surveys.answers import ASKING, MATRICES, NUMBERS, Given
from consult.surveys.logic import Asked, Condition
from consult.surveys.models import Question, QuestionKind, Survey

HIGHEST = 10
"""Of a question answered from 0 to 10."""


@dataclass(frozen=True)
class Path:
    """What is shown of a questionnaire and what was answered on it."""

    questions: dict[str, tuple[str, ...]]
    """By code of the question, in order: the codes of the options offered. Information stands here too."""
    answers: dict[str, Given]
    """Of what was given, that which counts: nothing of what is not shown."""

    def shows(self, question: Question) -> bool:
        return question.code in self.questions

    def offers(self, question: Question) -> list[Any]:
        """The options offered, as they stand in the questionnaire."""
        return [option for option in question.options if option.code in self.questions[question.code]]


def in_order(survey: Survey) -> Iterator[Question]:
    """All questions in the order in which they are asked."""
    for section in survey.sections:
        yield from section.questions


def path(survey: Survey, given: Mapping[str, Given]) -> Path:
    """Go through a questionnaire with what was given to it, by code of the question."""
    questions = list(in_order(survey))
    known: dict[str, logic.Given] = {}
    for question in questions:
        if not kinds.is_empty(given.get(question.code)):
            known.update(told(question, given[question.code]))
    seen = logic.shown([each for question in questions for each in asked_of(question)], known)
    found = Path({}, {})
    for question in questions:
        if (offered := _offered(question, seen)) is not None:
            found.questions[question.code] = offered
            answer = _among(question, given.get(question.code), offered)
            if question.kind in ASKING and not kinds.is_empty(answer):
                found.answers[question.code] = answer
    return found


def _offered(question: Question, seen: logic.Shown) -> tuple[str, ...] | None:
    """The codes of the options that a question offers; None where it is not shown."""
    if question.kind is QuestionKind.POINTS:
        offered = [code for code in codes_of(question) if f"{question.code}.{code}" in seen.questions]
        return tuple(offered) or None
    if question.kind in MATRICES:
        return next((seen.questions[code] for row in question.rows
                     if (code := f"{question.code}.{row.code}") in seen.questions), None)
    return seen.questions.get(question.code)


def told(question: Question, answer: Given) -> dict[str, logic.Given]:
    """What conditions may know of an answer; of whoever prefers not to answer, nothing."""
    if answer == kinds.REFUSED:
        return {}
    if question.kind in MATRICES or question.kind is QuestionKind.POINTS:
        return {f"{question.code}.{part}": value for part, value in answer.items()}
    if question.options or question.kind is QuestionKind.MUNICIPALITY:
        return {question.code: kinds.chosen(answer)}
    return {question.code: str(answer) if question.kind is QuestionKind.PLACE else answer}


def asked(survey: Survey, municipalities: Iterable[str] = ()) -> list[Asked]:
    """The questionnaire as conditions know it; `municipalities` are their codes."""
    return [each for question in in_order(survey) for each in asked_of(question, tuple(municipalities))]


def asked_of(question: Question, municipalities: tuple[str, ...] = ()) -> list[Asked]:
    """A question as conditions know it: a matrix as one for each of its rows."""
    condition, required = _condition(question), question.required
    codes = codes_of(question)
    if question.kind in MATRICES:
        several = question.kind is QuestionKind.MATRIX_MULTIPLE
        return [Asked(code=f"{question.code}.{row.code}", options=codes, several=several, required=required,
                      shown_if=condition) for row in question.rows]
    if question.kind is QuestionKind.POINTS:
        return [Asked(code=f"{question.code}.{option.code}", numeric=True, least=0, most=question.maximum,
                      shown_if=_both(condition, option.shown_if)) for option in question.options]
    if question.kind is QuestionKind.MUNICIPALITY:
        codes = (*municipalities, kinds.ELSEWHERE_CODE)
    least, most = bounds(question)
    return [Asked(
        code=question.code, options=codes, required=required, shown_if=condition,
        several=question.kind in (QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING),
        numeric=question.kind in NUMBERS, least=least, most=most,
        options_if={option.code: option.shown_if for option in question.options if option.shown_if})]


def bounds(question: Question) -> tuple[float | None, float | None]:
    """The least and greatest number that a question takes."""
    if question.kind is QuestionKind.ZERO_TO_TEN:
        return 0, HIGHEST
    return (question.minimum, question.maximum) if question.kind in NUMBERS else (None, None)


def _condition(question: Question) -> Condition:
    """When a question is shown: when its section is, and then as it says itself."""
    return _both(question.section.shown_if, question.shown_if)


def codes_of(question: Question) -> tuple[str, ...]:
    """The codes of the options of a question, in their order."""
    return tuple(option.code for option in question.options)


def _both(one: Condition, other: Condition) -> Condition:
    return {"all": [one, other]} if one and other else one or other


def _among(question: Question, given: Given, offered: Sequence[str]) -> Given:
    """An answer without options that are not offered."""
    if kinds.is_empty(given) or given == kinds.REFUSED or not question.options:
        return given
    if question.kind in MATRICES:
        lines = {row: [code for code in codes if code in offered] for row, codes in given.items()}
        return {row: codes for row, codes in lines.items() if codes}
    if question.kind is QuestionKind.POINTS:
        return {code: points for code, points in given.items() if code in offered}
    codes = [code for code in kinds.chosen(given) if code in offered]
    said = given.get("other") if isinstance(given, dict) else None
    return {"chosen": codes, "other": said} if said and codes else codes
