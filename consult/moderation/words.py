"""The rules whose breach is a reason to hide a text, in words for citizens; and what acts are called."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.languages import Localized
from consult.moderation.models import Act, Origin, Reason
from consult.reasons import queries as reasons
from consult.reasons import standard
from consult.reasons.entries import Entry, Family

Said: TypeAlias = LazyString | Localized | str


@dataclass(frozen=True)
class Rule:
    """A rule: its number on the page of the rules, and how it is said where."""

    number: int
    label: Said
    """In short, as in "hidden for: insults or threats"."""
    text: Said
    """As it stands on the page of the rules."""
    finding: Said
    """What the author is told."""
    family: Family = Family.RULES
    default: Act = Act.HIDE
    """The act that is proposed with it."""
    template: Said = ""
    """With what the note to the author begins, where it is not the finding."""
    reference: Said = ""
    """The law or regulation it rests on."""
    used: bool = True


RULES: dict[Reason, Rule] = {
    Reason(one.code): Rule(number, one.label, one.text, one.finding, one.family, Act(one.act))
    for number, one in enumerate(standard.STANDARD, 1)}
"""The rules of the site."""
STANDARD = standard.VERSION


def version_of_rules(process_id: int | None) -> str:
    """The version of the rules that hold in a percorso."""
    number = reasons.latest(process_id)
    return reasons.named(process_id, number) if process_id is not None and number else STANDARD


def rules_of(version: str) -> list[tuple[str, Rule]]:
    """All rules of a version in their order, with those that are no longer given as a reason."""
    entries = reasons.entries(version)
    if not entries:
        return [(str(code), rule) for code, rule in RULES.items()]
    return [(one.code, _rule(number, one)) for number, one in enumerate(entries, 1)]


def numbered(process_id: int | None = None) -> list[tuple[str, Rule]]:
    """The rules that hold in a percorso and can be given as a reason, in their order; else those of the site."""
    return [(code, rule) for code, rule in rules_of(version_of_rules(process_id)) if rule.used]


def lists_of(process_ids: Iterable[int | None], latest: Mapping[int, int] | None = None) -> list[dict[str, Rule]]:
    """The rules that hold and can be given as a reason in each of some percorsi, each list once; two queries.

    `latest` are the numbers of their versions, where they are known.
    """
    ids = {id for id in process_ids if id is not None}
    if latest is None:
        latest = reasons.latest_of(ids) if ids else {}
    versions = {reasons.named(id, latest[id]) if id in latest else STANDARD for id in ids} or {STANDARD}
    reasons.fetched(versions)
    return [{code: rule for code, rule in rules_of(version) if rule.used} for version in sorted(versions)]


def rule(code: str | None, process_id: int | None = None, *, version: str = "") -> Rule | None:
    """The rule of a code as it stood in a version, or as it stands in a percorso; none where it has no words."""
    if not code:
        return None
    found = dict(rules_of(version or version_of_rules(process_id))).get(code)
    return found or (RULES[Reason(code)] if code in set(Reason) else None)


def every_reason() -> list[tuple[str, Rule]]:
    """The rules of the site and those that any percorso has added to them."""
    added = {code: entry for code, entry in reasons.own_codes().items() if code not in set(Reason)}
    return [*((str(code), rule) for code, rule in RULES.items()),
            *((code, _rule(number, entry)) for number, (code, entry) in enumerate(added.items(), len(RULES) + 1))]


def _rule(number: int, entry: Entry) -> Rule:
    return Rule(number, entry.label, entry.text, entry.finding, entry.family, Act(entry.act), entry.template,
                entry.reference, entry.used)


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
    Act.SPLIT: _l("Split into several"),
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
    Act.APPROVE: _l("Made public after reading"),
    Act.KEEP: _l("Left public"),
    Act.HIDE: _l("Hidden"),
    Act.RESTORE: _l("Public again"),
    Act.REVISE: _l("Author asked to change it"),
    Act.REDACT: _l("Passage blacked out"),
    Act.UNCOVER: _l("Passage shown again"),
    Act.MOVE: _l("Moved elsewhere"),
    Act.DUPLICATE: _l("Marked as a double"),
    Act.SPLIT: _l("Split into parts"),
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
    Act.SPLIT: _l("Split. The author is told by e-mail, with the reason."),
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
    Origin.NEW: _l("Public, and nobody has looked at it yet"),
    Origin.ESCALATED: _l("Passed on by a moderator"),
    Origin.APPEALED: _l("A review was asked for"),
    Origin.SAMPLED: _l("Second reading, drawn by lot"),
    Origin.OWN: _l("Seen by a moderator"),
}
"""Why something lies before the moderators."""
