"""A questionnaire as plain data: what is written to files, compared, kept as versions and edited.

    {"format": "consult-questionnaire", "version": 1, "title": {"it": …}, "intro": {…}, "sections": [
        {"title": {…}, "intro": {…}, "shown_if": {…}, "questions": [
            {"code": "bus", "kind": "single_choice", "prompt": {…}, "options": [{"code", "label"}], "rows": […]}]}]}

Texts are kept by language, conditions in the form of `surveys.logic`, days as 2026-12-31. What is left out has the
value of a blank one. `whole` puts that in, `compact` takes it out again.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.core.languages import Localized
from consult.surveys.models import Option, Question, QuestionKind, QuestionRow, Quota, Survey, SurveySection

Data = dict[str, Any]
FORMAT, VERSION = "consult-questionnaire", 1

BLANKS: dict[str, Data] = {
    "questionnaire": {"title": {}, "intro": {}, "sections": []},
    "section": {"title": {}, "intro": {}, "shown_if": {}, "questions": []},
    "question": {
        "code": "", "kind": "", "prompt": {}, "help": {}, "required": False, "prefer_not": False, "shown_if": {},
        "shuffled": False, "minimum": None, "maximum": None, "minimum_label": {}, "maximum_label": {}, "unit": {},
        "earliest": None, "latest": None, "max_length": None, "image": None, "image_alt": {}, "options": [],
        "rows": []},
    "option": {"code": "", "label": {}, "other": False, "alone": False, "shown_if": {}, "quota": None},
    "row": {"code": "", "label": {}},
}
"""Everything that each part can hold, with what it holds where nothing is said."""
INSIDE = {"questionnaire": {"sections": "section"}, "section": {"questions": "question"},
          "question": {"options": "option", "rows": "row"}, "option": {}, "row": {}}
"""Which parts are lists of others."""
LOCALIZED = {"title", "intro", "prompt", "help", "minimum_label", "maximum_label", "unit", "image_alt", "label"}
DAYS = {"earliest", "latest"}


def describe(survey: Survey) -> Data:
    """A questionnaire as data, whole: two equal ones are the same questionnaire."""
    quotas: dict[int, int] = {row[0]: row[1] for row in db.session.execute(
        sa.select(Quota.option_id, Quota.most).join(Option, Option.id == Quota.option_id)
        .join(Question, Question.id == Option.question_id).where(Question.survey_id == survey.id))}
    return {"format": FORMAT, "version": VERSION, "title": dict(survey.title), "intro": dict(survey.intro),
            "sections": [_section(section, quotas) for section in survey.sections]}


def _section(section: SurveySection, quotas: Mapping[int, int]) -> Data:
    return {**_plain("section", section), "questions": [
        {**_plain("question", question),
         "options": [{**_plain("option", option), "quota": quotas.get(option.id)} for option in question.options],
         "rows": [_plain("row", row) for row in question.rows]}
        for question in section.questions]}


def _plain(part: str, thing: Any) -> Data:
    found = {}
    for name in BLANKS[part]:
        if name in INSIDE[part] or name == "quota":
            continue
        value = getattr(thing, name)
        if name in LOCALIZED or name == "shown_if":
            value = dict(value or {})
        elif name in DAYS:
            value = value.isoformat() if value else None
        found[name] = value.value if isinstance(value, QuestionKind) else value
    return found


def whole(data: Mapping[str, Any], part: str = "questionnaire") -> Data:
    """Data with the values of a blank one wherever nothing is said; unknown names are left out."""
    found = {name: copy.deepcopy(blank if name in INSIDE[part] or data.get(name) is None else data[name])
             for name, blank in BLANKS[part].items()}
    for name, inner in INSIDE[part].items():
        found[name] = [whole(one, inner) for one in data.get(name) or ()]
    return {"format": FORMAT, "version": VERSION, **found} if part == "questionnaire" else found


def compact(data: Mapping[str, Any], part: str = "questionnaire") -> Data:
    """Data without what is as in a blank one."""
    found = {name: data[name] for name, blank in BLANKS[part].items() if data.get(name, blank) != blank}
    for name, inner in INSIDE[part].items():
        if name in found:
            found[name] = [compact(one, inner) for one in found[name]]
    return {"format": FORMAT, "version": VERSION, **found} if part == "questionnaire" else found


def blank(part: str, **values: Any) -> Data:
    """A new part that holds nothing but these values."""
    return whole(values, part)


def questions(data: Mapping[str, Any]) -> Iterator[Data]:
    """All questions in their order."""
    for section in data["sections"]:
        yield from section["questions"]


def question(data: Mapping[str, Any], code: str) -> Data | None:
    """The question with this code."""
    return next((one for one in questions(data) if one["code"] == code), None)


def section_of(data: Mapping[str, Any], code: str) -> int:
    """In which section a question stands, counted from 0."""
    return next(place for place, section in enumerate(data["sections"])
                if any(one["code"] == code for one in section["questions"]))


def columns(part: str, data: Mapping[str, Any]) -> Data:
    """What is said in data, as the columns of the model take it; without its lists and its quota."""
    found = {}
    for name in BLANKS[part]:
        if name in INSIDE[part] or name == "quota":
            continue
        value = data[name]
        if name in LOCALIZED:
            value = Localized.of(value)
        elif name in DAYS:
            value = date.fromisoformat(value) if value else None
        found[name] = QuestionKind(value) if name == "kind" else value
    return found


def assembled(data: Mapping[str, Any]) -> Survey:
    """A questionnaire that stands in no database, to be asked what conditions make of it."""
    return Survey(title=Localized.of(data["title"]), sections=[
        SurveySection(position=place, **columns("section", section), questions=[
            Question(position=number, **columns("question", one),
                     options=[Option(position=at, **columns("option", option))
                              for at, option in enumerate(one["options"], 1)],
                     rows=[QuestionRow(position=at, **columns("row", row)) for at, row in enumerate(one["rows"], 1)])
            for number, one in enumerate(section["questions"], 1)])
        for place, section in enumerate(data["sections"], 1)])


def texts(data: Mapping[str, Any]) -> Iterator[tuple[str, Data]]:
    """Every text with the place where it stands, such as `bus.options.o1.label`; the empty ones too."""
    yield from (("title", data["title"]), ("intro", data["intro"]))
    for place, section in enumerate(data["sections"], 1):
        yield from ((f"{place}.{name}", section[name]) for name in ("title", "intro"))
        for one in section["questions"]:
            names = ("prompt", "help", "minimum_label", "maximum_label", "unit", "image_alt")
            yield from ((f"{one['code']}.{name}", one[name]) for name in names)
            for inner in ("options", "rows"):
                yield from ((f"{one['code']}.{inner}.{each['code']}", each["label"]) for each in one[inner])


def untranslated(data: Mapping[str, Any], languages: Sequence[str]) -> dict[str, int]:
    """Of each language, how many texts there are in Italian or another and not in it."""
    said = [text for _place, text in texts(data) if any(text.values())]
    return {code: sum(1 for text in said if not text.get(code)) for code in languages}
