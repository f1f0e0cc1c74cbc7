"""What is said of conversations and their answers."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.opinions.models import Stance, Writers

WRITERS: dict[Writers, LazyString] = {
    Writers.EVERYBODY: _l("Whoever can take part; moderated like everything else"),
    Writers.STAFF: _l("The staff only"),
}
"""Who writes statements."""

STANCES: dict[int, LazyString] = {
    Stance.AGREE: _l("I agree"),
    Stance.DISAGREE: _l("I disagree"),
    Stance.PASS: _l("Pass"),
}
"""The buttons, in the order of the keys 1, 2 and 3."""

STANCE_NAMES: dict[str, Stance] = {"agree": Stance.AGREE, "disagree": Stance.DISAGREE, "pass": Stance.PASS}
"""What the buttons send."""

SAID: dict[int, LazyString] = {
    Stance.AGREE: _l("You agree"),
    Stance.DISAGREE: _l("You disagree"),
    Stance.PASS: _l("You passed"),
}
"""What one said."""

KEPT = (
    _l("Your answers are kept under a code made from your account and a key that lies outside the database. Beside "
       "them stand only your municipality and, for an organisation, its category: no name, no account and no time."),
    _l("As long as the conversation is open the code lets you see and change your answers. When it closes the key is "
       "destroyed: then nobody, not even us, can tell whose answers are whose."),
    _l("The map shows groups of at least five people and never a single person. A new map is shown only when at least "
       "five more people have answered."),
    _l("Statements are different: like every text here, those you write are signed with the name that others see of "
       "you."),
)
"""What is kept of whoever answers."""

BELTS: dict[str, LazyString] = {
    "pianura": _l("plain"),
    "collina": _l("hills"),
    "montagna": _l("mountain"),
}
"""The parts of the territory by height; others are called as they are written."""

TENDENCIES: dict[tuple[int, str], LazyString] = {
    (1, "nearly_all"): _l("nearly all agree"),
    (1, "three_in_four"): _l("at least three in four agree"),
    (1, "clear_majority"): _l("a clear majority agrees"),
    (1, "more_than_half"): _l("more than half agree"),
    (-1, "nearly_all"): _l("nearly all disagree"),
    (-1, "three_in_four"): _l("at least three in four disagree"),
    (-1, "clear_majority"): _l("a clear majority disagrees"),
    (-1, "more_than_half"): _l("more than half disagree"),
    (1, ""): _l("more agree than elsewhere"),
    (-1, ""): _l("more disagree than elsewhere"),
    (0, ""): _l("undecided"),
}
"""Which way many lean, and how many of them."""

WHY_NOT: dict[str, LazyString] = {
    "few": _l("too few people have answered enough statements."),
    "alike": _l("people's answers blend into one another, without a gap between them."),
    "unstable": _l("which groups come out depends too much on who happens to have answered."),
    "small": _l("whoever answers otherwise than the others is too few to be shown as a group."),
}
"""Why a map has no groups."""
