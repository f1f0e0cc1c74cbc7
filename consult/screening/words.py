"""What signs are called, and how each is said."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.screening.models import Mode, Signal
from consult.screening.signals import LEAST_CAPITALS, MOST_LINKS

SIGNALS: dict[Signal, LazyString] = {
    Signal.PERSONAL: _l("Personal data"),
    Signal.INSULT: _l("Insults"),
    Signal.LINKS: _l("Many links"),
    Signal.DOUBLE: _l("Nearly the same text again"),
    Signal.BURST: _l("Many texts by a new account"),
    Signal.CAPITALS: _l("Capital letters"),
    Signal.CHANGED: _l("Changed after a decision"),
}
MEANINGS: dict[Signal, LazyString] = {
    Signal.PERSONAL: _l("Tax codes, telephone numbers, e-mail addresses, homes, number plates and bank accounts; not "
                        "those of public offices."),
    Signal.INSULT: _l("The words of the two lists below, in all their forms."),
    Signal.LINKS: _l("More than %(most)s links, or one that hides where it leads. Links to public bodies do not count.",
                     most=MOST_LINKS),
    Signal.DOUBLE: _l("A public text of the same activity says nearly the same in nearly the same words."),
    Signal.BURST: _l("More than five texts within an hour by an account that is younger than a week."),
    Signal.CAPITALS: _l("Several words one after another in capitals, at least %(least)s letters.",
                        least=LEAST_CAPITALS),
    Signal.CHANGED: _l("Its author has changed a text on which the moderators had decided."),
}
"""What each sign is, for whoever sets it and whoever reads the rules."""
MODES: dict[Mode, LazyString] = {
    Mode.OFF: _l("Do not look for it"),
    Mode.HINT: _l("Publish, and show it to the moderators"),
    Mode.HOLD: _l("Wait for a moderator before publishing"),
}
SORTS: dict[str, LazyString] = {
    "tax_code": _l("This has the form of a tax code, and its last letter is right."),
    "phone": _l("This has the form of a telephone number, and no public office is named near it."),
    "email": _l("This is an e-mail address, and not one of a public office."),
    "address": _l("This is a street with a number, and near it stands that somebody lives there."),
    "plate": _l("This has the form of a number plate."),
    "iban": _l("This is a bank account, and its check digits are right."),
}
"""What the moderators read of personal data, by sort."""
