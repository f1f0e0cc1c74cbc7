"""Forms with which the plan office sets up bodies and says who sits on them."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from consult.accounts.forms import one_line
from consult.core.forms import (
    OnceForm,
    VersionedForm,
    choices,
    chosen_id,
    in_each_language,
    localized,
    one_for_each_language,
)
from consult.governance import queries, words
from consult.governance.models import BodyKind, BodyMember, GovernanceBody
from consult.processes.models import Process

TEXTS = ("name", "mandate", "meets")
FIRST_YEAR, LAST_YEAR = 1990, 2100


@in_each_language("name", StringField, _l("Name"), required=_l("Give the body a name."), most=120)
@in_each_language("mandate", TextAreaField, _l("What it does"), most=1000,
                  description=_l("What it decides, coordinates or vouches for."))
@in_each_language("meets", StringField, _l("How often it meets"), most=120)
class BodyForm(VersionedForm):
    """A body of a percorso."""

    kind = SelectField(_l("Kind of body"), [InputRequired()], coerce=BodyKind,
                       choices=choices((kind.value, name) for kind, name in words.KINDS.items()))
    axis = SelectField(_l("Theme"), [Optional()], coerce=chosen_id,
                       description=_l("For a table that is about one theme of the percorso."))

    def __init__(self, process: Process, body: GovernanceBody | None = None, **options: Any) -> None:
        data = {} if body is None else {
            **one_for_each_language(**{name: getattr(body, name) for name in TEXTS}),
            "kind": body.kind, "axis": body.axis_id, "version": body.version}
        super().__init__(data=data, **options)
        self.axis.choices = choices([("", _l("None")), *((str(axis.id), axis.title) for axis in process.axes)])

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {**{name: localized(self, name) for name in TEXTS}, "kind": self.kind.data, "axis_id": self.axis.data}


class _MemberFields:
    """As what, and for how long, somebody sits on a body."""

    title = StringField(_l("As what"), [Length(max=160)], filters=[one_line],
                        description=_l("The office they hold or the part they have, as in: mayor, facilitator."))
    since = DateField(_l("Since"), [Optional()])
    until = DateField(_l("Until"), [Optional()], description=_l("From the day after they are no longer shown."))

    def validate_since(self, field: Any) -> None:
        """Refuse days that no calendar of ours has."""
        _possible(field)

    def validate_until(self: Any, field: Any) -> None:
        """Refuse an end before the beginning."""
        _possible(field)
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_l("The end must come after the beginning."))

    @property
    def days(self: Any) -> dict[str, Any]:
        """The title and the days, as the services take them."""
        return {"title": self.title.data or "", "since": self.since.data, "until": self.until.data}


def _possible(field: Any) -> None:
    if field.data and not FIRST_YEAR <= field.data.year <= LAST_YEAR:
        raise ValidationError(_l("This is not a date."))


class MemberForm(_MemberFields, OnceForm):
    """Who sits on a body: one of the staff, an organisation, or a written name."""

    person = SelectField(_l("One of the staff"), [Optional()], coerce=chosen_id)
    organisation = SelectField(_l("An organisation"), [Optional()], coerce=chosen_id)
    name = StringField(_l("Somebody else, by name"), [Length(max=120)], filters=[one_line])

    def __init__(self, process: Process, **options: Any) -> None:
        super().__init__(**options)
        self.person.choices = choices([("", _l("Nobody")), *((str(p.id), p.shown_name)
                                                            for p in queries.staff_of(process))])
        self.organisation.choices = choices([("", _l("None")), *((str(o.id), o.name)
                                                                 for o in queries.organisations())])

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        given = [field for field in (self.person, self.organisation, self.name) if field.data]
        if len(given) != 1:
            self.form_errors.append(
                _l("Choose one of the staff, or an organisation, or write a name: one of the three."))
            return False
        return sound

    @property
    def values(self) -> dict[str, Any]:
        """The columns that were typed."""
        return {"person_id": self.person.data, "organisation_id": self.organisation.data,
                "name": self.name.data or "", **self.days}


class MemberEditForm(_MemberFields, OnceForm):
    """As what, and for how long, somebody sits on a body."""

    @classmethod
    def of(cls, member: BodyMember) -> "MemberEditForm":
        """The form, filled in with what is saved."""
        return cls(data={"title": member.title, "since": member.since, "until": member.until})
