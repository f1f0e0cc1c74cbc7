"""What is said of discussions."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.discussions.models import Openers

OPENERS: dict[Openers, LazyString] = {
    Openers.STAFF: _l("The staff only"),
    Openers.EVERYBODY: _l("Whoever can take part; moderated like everything else"),
}
"""Who opens topics."""
