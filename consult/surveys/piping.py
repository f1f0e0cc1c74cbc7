"""Earlier answers said again in later questions: `{code}` in a text stands for what was answered to that question."""

import re
from collections.abc import Iterable, Iterator, Mapping

from babel.numbers import format_decimal
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.config import LANGUAGES
from consult.core.languages import Localized
from consult.surveys import answers, paths
from consult.surveys.answers import ELSEWHERE_CODE, MATRICES, NUMBERS, REFUSED, Given
from consult.surveys.models import Question, QuestionKind

NOT_ANSWERED = "—"
_PLACE = re.compile(r"\{([a-z0-9_]{1,40})\}")

Names = Mapping[str, str | LazyString]
"""Of municipalities, by their codes."""


def asked_for(texts: Iterable[Localized]) -> set[str]:
    """The codes of the questions whose answers stand in texts."""
    return {code for text in texts for one in text.values() if "{" in one for code in _PLACE.findall(one)}


def filled(text: Localized, said: Mapping[str, Localized]) -> Localized:
    """A text with what was answered in its places; what `said` does not know stays as it stands."""
    if not any("{" in one for one in text.values()):
        return text
    return Localized({language: _PLACE.sub(lambda place, language=language: (  # type: ignore[misc]
        said[place[1]].in_language(language) if place[1] in said else place[0]), one)
        for language, one in text.items()})


def in_words(question: Question, given: Given, names: Names) -> Localized:
    """An answer in words, in every language of the interface; a dash for none and for whoever prefers not to."""
    if answers.is_empty(given) or given == REFUSED:
        return Localized(dict.fromkeys(LANGUAGES, NOT_ANSWERED))
    return Localized({language: ", ".join(_words(question, given, names, language)) or NOT_ANSWERED
                      for language in LANGUAGES})


def _words(question: Question, given: Given, names: Names, language: str) -> Iterator[str]:
    labels = {option.code: option.label.in_language(language) for option in question.options}
    if question.kind in NUMBERS:
        yield format_decimal(given, locale=language)
    elif question.kind is QuestionKind.MUNICIPALITY:
        yield from (str(names.get(code, _l("Elsewhere"))) if code != ELSEWHERE_CODE else str(_l("Elsewhere"))
                    for code in given)
    elif question.kind is QuestionKind.POINTS:
        yield from (f"{labels[code]}: {points}" for code, points in given.items() if code in labels)
    elif question.kind in MATRICES:
        rows = {row.code: row.label.in_language(language) for row in question.rows}
        for row, codes in given.items():
            yield f"{rows[row]}: {', '.join(labels[code] for code in codes)}"
    elif question.options:
        other = {option.code for option in question.options if option.other}
        said = given.get("other") if isinstance(given, Mapping) else None
        yield from (said if said and code in other else labels[code] for code in answers.chosen(given))
    elif question.kind is QuestionKind.PLACE:
        yield from (format_decimal(degrees, format="0.#####", locale=language) for degrees in given)
    else:
        yield str(given)


def said(questions: Iterable[Question], path: paths.Path, names: Names) -> dict[str, Localized]:
    """What was answered to questions, in words, by their codes."""
    return {question.code: in_words(question, path.answers.get(question.code), names) for question in questions}
