"""What is wished of a passage, and how a remark came to stand where it does, in words."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.remarks.models import Placing, Wish

WISHES: dict[Wish, tuple[LazyString, LazyString]] = {
    Wish.REMARK: (_l("Remark"), _l("I say something about these words")),
    Wish.REPLACE: (_l("Replace"), _l("I would put other words in their place")),
    Wish.INSERT: (_l("Add"), _l("I would add words after them")),
    Wish.DELETE: (_l("Delete"), _l("I would take these words out")),
}
"""The name of it, and what somebody says who chooses it."""

PLACINGS: dict[Placing, LazyString] = {
    Placing.SAME: _l("The paragraph has not changed."),
    Placing.FOUND: _l("The paragraph was changed; the words were found again."),
    Placing.BY_HAND: _l("The plan office found the place."),
    Placing.ORPHAN: _l("These words are no longer in the text: the plan office looks for the place by hand."),
}
