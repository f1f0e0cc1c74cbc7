"""Answers that came by another way than the page, judged by the rules by which the page takes them."""

from collections.abc import Collection, Mapping
from typing import Any

import wtforms
from flask_babel import LazyString

from consult.surveys import forms, paths, queries
from consult.surveys.answers import Given
from consult.surveys.fields import AnswerField
from consult.surveys.models import Survey


class AnswerRefusedError(Exception):
    """An answer that the page would not take: the code of its question, and the sentence that says why."""

    def __init__(self, code: str, sentence: LazyString) -> None:
        super().__init__(code)
        self.code, self.sentence = code, sentence


class Judge:
    """Judges one filled-in questionnaire after the other. What has to be answered on the page may be left out."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self.full: Collection[int] = queries.full(survey)
        self.path = paths.path(survey, {})
        fields: dict[str, Any] = {f"q{question.id}": forms.field_of(survey, question)
                                  for question in queries.questions(survey)}
        self._form: wtforms.Form = type("Questions", (wtforms.Form,), fields)()
        self._fields: list[AnswerField] = list(self._form)
        for field in self._fields:
            field.flags.required = False

    def counting(self, given: Mapping[str, Given]) -> Mapping[str, Given]:
        """Those of the answers that count. Raises AnswerRefusedError for the first that is not taken."""
        for field in self._fields:
            if field.question.code in given:
                field.fill(given[field.question.code])
            else:
                field.clear()
        self.path = paths.path(self._survey, {field.question.code: field.data for field in self._fields
                                              if field.data is not None})
        for field in self._fields:
            if not field.validate(self):
                raise AnswerRefusedError(field.question.code, field.errors[0])
        return self.path.answers
