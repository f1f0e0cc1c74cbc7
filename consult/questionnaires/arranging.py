"""Acts on the data of a questionnaire: each takes it whole and answers another, and knows nothing of the database."""

import copy
import re
from collections.abc import Collection, Mapping
from typing import Any

from consult.core import richtext
from consult.questionnaires import definition
from consult.questionnaires.definition import Data
from consult.surveys.answers import MATRICES
from consult.surveys.models import QuestionKind


def new_code(text: str, taken: Collection[str], otherwise: str) -> str:
    """A code that says something of a text and is not taken."""
    stem = re.sub(r"[^a-z0-9]+", "_", richtext.slug(text, 30)).strip("_") or otherwise
    stem = stem[:30].rstrip("_")
    return next(code for number in range(1, len(taken) + 3)
                if (code := stem if number == 1 else f"{stem}_{number}") not in taken)


def codes(data: Data) -> set[str]:
    """The codes of all questions."""
    return {one["code"] for one in definition.questions(data)}


def with_question(data: Data, one: Data, section: int) -> Data:
    """With a question at the end of a section, or in the place of the one with its code."""
    made = copy.deepcopy(data)
    for each in made["sections"]:
        for place, old in enumerate(each["questions"]):
            if old["code"] == one["code"]:
                each["questions"][place] = one
                return made
    made["sections"][section]["questions"].append(one)
    return made


def without(data: Data, code: str) -> Data:
    """Without a question."""
    made = copy.deepcopy(data)
    for section in made["sections"]:
        section["questions"] = [one for one in section["questions"] if one["code"] != code]
    return made


def placed(data: Data, code: str, section: int, place: int) -> Data:
    """With a question in a place of a section, both counted from 0; further than the end is the end."""
    one = definition.question(data, code)
    made = without(data, code)
    if one is not None:
        made["sections"][section]["questions"].insert(place, copy.deepcopy(one))
    return made


def moved(data: Data, code: str, by: int) -> Data:
    """With a question one place further up or down; from the end of a section into the next."""
    here = definition.section_of(data, code)
    asked = [one["code"] for one in data["sections"][here]["questions"]]
    place = asked.index(code) + by
    if 0 <= place < len(asked):
        return placed(data, code, here, place)
    if not 0 <= here + by < len(data["sections"]):
        return data
    return placed(data, code, here + by, len(data["sections"][here - 1]["questions"]) if by < 0 else 0)


def doubled(data: Data, code: str) -> Data:
    """With a copy of a question right after it."""
    one = copy.deepcopy(definition.question(data, code) or {})
    one["code"] = new_code(code, codes(data), "q")
    here = definition.section_of(data, code)
    made = copy.deepcopy(data)
    asked = made["sections"][here]["questions"]
    asked.insert([each["code"] for each in asked].index(code) + 1, one)
    return made


def section_placed(data: Data, section: int, place: int) -> Data:
    """With a section in another place."""
    made = copy.deepcopy(data)
    one = made["sections"].pop(section)
    made["sections"].insert(max(0, place), one)
    return made


def section_doubled(data: Data, section: int) -> Data:
    """With a copy of a section right after it; its conditions ask the copies of its questions."""
    made = copy.deepcopy(data)
    one = copy.deepcopy(data["sections"][section])
    taken = codes(data)
    names = {}
    for each in one["questions"]:
        names[each["code"]] = new_code(each["code"], taken, "q")
        taken.add(names[each["code"]])
    for each in one["questions"]:
        each.update(code=names[each["code"]], shown_if=_renamed(each["shown_if"], names))
        for option in each["options"]:
            option["shown_if"] = _renamed(option["shown_if"], names)
    made["sections"].insert(section + 1, one)
    return made


def _renamed(condition: Mapping[str, Any], names: Mapping[str, str]) -> Data:
    found = dict(condition)
    for group in ("all", "any"):
        if group in found:
            found[group] = [_renamed(part, names) for part in found[group]]
    if "question" in found:
        name, dot, part = found["question"].partition(".")
        found["question"] = names.get(name, name) + dot + part
    return found


def section_removed(data: Data, section: int) -> Data:
    """Without a section and all that it asks."""
    made = copy.deepcopy(data)
    del made["sections"][section]
    return made


def carrier(data: Data, target: str) -> Data | None:
    """What can have a condition: `section:1` (from 1), `question:code` or, but not in a table, `option:code:option`."""
    kind, _colon, rest = target.partition(":")
    if kind == "section" and rest.isdecimal() and 0 < int(rest) <= len(data["sections"]):
        section: Data = data["sections"][int(rest) - 1]
        return section
    code, _colon, option = rest.partition(":")
    one = definition.question(data, code)
    if kind == "question":
        return one
    if kind == "option" and one is not None and QuestionKind(one["kind"]) not in MATRICES:
        return next((each for each in one["options"] if each["code"] == option), None)
    return None


def conditioned(data: Data, target: str, condition: Data) -> Data:
    """With another condition of a section, question or option."""
    made = copy.deepcopy(data)
    thing = carrier(made, target)
    if thing is not None:
        thing["shown_if"] = condition
    return made


def parts_of(condition: Mapping[str, Any]) -> tuple[str, list[Data]]:
    """A condition as `all` or `any` and its parts."""
    for name in ("any", "all"):
        if name in condition:
            return name, list(condition[name])
    return "all", [dict(condition)] if condition else []


def condition_of(join: str, parts: list[Data]) -> Data:
    """The condition that these parts make: none where there are none."""
    return {} if not parts else parts[0] if len(parts) == 1 else {join: parts}
