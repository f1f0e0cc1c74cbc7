"""Questionnaires with a question of every kind, and answers to them."""

import random
from typing import Any

from consult.surveys import services
from consult.surveys.answers import ASKING, ELSEWHERE_CODE, MATRICES, NUMBERS, ONE, REFUSED, TEXTS
from consult.surveys.models import Question, QuestionKind, Survey

TEXTS_OF_PEOPLE = ["=1+1", "'=1+1", "'ndrangheta", "''", "-5", "@x", 'una; due, "tre"', "riga\ne riga", "|x", "à 😀",
                   "+39 333", "%s", "'", "1,5", "true", "it's", "</w:t>", "#NAME?"]
MAKEABLE = sorted(ASKING - {QuestionKind.FILE}, key=lambda kind: kind.value)


def of_every_kind(make: Any, **values: Any) -> Survey:
    """A questionnaire with every kind of question, each of which may be refused, choices with an own word."""
    survey = make.survey(*MAKEABLE, **values)
    for question in survey.sections[0].questions:
        question.prefer_not = True
        if question.kind in ONE | {QuestionKind.MULTIPLE_CHOICE}:
            question.options[-1].other = True
    return survey


def answers_of(survey: Survey, seed: int) -> dict[str, Any]:
    """Answers to some of the questions, by chance but the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same each time
    found = {}
    for question in survey.sections[0].questions:
        if chance.random() < 0.8:
            found[question.code] = REFUSED if chance.random() < 0.1 else _answer(question, chance)
    return found


def _answer(question: Question, chance: random.Random) -> Any:
    codes = [option.code for option in question.options]
    some = chance.sample(codes, chance.randint(1, len(codes))) if codes else []
    kind = question.kind
    if kind in ONE or kind is QuestionKind.MULTIPLE_CHOICE:
        return _chosen(question, some[:1] if kind in ONE else [code for code in codes if code in some], chance)
    if kind in MATRICES:
        rows = chance.sample([row.code for row in question.rows], chance.randint(1, len(question.rows)))
        return {row: [chance.choice(codes)] if kind is QuestionKind.MATRIX_SINGLE
                else [code for code in codes if code in some] for row in rows}
    if kind in NUMBERS:
        return float(chance.choice([0, 3, -2.5, 1e17, 0.1 + 0.2, 1e-7]))
    return {QuestionKind.RANKING: some, QuestionKind.POINTS: dict.fromkeys(some, 10),
            QuestionKind.MUNICIPALITY: [ELSEWHERE_CODE], QuestionKind.PLACE: [44.5, round(chance.random(), 6)],
            QuestionKind.DATE: "2026-03-01", QuestionKind.EMAIL: "chi@example.org",
            **dict.fromkeys(TEXTS, chance.choice(TEXTS_OF_PEOPLE))}[kind]


def _chosen(question: Question, codes: list[str], chance: random.Random) -> Any:
    other = next((option.code for option in question.options if option.other), None)
    return {"chosen": codes, "other": chance.choice(TEXTS_OF_PEOPLE)} if other in codes else codes


def fill(survey: Survey, number: int, **values: Any) -> list[dict[str, Any]]:
    """So many submissions; answers what each of them says."""
    given = [answers_of(survey, seed) for seed in range(number)]
    for each in given:
        services.answer(survey, None, **{"municipality_id": None, **values}, given=each)
    return given
