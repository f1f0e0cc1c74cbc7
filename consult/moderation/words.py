"""The rules whose breach is a reason to hide a text, in words for citizens; and what acts are called."""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.moderation.models import Act, Reason


@dataclass(frozen=True)
class Rule:
    """A rule of the site: its number on the page of the rules, and how it is said where."""

    number: int
    label: LazyString
    """In short, as in "hidden for: insults or threats"."""
    text: LazyString
    """As it stands on the page of the rules."""
    finding: LazyString
    """What the author is told."""


RULES: dict[Reason, Rule] = {
    Reason.OFFENCE: Rule(
        1, _l("insults or threats"),
        _l("No insults, threats or contempt for anybody. Harsh criticism of ideas, acts and public bodies is fine."),
        _l("The text insults, threatens or shows contempt for somebody.")),
    Reason.DISCRIMINATION: Rule(
        2, _l("discrimination"),
        _l("Nobody is belittled for their origin, language, religion, opinions, gender, orientation, age, health or "
           "condition."),
        _l("The text belittles people for what they are.")),
    Reason.PERSONAL_DATA: Rule(
        3, _l("personal data of others"),
        _l("No private data of other people: addresses, telephone numbers, health, family matters."),
        _l("The text reveals private data of another person.")),
    Reason.ILLEGAL: Rule(
        4, _l("content that the law forbids"),
        _l("Nothing that the law forbids, such as slander, incitement to violence or hatred, or the works of others "
           "copied without permission."),
        _l("The text contains something that the law forbids.")),
    Reason.SPAM: Rule(
        5, _l("advertising or repetition"),
        _l("No advertising, and not the same text over and over."),
        _l("The text advertises something or repeats what was posted elsewhere.")),
    Reason.OFF_TOPIC: Rule(
        6, _l("another subject"),
        _l("What one writes has to do with the subject of the activity. For anything else write to the offices."),
        _l("The text has nothing to do with the subject of the activity.")),
    Reason.PROPAGANDA: Rule(
        7, _l("electoral propaganda"),
        _l("No propaganda for parties, lists or candidates."),
        _l("The text is propaganda for a party, a list or a candidate.")),
    Reason.DUPLICATE: Rule(
        8, _l("a double"),
        _l("The same proposal is made once: whoever agrees with one that exists supports it or comments on it."),
        _l("The same proposal exists already: you can support it and comment on it.")),
}

ACTS: dict[Act, LazyString] = {
    Act.APPROVE: _l("Publish"),
    Act.KEEP: _l("Leave it public"),
    Act.HIDE: _l("Hide"),
    Act.RESTORE: _l("Make it public again"),
}
"""What a moderator can do."""

DONE: dict[Act, LazyString] = {
    Act.APPROVE: _l("Published"),
    Act.KEEP: _l("Left public"),
    Act.HIDE: _l("Hidden"),
    Act.RESTORE: _l("Public again"),
}
"""What a moderator did."""

TOLD: dict[Act, LazyString] = {
    Act.APPROVE: _l("Published. The author is told by e-mail."),
    Act.KEEP: _l("Left public. The reports are settled."),
    Act.HIDE: _l("Hidden. The author is told by e-mail, with the reason and how to answer."),
    Act.RESTORE: _l("Public again. The author is told by e-mail."),
}
"""What the moderator reads after deciding."""

KINDS: dict[str, LazyString] = {
    "proposal": _l("Proposal"),
    "comment": _l("Comment"),
    "amendment": _l("Amendment"),
    "statement": _l("Statement"),
    "remark": _l("Remark"),
    "topic": _l("Topic"),
}

"""What one contribution is."""

MANY: dict[str, LazyString] = {
    "proposal": _l("Proposals"),
    "comment": _l("Comments"),
    "amendment": _l("Amendments"),
    "statement": _l("Statements"),
    "remark": _l("Remarks"),
    "topic": _l("Topics"),
}
"""What several are."""


def numbered() -> list[tuple[Reason, Rule]]:
    """The rules in their order."""
    return sorted(RULES.items(), key=lambda item: item[1].number)
