"""What a questionnaire can never show: questions and options whose conditions contradict each other.

A condition is written out as the ways in which it can hold; a way says of each question what its answer must be like.
Where every way asks something impossible of a question, or needs a question that is itself never shown, nobody will
ever see what hangs on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod
from typing import Any

from consult.surveys.logic import MOST_WAYS, TESTS, Asked, Condition

Way = tuple[Condition, ...]
"""Tests that hold together."""


class TooManyWaysError(ValueError):
    """More ways than are looked at."""


@dataclass(frozen=True)
class Unreachable:
    """A question that is never shown or, with `option`, one of its options."""

    question: str
    option: str | None = None


def unreachable(questions: Sequence[Asked]) -> list[Unreachable]:
    """What nobody can ever be shown, in the order of the questionnaire."""
    ways: dict[str, list[Way]] = {}
    known: dict[str, Asked] = {}
    found = []
    for question in questions:
        ways[question.code] = _possible(question.shown_if, known, ways, [()])
        known[question.code] = question
        if not ways[question.code]:
            found.append(Unreachable(question.code))
            continue
        found += [Unreachable(question.code, option) for option, condition in question.options_if.items()
                  if not _possible(condition, known, ways, ways[question.code])]
    return found


def _possible(condition: Condition, known: Mapping[str, Asked], ways: Mapping[str, list[Way]],
              besides: list[Way]) -> list[Way]:
    """The ways in which a condition can hold together with one of others, without those that contradict themselves."""
    try:
        return [together for way in _ways(condition)
                for together in _together([[way], besides, *_needed(way, ways)]) if _consistent(together, known)]
    except TooManyWaysError:
        return [()]


def _needed(way: Way, ways: Mapping[str, list[Way]]) -> Iterator[list[Way]]:
    """For what must have been answered, the ways in which it is shown."""
    return (ways[test["question"]] for test in way if not _holds_unanswered(test))


def _together(parts: list[list[Way]]) -> Iterator[Way]:
    if prod(len(part) for part in parts) > MOST_WAYS:
        raise TooManyWaysError
    return (tuple(test for way in chosen for test in way) for chosen in product(*parts))


def _ways(condition: Condition) -> list[Way]:
    if not condition:
        return [()]
    if "all" in condition:
        return list(_together([_ways(part) for part in condition["all"]]))
    if "any" in condition:
        return [way for part in condition["any"] for way in _ways(part)]
    return [(condition,)]


def _holds_unanswered(test: Condition) -> bool:
    return "is_not" in test or test.get("answered") is False


def _consistent(way: Way, known: Mapping[str, Asked]) -> bool:
    asked: dict[str, list[Condition]] = {}
    for test in way:
        asked.setdefault(test["question"], []).append(test)
    return all(_one_answer_fits(known[code], tests) for code, tests in asked.items())


def _one_answer_fits(question: Asked, tests: list[Condition]) -> bool:
    """Whether some answer to a question, or none at all, meets all of these tests."""
    said: dict[str, list[Any]] = {name: [test[name] for test in tests if name in test] for name in TESTS}
    if all(_holds_unanswered(test) for test in tests) and (not question.required or question.shown_if):
        return True
    return False not in said["answered"] and _some_answer(question, said)


def _some_answer(question: Asked, said: dict[str, list[Any]]) -> bool:
    if False in said["answered"]:
        return False
    wanted, barred = set(said["is"]), set(said["is_not"])
    if wanted & barred:
        return False
    if question.options:
        if question.several:
            return wanted <= set(question.options) and bool(wanted or set(question.options) - barred)
        return len(wanted) < 2 and bool((wanted or set(question.options)) - barred)
    if not question.numeric:
        return len(wanted) < 2
    return _some_number(question, said, wanted, barred)


def _some_number(question: Asked, said: dict[str, list[Any]], wanted: set[Any], barred: set[Any]) -> bool:
    least = max([bound for bound in (question.least, *said["at_least"]) if bound is not None], default=float("-inf"))
    most = min([bound for bound in (question.most, *said["at_most"]) if bound is not None], default=float("inf"))
    if wanted:
        return len(wanted) == 1 and all(least <= value <= most for value in wanted)
    return least < most or (least == most and least not in barred)
