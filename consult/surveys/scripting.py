"""What the script of the page is told, so that it shows and hides by the same rules as `logic`."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from consult.core.languages import Localized
from consult.surveys import logic, paths, piping
from consult.surveys.logic import Asked
from consult.surveys.models import Question


def rules(asked: Iterable[Asked], known: dict[str, logic.Given]) -> dict[str, Any]:
    """Questions in their order, as `logic.shown` takes them, and what was answered to those before them."""
    return {"known": {code: list(given) if isinstance(given, tuple | list | set | frozenset) else given
                      for code, given in known.items()},
            "questions": [{"code": one.code, "options": list(one.options), "numeric": one.numeric,
                           "shown_if": one.shown_if, "options_if": one.options_if} for one in asked]}


def of_page(questions: Iterable[Question], here: set[str], path: paths.Path) -> str:
    """The rules of a page as JSON; empty where nothing on it depends on anything."""
    everything = list(questions)
    asked = [(question.code, one) for question in everything for one in paths.asked_of(question)]
    on_page = [one for code, one in asked if code in here]
    if not any(one.shown_if or one.options_if for one in on_page):
        return ""
    wanted = set(_mentioned(on_page))
    known = {part: value for question in everything if question.code not in here and question.code in path.answers
             for part, value in paths.told(question, path.answers[question.code]).items() if part in wanted}
    return json.dumps(rules(on_page, known))


def _mentioned(asked: Iterable[Asked]) -> Iterator[str]:
    for one in asked:
        for condition in (one.shown_if, *one.options_if.values()):
            yield from (test["question"] for test in logic.tests(condition))


def live(question: Question, here: set[str], said: dict[str, Localized]) -> Localized | None:
    """The wording of a question with the answers of other pages in it, and places for those of its own page."""
    if not piping.asked_for([question.prompt]) & here:
        return None
    return piping.filled(question.prompt, {code: words for code, words in said.items() if code not in here})
