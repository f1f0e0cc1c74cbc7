"""To which population a questionnaire is weighted."""

from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from consult.core.forms import NumberField, VersionedForm, choices, chosen_id
from consult.surveys.answers import ONE
from consult.surveys.queries import questions
from consult.weighting.figures import Category, Known
from consult.weighting.models import Weighting
from consult.weighting.services import Margin, Plan


class PlanForm(VersionedForm):
    """By what is weighted."""

    by_place = BooleanField(_l("By municipality"))
    age = SelectField(_l("Question that tells the age"), coerce=chosen_id)
    gender = SelectField(_l("Question that tells the gender"), coerce=chosen_id)
    random_sample = BooleanField(
        _l("Those who were asked were drawn at random"),
        description=_l("Only then does an interval around a share mean something, and only then is one shown."))

    @classmethod
    def of(cls, survey, weighting: Weighting | None):
        """The form with what is kept."""
        form = cls(version=str(weighting.version if weighting else 0),
                   by_place=weighting.by_place if weighting else True,
                   age=weighting.age_question_id if weighting else None,
                   gender=weighting.gender_question_id if weighting else None,
                   random_sample=weighting.random_sample if weighting else False)
        asked = [(str(question.id), str(question.prompt)) for question in questions(survey) if question.kind in ONE]
        form.age.choices = form.gender.choices = choices([("", _l("None")), *asked])
        return form

    def validate(self, extra_validators=None):
        sound = super().validate(extra_validators)
        if sound and self.age.data is not None and self.age.data == self.gender.data:
            self.gender.errors = [_l("Choose two different questions.")]
            return False
        return sound

    @property
    def plan(self) -> Plan:
        return Plan(by_place=self.by_place.data, age_question_id=self.age.data, gender_question_id=self.gender.data,
                    random_sample=self.random_sample.data)


class MarginsForm(VersionedForm):
    """How many of the population are in each category; its fields are made by `margins_form`."""

    lines: list[tuple[Known, list[tuple[Category, Any, Any]]]]

    def margins(self):
        """What was said of each category."""
        return {(known.trait, category.id): Margin(int(number.data), merged.data)
                for known, lines in self.lines for category, number, merged in lines if number.data is not None}


def margins_form(weighting: Weighting, known: tuple[Known, ...]) -> MarginsForm:
    """A form with a number and a choice of what to merge with for each category."""
    fields: dict[str, Any] = {}
    data: dict[str, Any] = {"version": str(weighting.version)}
    for one in known:
        for category in one.categories:
            name = f"{one.trait.value}_{category.id}"
            fields[f"people_{name}"] = NumberField(
                _l("People in “%(category)s”", category=category.label), decimals=0, most=Decimal(10**8))
            fields[f"merge_{name}"] = SelectField(
                _l("“%(category)s” is counted with", category=category.label), coerce=chosen_id)
            data[f"people_{name}"] = None if category.population is None else Decimal(category.population)
            data[f"merge_{name}"] = category.merged_with_id
    form: MarginsForm = type("MarginsForm", (MarginsForm,), fields)(**data)
    form.lines = []
    for one in known:
        lines = []
        for category in one.categories:
            number, merged = (form[f"{part}_{one.trait.value}_{category.id}"] for part in ("people", "merge"))
            merged.choices = choices([("", _l("None")), *(
                (str(other.id), str(other.label)) for other in one.categories if other.id != category.id)])
            lines.append((category, number, merged))
        form.lines.append((one, lines))
    return form
