"""Why something cannot be done."""

from flask_babel import lazy_gettext as _l

NO_OTHER = _l("No other public text of this kind has this code.")
NOT_THERE = _l("It cannot be moved there any more: choose again.")
NOBODY_ELSE = _l("There is nobody else who could decide on it: ask whoever runs the site to name another moderator or "
                 "a guarantee committee.")
