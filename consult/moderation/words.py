"""The rules whose breach is a reason to hide a text, in words for citizens; and what acts are called."""

import enum
from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.moderation.models import Act, Origin, Reason


class Family(enum.Enum):
    """What a reason is about: a rule that was broken, or the form of what was written."""

    RULES = "rules"
    EDITORIAL = "editorial"


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
    family: Family = Family.RULES
    default: Act = Act.HIDE
    """The act that is proposed with it."""


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
        _l("The same proposal exists already: you can support it and comment on it."),
        Family.EDITORIAL, Act.DUPLICATE),
    Reason.SEVERAL: Rule(
        9, _l("several proposals in one"),
        _l("One proposal at a time: so each can be supported, discussed and answered for itself."),
        _l("The text holds several proposals: each of them deserves its own page."), Family.EDITORIAL, Act.REVISE),
    Reason.UNCLEAR: Rule(
        10, _l("not clear enough"),
        _l("What is asked, and where, can be understood by whoever reads it."),
        _l("It cannot be understood from the text what is asked, or where."), Family.EDITORIAL, Act.REVISE),
    Reason.MISPLACED: Rule(
        11, _l("another phase or subject of the plan"),
        _l("One writes where the subject is dealt with: the moderators may move a text, and say so."),
        _l("The text belongs to another phase or to another subject of the plan."), Family.EDITORIAL, Act.MOVE),
}
STANDARD = "1"
"""The version of these rules: another number whenever one of them changes."""


def version_of_rules(process_id: int | None) -> str:
    """The version of the rules that hold in a percorso."""
    return STANDARD

ACTS: dict[Act, LazyString] = {
    Act.APPROVE: _l("Publish"),
    Act.KEEP: _l("Leave it public"),
    Act.HIDE: _l("Hide"),
    Act.RESTORE: _l("Make it public again"),
    Act.REVISE: _l("Ask the author to change it"),
    Act.REDACT: _l("Black out a passage"),
    Act.UNCOVER: _l("Show the passage again"),
    Act.MOVE: _l("Move elsewhere"),
    Act.DUPLICATE: _l("Mark as a double"),
    Act.SPLIT: _l("Split"),
    Act.LOCK: _l("Close the discussion"),
    Act.UNLOCK: _l("Reopen the discussion"),
    Act.SNOOZE: _l("Lay aside"),
    Act.ESCALATE: _l("Pass on"),
    Act.WARN: _l("Warn the author"),
    Act.SUSPEND: _l("Suspend the author"),
    Act.LIFT: _l("End the suspension"),
    Act.CONFIRM: _l("Confirm the decision"),
    Act.OVERTURN: _l("Change the decision"),
    Act.AGREE: _l("I would decide the same"),
    Act.DISAGREE: _l("I would decide otherwise"),
    Act.UNDO: _l("Undo the decision"),
}
"""What a moderator can do."""

DONE: dict[Act, LazyString] = {
    Act.APPROVE: _l("Published"),
    Act.KEEP: _l("Left public"),
    Act.HIDE: _l("Hidden"),
    Act.RESTORE: _l("Public again"),
    Act.REVISE: _l("Author asked to change it"),
    Act.REDACT: _l("Passage blacked out"),
    Act.UNCOVER: _l("Passage shown again"),
    Act.MOVE: _l("Moved elsewhere"),
    Act.DUPLICATE: _l("Marked as a double"),
    Act.SPLIT: _l("Split"),
    Act.LOCK: _l("Discussion closed"),
    Act.UNLOCK: _l("Discussion reopened"),
    Act.SNOOZE: _l("Laid aside"),
    Act.ESCALATE: _l("Passed on"),
    Act.WARN: _l("Author warned"),
    Act.SUSPEND: _l("Author suspended"),
    Act.LIFT: _l("Suspension ended"),
    Act.CONFIRM: _l("Confirmed after a review"),
    Act.OVERTURN: _l("Changed after a review"),
    Act.AGREE: _l("Second reader agrees"),
    Act.DISAGREE: _l("Second reader disagrees"),
    Act.UNDO: _l("Taken back"),
}
"""What a moderator did."""

TOLD: dict[Act, LazyString] = {
    Act.APPROVE: _l("Published. The author is told by e-mail."),
    Act.KEEP: _l("Left public. The reports are settled."),
    Act.HIDE: _l("Hidden. The author is told by e-mail, with the reason and how to answer."),
    Act.RESTORE: _l("Public again. The author is told by e-mail."),
    Act.REVISE: _l("The author is asked by e-mail to change the text. Until then nobody else reads it."),
    Act.REDACT: _l("The passage is blacked out. The author is told by e-mail."),
    Act.UNCOVER: _l("The passage can be read again. The author is told by e-mail."),
    Act.MOVE: _l("Moved. The author is told by e-mail."),
    Act.DUPLICATE: _l("Marked as a double. The author is told by e-mail."),
    Act.SPLIT: _l("Split. The author is told by e-mail."),
    Act.LOCK: _l("The discussion is closed: everybody reads why."),
    Act.UNLOCK: _l("The discussion is open again."),
    Act.SNOOZE: _l("Laid aside: it comes back by itself."),
    Act.ESCALATE: _l("Passed on."),
    Act.WARN: _l("The author is warned by e-mail."),
    Act.SUSPEND: _l("The author is suspended and told by e-mail."),
    Act.LIFT: _l("The suspension has ended. The author is told by e-mail."),
    Act.CONFIRM: _l("Confirmed. Whoever asked is told by e-mail."),
    Act.OVERTURN: _l("Changed. Whoever asked is told by e-mail."),
    Act.AGREE: _l("Noted."),
    Act.DISAGREE: _l("Noted."),
    Act.UNDO: _l("Taken back: all is as it was, and nobody was told."),
}
"""What the moderator reads after deciding."""

ORIGINS: dict[Origin, LazyString] = {
    Origin.GRAVE: _l("Public, and reported for what does harm"),
    Origin.HELD: _l("Waits to be published"),
    Origin.SCREENED: _l("Waits: signs were found"),
    Origin.FLAGGED: _l("Public, and reported"),
    Origin.ESCALATED: _l("Passed on by a moderator"),
    Origin.APPEALED: _l("A review was asked for"),
    Origin.SAMPLED: _l("Second reading, drawn by lot"),
    Origin.OWN: _l("Seen by a moderator"),
}
"""Why something lies before the moderators."""


def rule(code: str | None) -> Rule | None:
    """The rule of a code; none for a code that no rule has any more."""
    return RULES.get(Reason(code)) if code in set(Reason) else None


def numbered() -> list[tuple[Reason, Rule]]:
    """The rules in their order."""
    return sorted(RULES.items(), key=lambda item: item[1].number)
