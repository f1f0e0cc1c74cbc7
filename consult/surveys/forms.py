"""The form of a questionnaire, made from its questions; a long one is filled in section by section."""

from typing import Any

from werkzeug.datastructures import MultiDict

from consult.accounts.models import Person
from consult.places import queries as places
from consult.processes import queries as processes
from consult.surveys import piping, queries
from consult.surveys.bringing import FileField, PlaceField
from consult.surveys.choosing import (
    ChoiceField,
    DropdownField,
    MatrixField,
    MunicipalityField,
    ResidenceField,
    ScaleField,
)
from consult.surveys.fields import (
    AnswerField,
    DateField,
    EmailField,
    InformationField,
    LongTextField,
    NumberField,
    TextField,
)
from consult.surveys.filling import Block, Part, QuestionnaireForm
from consult.surveys.models import Question, QuestionKind, Survey
from consult.surveys.ordering import PointsField, RankingField

SHORT = 12
"""Up to how many questions stand on one page."""
FIELDS: dict[QuestionKind, type[AnswerField]] = {
    QuestionKind.SHORT_TEXT: TextField, QuestionKind.LONG_TEXT: LongTextField, QuestionKind.EMAIL: EmailField,
    QuestionKind.NUMBER: NumberField, QuestionKind.DATE: DateField, QuestionKind.SINGLE_CHOICE: ChoiceField,
    QuestionKind.MULTIPLE_CHOICE: ChoiceField, QuestionKind.DROPDOWN: DropdownField,
    QuestionKind.YES_NO: ChoiceField, QuestionKind.SCALE: ScaleField, QuestionKind.ZERO_TO_TEN: ScaleField,
    QuestionKind.MATRIX_SINGLE: MatrixField, QuestionKind.MATRIX_MULTIPLE: MatrixField,
    QuestionKind.RANKING: RankingField, QuestionKind.POINTS: PointsField,
    QuestionKind.FILE: FileField,
    QuestionKind.INFORMATION: InformationField}


def questionnaire(survey: Survey, person: Person | None, *, sent: MultiDict[str, str] | None = None,
                  residence: bool = True) -> QuestionnaireForm:
    """The form of a questionnaire for a person or, with None, for a visitor.

    `sent` is what was filled in before, else that of the request; `residence` says whether it may ask where one lives.
    """
    asked = {f"q{question.id}": question for question in queries.questions(survey)}
    fields: dict[str, Any] = {}
    if residence and (person is None or person.residence_id is None):
        fields["municipality"] = ResidenceField(processes.municipalities(survey.phase.process))
    fields.update((name, field_of(survey, question)) for name, question in asked.items())
    blocks = [Block(section, [f"q{question.id}" for question in section.questions]) for section in survey.sections]
    pages = [blocks] if len(asked) <= SHORT and not _pipes(survey) else [[block] for block in blocks]
    pages = pages if any(pages) else [[]]
    if "municipality" in fields:
        pages[0] = [Block(None, ["municipality"]), *pages[0]]
    kind: type[QuestionnaireForm] = type("QuestionnaireForm", (QuestionnaireForm,), {
        **fields, "survey": survey, "questions": asked, "person": person,
        "parts": [Part(number, page) for number, page in enumerate(pages, 1)]})
    return kind(sent)


def field_of(survey: Survey, question: Question) -> Any:
    """The field of a question, to be put into a form."""
    process = survey.phase.process
    match question.kind:
        case QuestionKind.MUNICIPALITY:
            return MunicipalityField(question, municipalities=processes.municipalities(process))
        case QuestionKind.PLACE:
            return PlaceField(question, drawing=places.drawing(process.authority_id))
    return FIELDS[question.kind](question)


def _pipes(survey: Survey) -> bool:
    """True if a section says again what was answered in another: they cannot stand on one page."""
    for section in survey.sections:
        here = {question.code for question in section.questions}
        texts = (text for question in section.questions for text in (question.prompt, question.help))
        if piping.asked_for(texts) - here:
            return True
    return False
