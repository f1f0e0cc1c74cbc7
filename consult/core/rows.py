"""Rows of a form that a button adds: what nobody filled in is no row."""

from typing import Any, ClassVar

from flask_babel import lazy_gettext as _l

from consult.core.forms import Form

MOST_ROWS = 30


class Row(Form):
    """A row of a form, without a token of its own."""

    class Meta(Form.Meta):
        csrf = False

    NAMED: ClassVar[str] = "title"
    """The field without which a row says nothing."""

    @property
    def empty(self) -> bool:
        """Whether nothing was typed into it."""
        return not any(field.data for field in self if field.type not in ("SelectField", "HiddenField"))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if sound and not self.empty and not self[self.NAMED].data:
            self[self.NAMED].errors = [_l("Fill in this field, or empty the whole row.")]
            return False
        return sound

    @property
    def values(self) -> dict[str, Any]:
        """As the columns of what it becomes."""
        return {name: field.data for name, field in self._fields.items()}
