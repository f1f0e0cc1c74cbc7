"""The words with which the office edits rules."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.reasons.entries import Family

FAMILIES: dict[Family, LazyString] = {
    Family.RULES: _l("a rule that everybody keeps to"),
    Family.EDITORIAL: _l("the form of what is written"),
}
ACTS: dict[str, LazyString] = {
    "hide": _l("Hide"),
    "revise": _l("Ask the author to change it"),
    "redact": _l("Black out a passage"),
    "move": _l("Move elsewhere"),
    "duplicate": _l("Mark as a double"),
    "split": _l("Split"),
}
"""What can be proposed with a rule."""
