"""Conditions: which questions, options and sections are shown, given what was answered before.

A condition is kept as JSON, read here and by the script of the page by the same rules:

    {"all": [{"question": "bus", "is": "yes"}, {"any": [{"question": "age", "at_least": 65}, ...]}]}

`all` holds if each part does, `any` if one does; an empty `all` holds, an empty `any` does not. A single test names a
question that stands before, and says one of TESTS of what was answered to it. What is not shown counts as not
answered, so a branch that closes takes along what hangs on it. The empty condition `{}` always holds.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Condition = Mapping[str, Any]
Given = str | float | Collection[str]
"""An answer: a text, a number, or the codes of what was chosen."""

TESTS = ("is", "is_not", "at_least", "at_most", "answered")
MOST_PARTS, DEEPEST = 20, 3
"""A condition that nobody could read any more is refused."""
MOST_WAYS = 512
"""Ways in which a condition can hold that are looked at by the check; a longer one is believed."""


class BadConditionError(ValueError):
    """A condition that is none; the message says which part and why, for whoever writes software."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as far as conditions know it."""

    code: str
    options: tuple[str, ...] = ()
    """Codes of what can be chosen; empty for texts and numbers."""
    several: bool = False
    least: float | None = None
    most: float | None = None
    """Bounds of a number or scale."""
    numeric: bool = False
    required: bool = False
    shown_if: Condition = field(default_factory=dict)
    options_if: Mapping[str, Condition] = field(default_factory=dict)
    """By option: when it is offered, where that is not always."""


@dataclass(frozen=True)
class Shown:
    """What is shown of a questionnaire, in its order: of each question the options that are offered."""

    questions: dict[str, tuple[str, ...]]
    answers: dict[str, Given]
    """Of what was given, that which still counts."""


def shown(questions: Sequence[Asked], answers: Mapping[str, Given]) -> Shown:
    """Go through a questionnaire in its order, each question seeing what was answered to those before."""
    seen = Shown({}, {})
    for question in questions:
        if not holds(question.shown_if, seen.answers):
            continue
        offered = tuple(option for option in question.options
                        if holds(question.options_if.get(option, {}), seen.answers))
        seen.questions[question.code] = offered
        given = _among(answers.get(question.code), question, offered)
        if not _empty(given):
            seen.answers[question.code] = given
    return seen


def _among(given: Given | None, question: Asked, offered: Collection[str]) -> Any:
    """An answer without options that are no longer offered."""
    if given is None or not question.options or isinstance(given, str | int | float):
        return given
    return tuple(code for code in given if code in offered)


def _empty(given: Any) -> bool:
    return given is None or given == "" or (isinstance(given, tuple | list | set | frozenset) and not given)


def holds(condition: Condition, answers: Mapping[str, Given]) -> bool:
    """Whether a condition holds for the answers that count so far."""
    if not condition:
        return True
    if "all" in condition:
        return all(holds(part, answers) for part in condition["all"])
    if "any" in condition:
        return any(holds(part, answers) for part in condition["any"])
    given = answers.get(condition["question"])
    name, value = _test(condition)
    if name == "answered":
        return _empty(given) is not value
    if _empty(given):
        return name == "is_not"
    if name in ("is", "is_not"):
        return _is(given, value) is (name == "is")
    assert isinstance(given, int | float), "sizes are asked of numbers"  # noqa: S101 - `check` has seen to it
    return bool(given >= value if name == "at_least" else given <= value)


def _is(given: Any, value: Any) -> bool:
    if isinstance(given, str | int | float):
        return bool(given == value)
    return value in given


def _test(condition: Condition) -> tuple[str, Any]:
    name = next(name for name in TESTS if name in condition)
    return name, condition[name]


def tests(condition: Condition) -> Iterator[Condition]:
    """Every single test in a condition."""
    if "question" in condition:
        yield condition
    for part in (*condition.get("all", ()), *condition.get("any", ())):
        yield from tests(part)


def check(condition: Any, before: Mapping[str, Asked]) -> None:
    """Raise BadConditionError where a condition is malformed or asks what the questions before cannot answer."""
    _check_form(condition, 0)
    if sum(1 for _each in tests(condition)) > MOST_PARTS:
        raise BadConditionError(f"more than {MOST_PARTS} tests")
    for each in tests(condition):
        question = before.get(each["question"])
        if question is None:
            raise BadConditionError(f"{each['question']} does not stand before")
        _check_test(each, question)


def _check_form(condition: Any, depth: int) -> None:
    if not isinstance(condition, Mapping):
        raise BadConditionError("a condition is an object")
    if not condition and depth == 0:
        return
    if depth > DEEPEST:
        raise BadConditionError(f"deeper than {DEEPEST}")
    keys = set(condition)
    if keys in ({"all"}, {"any"}):
        (parts,) = condition.values()
        if not isinstance(parts, list):
            raise BadConditionError("all and any take a list")
        for part in parts:
            _check_form(part, depth + 1)
    elif len(keys) != 2 or not isinstance(condition.get("question"), str) or not keys <= {"question", *TESTS}:
        raise BadConditionError(f"no test: {sorted(map(str, keys))}")


def _check_test(condition: Condition, question: Asked) -> None:
    name, value = _test(condition)
    if name == "answered":
        sound = isinstance(value, bool)
    elif name in ("at_least", "at_most"):
        sound = question.numeric and _is_number(value)
    elif question.options:
        sound = value in question.options
    else:
        sound = _is_number(value) if question.numeric else isinstance(value, str)
    if not sound:
        raise BadConditionError(f"{question.code} cannot be asked whether it {name} {value!r}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
