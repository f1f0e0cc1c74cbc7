"""Why papers are not counted, and the rules of desks and boxes as sentences."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.polling.models import Spoiled

SPOILED: Mapping[Spoiled, LazyString] = {
    Spoiled.EMPTY: _l("Nothing is marked"),
    Spoiled.AGAINST_RULES: _l("It says more or other things than the rules allow"),
    Spoiled.UNCLEAR: _l("What is meant cannot be told"),
    Spoiled.MARKED: _l("A name, a signature or a sign makes it recognisable"),
    Spoiled.FOREIGN: _l("It is no paper of this ballot"),
}
AT_THE_DESK = (
    _l("You find out who somebody is as always at the desk, and copy what they say or bring on paper. The rules are "
       "those of the site."),
    _l("Each person has one paper, by whichever way it comes. If this person has voted before, on the site, with a "
       "code or here, the new paper takes the place of the old one: the last one counts. What they voted before you "
       "do not see."),
    _l("Whoever is ticked in the list of a polling place votes there: no other paper of theirs is taken."),
)
AT_THE_BOX = (
    _l("Before somebody gets a paper, tick them in the list: from then on nothing else can be voted in their name, "
       "neither on the site nor at the desk. Whoever has voted before gets no paper; on the site they can take their "
       "vote back first."),
    _l("The tick does not say in which box the paper lies, and the papers have no names: which one is whose is written "
       "nowhere."),
    _l("The papers are keyed, and the box is closed, before the ballot closes: a box that is still open then does not "
       "count."),
)
