"""Writing the plan and linking things to it."""

from collections.abc import Iterable
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional, Regexp, ValidationError

from consult.core import richtext
from consult.core.fields import DayField, at_most
from consult.core.forms import Form, OnceForm, VersionedForm, choices
from consult.planning.models import PlanState, Relation
from consult.planning.programme import ObjectiveText
from consult.planning.words import PASSES_TO, RELATIONS

LONGEST_SECTION = 40_000
MOST_PARAGRAPHS = 200

CODE = Regexp(r"[\w.\-]+\Z", message=_l("Use letters, digits, full stops and hyphens only, as in A1.2."))


class SectionForm(VersionedForm):
    """A section as the plan office writes it: saving it again with the version it had is one act."""

    title = StringField(_l("Title"), [DataRequired(_l("Give the section a title.")), at_most(240)])
    body = TextAreaField(
        _l("Text"), [DataRequired(_l("Write the text of the section.")), at_most(LONGEST_SECTION)],
        description=_l("In Markdown: an empty line begins a new paragraph, **bold**, *italic*, # a heading, "
                       "- a list, [words](https://address) a link. Each paragraph can be commented on its own."))

    def validate_body(self, field: TextAreaField) -> None:
        if len(richtext.staff_blocks(field.data or "")) > MOST_PARAGRAPHS:
            raise ValidationError(_l("A section holds at most %(number)s paragraphs: make two sections of it.",
                                     number=MOST_PARAGRAPHS))


class NewSectionForm(SectionForm, OnceForm):
    """A section that does not exist yet."""


class ObjectiveForm(VersionedForm):
    code = StringField(_l("Code"), [DataRequired(_l("Give a code, such as A1.2.")), at_most(12), CODE],
                       description=_l("Such as A1.2. No other objective has it."))
    title = StringField(_l("Title"), [DataRequired(_l("Say what is to be reached.")), at_most(240)])
    description = TextAreaField(_l("Description"), [Optional(), at_most(6000)], description=_l("In Markdown."))
    target = StringField(_l("Target"), [Optional(), at_most(300)],
                         description=_l("How one will see that it was reached, and by when."))

    @property
    def text(self) -> ObjectiveText:
        return ObjectiveText(code=self.code.data, title=self.title.data, description=self.description.data or "",
                             target=self.target.data or "")


class NewObjectiveForm(ObjectiveForm, OnceForm):
    """An objective that does not exist yet."""


class StateForm(Form):
    """Taking the plan to another state."""

    state = SelectField(_l("What happens"), [InputRequired(_l("Choose what happens."))])
    edition = StringField(_l("Edition"), [DataRequired(_l("Say which edition this is.")), at_most(20)],
                          description=_l("Such as 0.3 for a draft, 1.0 for the adopted plan."))
    body = StringField(_l("Who decided"), [Optional(), at_most(160)], description=_l(
        "Such as: Council of the Union. Needed once it is adopted."))
    act = StringField(_l("Number of the act"), [Optional(), at_most(80)],
                      description=_l("Such as: resolution no. 12 of 2026."))
    dated = DayField(_l("Day of the act"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """An adoption says who adopted it and when."""
        sound = bool(super().validate(extra_validators))
        if self.state.data == PlanState.ADOPTED.value:
            for field, fault in ((self.body, _l("Say which body decided.")), (self.dated, _l("Choose the day."))):
                if not field.data:
                    field.errors, sound = [fault], False
        return sound

    def __init__(self, passages: Iterable[PlanState], **values: Any) -> None:
        super().__init__(**values)
        self.state.choices = choices((state.value, PASSES_TO[state]) for state in passages)

    @property
    def chosen(self) -> PlanState:
        return PlanState(self.state.data)


class LinkForm(OnceForm):
    """A link from something that was said or found to a part of the plan."""

    source = HiddenField(_l("What is linked"), [InputRequired(_l("Choose what you want to link.")), at_most(12)])
    target = SelectField(_l("Part of the plan"), [InputRequired(_l("Choose the part of the plan."))])
    relation = SelectField(_l("Relation"), [InputRequired(_l("Choose the relation."))],
                           choices=choices((relation.value, words) for relation, words in RELATIONS.items()))
    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Say in a sentence how the one led to the other.")),
         Length(min=10, max=600, message=_l("Write a sentence: at least 10 characters, at most 600."))],
        description=_l("Everyone reads this: whoever made the contribution wants to know what became of it."))

    def __init__(self, parts: Iterable[tuple[str, str]], **values: Any) -> None:
        super().__init__(**values)
        self.target.choices = choices([("", _l("Choose a section or an action")), *parts])

    @property
    def chosen_relation(self) -> Relation:
        return Relation(self.relation.data)
