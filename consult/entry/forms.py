"""Forms for copying sheets of paper."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from consult.core.forms import Form, OnceForm, choices
from consult.entry.words import CHANNELS
from consult.processes.models import Channel
from consult.surveys import forms as surveys
from consult.surveys.filling import QuestionnaireForm
from consult.surveys.models import Survey

MOST_SHEETS = 9_999


class BatchForm(OnceForm):
    channel = RadioField(_l("How the sheets came"), [InputRequired(_l("Say how the sheets came."))],
                         default=Channel.PAPER.value,
                         choices=choices((channel.value, name) for channel, name in CHANNELS.items()))
    note = StringField(_l("Note"), [Length(max=120)],
                       description=_l("By which you recognise the pile: where and when it was collected."))
    twice = BooleanField(_l("Two people key each sheet"), default=True,
                         description=_l("Only what both keyed alike is taken; where they differ, you choose. Without "
                                        "it, what one person keyed is taken at once."))


class NumberForm(Form):
    number = IntegerField(
        _l("Number of the sheet"),
        [InputRequired(_l("Write the number of the sheet.")),
         NumberRange(1, MOST_SHEETS, _l("Write a number from 1 to 9999."))],
        description=_l("If there is none on it yet, write one on the sheet now, and use each number once."))


def sheet_form(survey: Survey) -> QuestionnaireForm:
    """The questionnaire as it is keyed from paper: what was left out there can be left out here."""
    form = surveys.questionnaire(survey, None)
    for field in form.asking():
        field.flags.required = False
    return form


def keyed(form: QuestionnaireForm) -> dict[str, Any]:
    """What was keyed, as it is kept until it is taken."""
    return {"municipality": form.municipality_id(), "answers": form.answers()}
