"""What is typed about organisations, their people and their categories."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Email, InputRequired, Length, Optional, ValidationError

from consult.accounts import queries as accounts
from consult.accounts import rules
from consult.accounts.forms import one_line
from consult.accounts.models import MandateKind, Organisation
from consult.core.forms import Form, OnceForm, VersionedForm, choices, chosen_id, in_each_language
from consult.organisations import queries, words
from consult.organisations.services import Entry

LONGEST = 1000


def _description(**options: Any) -> TextAreaField:
    return TextAreaField(
        _l("What it does"), [Length(max=LONGEST, message=_l("Write at most 1,000 characters."))],
        description=_l("A few sentences for those who do not know it: everyone reads them. An empty line begins a new "
                       "paragraph."), render_kw={"maxlength": LONGEST}, **options)


class _EntryFields:
    """What a representative says of an organisation."""

    name = StringField(_l("Name of the organisation"),
                       [InputRequired(_l("Write the name of the organisation.")), Length(max=160)], filters=[one_line],
                       render_kw={"autocomplete": "organization"})
    category = SelectField(_l("Kind of organisation"), [InputRequired(_l("Choose what the organisation is."))],
                           coerce=chosen_id)
    municipality = SelectField(_l("Where its seat is"), [Optional()], coerce=chosen_id)
    description = _description()

    def offer(self: Any) -> None:
        """Offer the categories and the municipalities."""
        self.category.choices = choices([("", _l("Choose")), *((str(c.id), c.name) for c in accounts.categories())])
        self.municipality.choices = choices([("", _l("Elsewhere, or the whole territory")),
                                             *((str(town.id), town.name) for town in accounts.municipalities())])

    def check_name(self: Any, field: Any, but: int | None = None) -> None:
        """Refuse a name that cannot be read or is taken."""
        if fault := rules.unfit_name(field.data or ""):
            raise ValidationError(fault)
        if queries.named(field.data, but=but):
            raise ValidationError(_l("An organisation of this name is here already. If you speak for it, "
                                     "write to the plan office."))

    @property
    def entry(self: Any) -> Entry:
        """What was typed, as the services take it."""
        return Entry(name=self.name.data, category_id=self.category.data, municipality_id=self.municipality.data,
                     description=self.description.data or "")


class OrganisationForm(_EntryFields, OnceForm):
    """An organisation somebody speaks for."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.offer()

    def validate_name(self, field: Any) -> None:
        """Refuse a name that cannot be read or is taken."""
        self.check_name(field)


class CorrectionForm(_EntryFields, VersionedForm):
    """What is changed of an organisation that nobody has verified yet."""

    def __init__(self, organisation: Organisation, **options: Any) -> None:
        super().__init__(data={
            "name": organisation.name, "category": organisation.category_id, "version": organisation.version,
            "municipality": organisation.municipality_id, "description": organisation.description}, **options)
        self._id = organisation.id
        self.offer()

    def validate_name(self, field: Any) -> None:
        """Refuse a name that cannot be read or is taken."""
        self.check_name(field, self._id)


class DescriptionForm(VersionedForm):
    """A new description."""

    description = _description()


class RefusalForm(VersionedForm):
    """Why something is not published."""

    reason = TextAreaField(
        _l("Reason"),
        [DataRequired(_l("Say why: those who speak for the organisation read it.")),
         Length(max=LONGEST, message=_l("Write at most 1,000 characters."))],
        description=_l("Sent by mail to those who speak for the organisation: say what is missing or wrong, and how "
                       "to put it right."))


class ReadingForm(Form):
    """When moderators read what organisations say of themselves."""

    reading = RadioField(_l("When moderators read them"), [InputRequired(_l("Choose when they are read."))],
                         choices=choices([("first", _l("Before they are public")),
                                          ("afterwards", _l("Afterwards: they are public at once"))]))

    @property
    def first(self) -> bool:
        """Whether they are read before they are public."""
        return bool(self.reading.data == "first")


class InvitationForm(OnceForm):
    """Who is to speak for an organisation."""

    email = EmailField(
        _l("E-mail address"),
        [InputRequired(_l("Type the e-mail address of whoever is to speak for the organisation.")), Length(max=254),
         Email(_l("This is not an e-mail address: check its spelling."))],
        description=_l("The link that we send there is good once, within seven days, for whoever has or opens an "
                       "account with this address."),
        render_kw={"autocomplete": "off", "inputmode": "email", "spellcheck": "false", "autocapitalize": "none"})
    kind = RadioField(_l("What they may do"), [InputRequired(_l("Choose what they may do."))],
                      default=MandateKind.SPEAKS.value)

    def __init__(self, kinds: list[MandateKind], **options: Any) -> None:
        super().__init__(**options)
        self.kind.choices = choices((kind.value, words.KINDS[kind]) for kind in kinds)

    @property
    def chosen(self) -> MandateKind:
        """The kind of mandate."""
        return MandateKind(self.kind.data)


@in_each_language("name", StringField, _l("Name of the category"), required=_l("Give the category a name."), most=80)
class CategoryForm(OnceForm):
    """A category of organisations."""
