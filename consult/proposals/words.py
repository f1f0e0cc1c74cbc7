"""What calls ask for and how texts read, in words."""

from flask_babel import lazy_gettext as _l

from consult.core.readability import Ease
from consult.proposals.models import Asking, FieldKind

ASKING = {
    Asking.NOT: _l("Not asked"),
    Asking.OPTIONAL: _l("Asked, not obligatory"),
    Asking.REQUIRED: _l("Obligatory"),
}
FIELD_KINDS = {
    FieldKind.SHORT_TEXT: _l("A short text"),
    FieldKind.LONG_TEXT: _l("A long text"),
    FieldKind.NUMBER: _l("A number"),
    FieldKind.CHOICE: _l("One of several options"),
    FieldKind.DATE: _l("A date"),
}
EASE = {
    Ease.VERY_EASY: _l("Very easy: everybody can read it."),
    Ease.EASY: _l("Easy: whoever finished middle school reads it without effort."),
    Ease.HARD: _l("Rather difficult: it is easy only for whoever finished upper secondary school."),
    Ease.VERY_HARD: _l("Difficult: many of your readers will give up."),
}
