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
ORDERS = {
    "recenti": (_l("Latest"), _l("In the order in which they arrived, the latest first: nobody chose this order.")),
    "sostenute": (_l("Most supported"), _l("Those that most people support come first. How many support a proposal is "
                                           "one thing among others that is considered.")),
    "discusse": (_l("Most discussed"), _l("Those with most comments come first, whether for or against.")),
    "caso": (_l("At random"), _l("Drawn by lot, so that each has the same chance to be read first. The order stays the "
                                 "same until you leave, and whoever opens this address sees the same one.")),
}
"""What an order of a list is called, and why it is that order."""
STANDINGS = {
    "attuali": _l("As they are"),
    "sostituite": _l("Merged or split"),
    "bozze": _l("My drafts"),
    "attesa": _l("Mine, waiting for a moderator"),
    "nascoste": _l("Mine, hidden by a moderator"),
    "ritirate": _l("Mine, withdrawn"),
}
VIEWS = {"elenco": _l("List"), "tabella": _l("Table"), "mappa": _l("Map")}
