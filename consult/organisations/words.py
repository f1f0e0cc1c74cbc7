"""What the two kinds of mandate are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import MandateKind

KINDS: dict[MandateKind, LazyString] = {
    MandateKind.SPEAKS: _l("Speaks for it"),
    MandateKind.SIGNS: _l("Speaks and signs for it"),
}
"""Whoever signs can also say who else speaks."""
