"""The keys of the table of outcomes; each does what a control of the page does too."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.results.models import Verdict
from consult.results.words import VERDICTS

_LETTERS = {Verdict.ACCEPTED: "s", Verdict.PARTLY: "p", Verdict.NOT_ACCEPTED: "n", Verdict.OUT_OF_SCOPE: "f",
            Verdict.UNDER_REVIEW: "e"}
KEYS: tuple[tuple[str, str, LazyString], ...] = (
    ("next", "j", _l("Next row")),
    ("previous", "k", _l("Previous row")),
    ("mark", "x", _l("Choose the row, or leave it out")),
    ("every", "a", _l("Choose all the rows of the page, or none")),
    *((verdict.value, _LETTERS[verdict], label) for verdict, label in VERDICTS.items()),
    ("reasons", "r", _l("Write the reasons")),
    ("look", "g", _l("Look at what would be recorded")),
    ("search", "c", _l("Search")),
    ("help", "?", _l("Show the keys")),
)
"""What each does, its key unless another was chosen in this browser, and its name."""
