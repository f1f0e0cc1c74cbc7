"""What is wrong with a questionnaire: what cannot be kept at all, and what must be put right before it is public."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core.config import LANGUAGES
from consult.core.languages import Localized
from consult.questionnaires import definition
from consult.questionnaires.definition import BLANKS, DAYS, FORMAT, INSIDE, LOCALIZED, VERSION, Data
from consult.surveys import logic, paths, piping, reach
from consult.surveys.answers import CHOICES, MATRICES, WITH_OPTIONS
from consult.surveys.models import QuestionKind

MOST_SECTIONS, MOST_QUESTIONS, MOST_OPTIONS, MOST_POINTS = 60, 300, 300, 21
LONGEST = {"intro": 4000, "prompt": 1000, "help": 1000, "title": 200, "label": 500}
SHORT = 200
CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}", re.ASCII)
LARGEST = 10**9
WITH_SEVERAL = frozenset({QuestionKind.MULTIPLE_CHOICE, QuestionKind.RANKING})


@dataclass(frozen=True)
class Fault:
    """Something to put right: `where` is empty, `section:2` (counted from 1) or `question:code`.

    Of a file, a question without a code is called by the numbers of its section and of itself, as in `question:2.3`.
    """

    where: str
    sentence: LazyString | str
    blocks: bool = False
    """Whether the questionnaire cannot even be kept like this."""


def faults(data: Any, municipalities: Sequence[str] = ()) -> list[Fault]:
    """What is wrong with the data of a questionnaire, in its order; `municipalities` are those of the percorso."""
    found = list(_malformed(data, "questionnaire", ""))
    if found:
        return found
    complete = definition.whole(data)
    found = [*_codes(complete), *(fault for one in definition.questions(complete) for fault in _unsound(one))]
    if not found:
        found += _conditions(complete, municipalities)
    if any(fault.blocks for fault in found):
        return found
    found += _missing(complete)
    asked = paths.asked(definition.assembled(complete), municipalities)
    return [*found, *_unreachable(reach.unreachable(asked))]


def _malformed(data: Any, part: str, where: str) -> Iterator[Fault]:
    """What has not the form of a questionnaire."""
    if not isinstance(data, dict):
        yield Fault(where, _l("This is no questionnaire in our format."), blocks=True)
        return
    if part == "questionnaire" and (data.get("format"), data.get("version")) != (FORMAT, VERSION):
        yield Fault(where, _l("This is no questionnaire in our format."), blocks=True)
        return
    for name, blank in BLANKS[part].items():
        value = data.get(name)
        if value is not None and not _fits(name, value, blank):
            yield Fault(where, _l("“%(name)s” holds what cannot stand there.", name=name), blocks=True)
        elif name in INSIDE[part]:
            if len(value or ()) > {"sections": MOST_SECTIONS, "questions": MOST_QUESTIONS}.get(name, MOST_OPTIONS):
                yield Fault(where, _l("There are too many of “%(name)s”.", name=name), blocks=True)
                continue
            for place, one in enumerate(value or (), 1):
                yield from _malformed(one, INSIDE[part][name], _where(one, name, place, where))


def _where(one: Any, name: str, place: int, where: str) -> str:
    if name == "sections":
        return f"section:{place}"
    if name != "questions":
        return where
    code = one.get("code") if isinstance(one, dict) else None
    sound = isinstance(code, str) and CODE.fullmatch(code)
    return f"question:{code if sound else where.removeprefix('section:') + f'.{place}'}"


def _fits(name: str, value: Any, blank: Any) -> bool:
    if name in LOCALIZED:
        return isinstance(value, dict) and all(
            code in LANGUAGES and isinstance(text, str) and len(text) <= LONGEST.get(name, SHORT) and "\0" not in text
            for code, text in value.items())
    if name in DAYS:
        return _is_day(value)
    if name == "kind":
        return isinstance(value, str) and value in {kind.value for kind in QuestionKind}
    if name in ("minimum", "maximum", "max_length", "quota"):
        return isinstance(value, int) and not isinstance(value, bool) and abs(value) <= LARGEST
    return isinstance(value, str if name in ("image", "code") else type(blank)) and (
        not isinstance(value, str) or len(value) <= 64)


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _codes(data: Data) -> Iterator[Fault]:
    asked = list(definition.questions(data))
    if len(asked) > MOST_QUESTIONS:
        yield Fault("", _l("There are more than %(most)s questions.", most=MOST_QUESTIONS), blocks=True)
    for code, times in Counter(one["code"] for one in asked).items():
        if not CODE.fullmatch(code):
            yield Fault("", _l("“%(code)s” is no code: small letters, digits and underscores, at most 40.",
                               code=code[:60]), blocks=True)
        if times > 1:
            yield Fault(f"question:{code}", _l("The code “%(code)s” is there twice.", code=code), blocks=True)
    for one in asked:
        for inner in ("options", "rows"):
            codes = [each["code"] for each in one[inner]]
            if len(set(codes)) < len(codes) or not all(CODE.fullmatch(code) for code in codes):
                yield Fault(f"question:{one['code']}",
                            _l("Each answer and each row needs a code of its own: small letters, digits and "
                               "underscores."), blocks=True)


def _unsound(one: Data) -> Iterator[Fault]:
    """What of a question contradicts itself, so that it cannot be kept."""
    where, least, most = f"question:{one['code']}", one["minimum"], one["maximum"]
    if least is not None and most is not None and least > most:
        yield Fault(where, _l("The minimum is greater than the maximum."), blocks=True)
    if one["earliest"] and one["latest"] and one["earliest"] > one["latest"]:
        yield Fault(where, _l("The first day comes after the last."), blocks=True)
    if (one["max_length"] or 1) < 1 or any((option["quota"] or 1) < 1 for option in one["options"]):
        yield Fault(where, _l("A length and a quota are at least 1."), blocks=True)
    kind = QuestionKind(one["kind"])
    if (one["options"] and kind not in WITH_OPTIONS) or (one["rows"] and kind not in MATRICES):
        yield Fault(where, _l("A question of this kind has no answers to choose from."), blocks=True)
    if kind in MATRICES and any(option["shown_if"] for option in one["options"]):
        yield Fault(where, _l("The answers of a table cannot have conditions: make them of the whole question."),
                    blocks=True)
    if kind is QuestionKind.SCALE and least is not None and most is not None and most - least >= MOST_POINTS:
        yield Fault(where, _l("A scale has at most %(most)s points.", most=MOST_POINTS), blocks=True)


def _conditions(data: Data, municipalities: Sequence[str]) -> Iterator[Fault]:
    """Conditions that ask what the questions before cannot answer."""
    before: dict[str, logic.Asked] = {}
    for number, section in enumerate(definition.assembled(data).sections, 1):
        yield from _checked(section.shown_if, before, f"section:{number}")
        for question in section.questions:
            where = f"question:{question.code}"
            for condition in (question.shown_if, *(option.shown_if for option in question.options)):
                yield from _checked(condition, before, where)
            before.update({asked.code: asked for asked in paths.asked_of(question, tuple(municipalities))})


def _checked(condition: Mapping[str, Any], before: Mapping[str, logic.Asked], where: str) -> Iterator[Fault]:
    try:
        logic.check(condition, before)
    except logic.BadConditionError:
        asked = [test["question"] for test in _tests(condition) if test["question"] not in before]
        if asked:
            yield Fault(where, _l("It is shown depending on “%(code)s”, which does not stand before it: change the "
                                  "condition first.", code=asked[0]), blocks=True)
        else:
            yield Fault(where, _l("Its condition cannot be answered by the question that it asks: change the condition "
                                  "first."), blocks=True)


def _tests(condition: Any) -> list[Mapping[str, Any]]:
    try:
        return [test for test in logic.tests(condition) if isinstance(test["question"], str)]
    except (TypeError, AttributeError, RecursionError):
        return []


def _missing(data: Data) -> Iterator[Fault]:
    """What must be there before anybody can answer."""
    if not any(one["kind"] != "information" for one in definition.questions(data)):
        yield Fault("", _l("There is no question yet."))
    before: set[str] = set()
    for number, section in enumerate(data["sections"], 1):
        if not section["questions"]:
            yield Fault(f"section:{number}", _l("There is no question in this section."))
        for one in section["questions"]:
            yield from (Fault(f"question:{one['code']}", sentence) for sentence in _lacking(one))
            piped = piping.asked_for([Localized.of(one["prompt"]), Localized.of(one["help"])])
            for code in sorted(piped - before):
                yield Fault(f"question:{one['code']}", _l(
                    "Its text repeats the answer to “%(code)s”, which does not stand before it.", code=code))
            before.add(one["code"])


def _lacking(one: Data) -> Iterator[LazyString]:
    kind, options, least, most = QuestionKind(one["kind"]), one["options"], one["minimum"], one["maximum"]
    if not any(one["prompt"].values()):
        yield _l("The question has no text.")
    if kind in WITH_OPTIONS and len(options) < 2:
        yield _l("Write at least two answers.")
    if any(not any(each["label"].values()) for each in (*options, *one["rows"])):
        yield _l("An answer or a row has no text.")
    if kind in MATRICES and not one["rows"]:
        yield _l("Write at least one row.")
    if kind is QuestionKind.SCALE and (least is None or most is None or least == most):
        yield _l("Say at which number the scale begins and at which it ends.")
    if kind is QuestionKind.POINTS and (most or 0) < 1:
        yield _l("Say how many points there are to distribute.")
    if one["image"] and not any(one["image_alt"].values()):
        yield _l("Say what the picture shows, for whoever does not see it.")
    if kind in WITH_SEVERAL and (least or 0) > len(options):
        yield _n("At least %(num)s answer must be chosen, and there are fewer.",
                 "At least %(num)s answers must be chosen, and there are fewer.", least)
    if kind in CHOICES and options and all(option["shown_if"] for option in options) and one["required"]:
        yield _l("Every answer has a condition: somebody might find none to choose.")


def _unreachable(found: Sequence[reach.Unreachable]) -> Iterator[Fault]:
    for one in found:
        code = one.question.split(".")[0]
        if one.option:
            yield Fault(f"question:{code}", _l("Nobody can ever be shown the answer “%(code)s”: its condition "
                                               "contradicts itself or others.", code=one.option))
        else:
            yield Fault(f"question:{code}", _l("Nobody can ever be shown this question: its condition contradicts "
                                               "itself or others."))
