"""Why something cannot be done."""

from flask_babel import lazy_gettext as _l

NO_OTHER = _l("No other public text of this kind has this code.")
NOT_THERE = _l("It cannot be moved there any more: choose again.")
