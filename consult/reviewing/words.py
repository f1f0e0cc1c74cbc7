"""What the review of the parts of the plan is called on its pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.reviewing.models import ReviewState

STATES: dict[ReviewState, tuple[LazyString, str]] = {
    ReviewState.WRITING: (_l("Being written"), "neutral"),
    ReviewState.TO_READ: (_l("To be read"), "waiting"),
    ReviewState.AGREED: (_l("Agreed text"), "good"),
}
"""The name of a state, and the kind of its label."""

ACTS: dict[ReviewState, LazyString] = {
    ReviewState.WRITING: _l("Say that it is still being written"),
    ReviewState.TO_READ: _l("Ask for it to be read"),
    ReviewState.AGREED: _l("Say that the text is agreed"),
}
"""What somebody does who gives a part a state."""

KINDS: dict[str, LazyString] = {"s": _l("Section"), "x": _l("Axis"), "o": _l("Objective"), "a": _l("Action")}
"""What a part is, by the letter it is called with in addresses."""
