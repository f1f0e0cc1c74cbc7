"""The rules and editorial grounds of the site, in words for citizens: they hold where a percorso has no others."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.languages import everywhere
from consult.reasons.entries import Entry, Family

VERSION = "1"
"""Another number whenever one of these rules changes."""


@dataclass(frozen=True)
class Standard:
    """A rule of the site, in the languages of the interface."""

    code: str
    label: LazyString
    text: LazyString
    finding: LazyString
    family: Family = Family.RULES
    act: str = "hide"

    def entry(self) -> Entry:
        """The same with its words in every language, to be changed."""
        return Entry(code=self.code, label=everywhere(self.label), text=everywhere(self.text),
                     finding=everywhere(self.finding), family=self.family, act=self.act)


STANDARD = (
    Standard(
        "offence", _l("insults or threats"),
        _l("No insults, threats or contempt for anybody. Harsh criticism of ideas, acts and public bodies is fine."),
        _l("The text insults, threatens or shows contempt for somebody.")),
    Standard(
        "discrimination", _l("discrimination"),
        _l("Nobody is belittled for their origin, language, religion, opinions, gender, orientation, age, health or "
           "condition."),
        _l("The text belittles people for what they are.")),
    Standard(
        "personal_data", _l("personal data of others"),
        _l("No private data of other people: addresses, telephone numbers, health, family matters."),
        _l("The text reveals private data of another person.")),
    Standard(
        "illegal", _l("content that the law forbids"),
        _l("Nothing that the law forbids, such as slander, incitement to violence or hatred, or the works of others "
           "copied without permission."),
        _l("The text contains something that the law forbids.")),
    Standard(
        "spam", _l("advertising or repetition"),
        _l("No advertising, and not the same text over and over."),
        _l("The text advertises something or repeats what was posted elsewhere.")),
    Standard(
        "off_topic", _l("another subject"),
        _l("What one writes has to do with the subject of the activity. For anything else write to the offices."),
        _l("The text has nothing to do with the subject of the activity.")),
    Standard(
        "propaganda", _l("electoral propaganda"),
        _l("No propaganda for parties, lists or candidates."),
        _l("The text is propaganda for a party, a list or a candidate.")),
    Standard(
        "duplicate", _l("a double"),
        _l("The same proposal is made once: whoever agrees with one that exists supports it or comments on it."),
        _l("The same proposal exists already: you can support it and comment on it."),
        Family.EDITORIAL, "duplicate"),
    Standard(
        "several", _l("several proposals in one"),
        _l("One proposal at a time: so each can be supported, discussed and answered for itself."),
        _l("The text holds several proposals: each of them deserves its own page."), Family.EDITORIAL, "revise"),
    Standard(
        "unclear", _l("not clear enough"),
        _l("What is asked, and where, can be understood by whoever reads it."),
        _l("It cannot be understood from the text what is asked, or where."), Family.EDITORIAL, "revise"),
    Standard(
        "misplaced", _l("another phase or subject of the plan"),
        _l("One writes where the subject is dealt with: the moderators may move a text, and say so."),
        _l("The text belongs to another phase or to another subject of the plan."), Family.EDITORIAL, "move"),
)
