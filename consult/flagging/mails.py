"""What people are told of their reports, in their own language; never a word of what was reported."""

from typing import Any

from consult.accounts.models import Person
from consult.contributions.words import FLAG_REASONS
from consult.core import outbox
from consult.flagging import queries, words
from consult.flagging.measure import AFTERWARDS
from consult.flagging.queries import Report
from consult.moderation import matters
from consult.moderation.models import Decision


def receipt(report: Report, person: Person) -> None:
    """Say what was received, and by when it is decided."""
    _post(person, "flag_received", f"flag-{report.flag.id}", report)


def answer(report: Report, person: Person, decision: Decision) -> None:
    """Say what was decided, and what can be done about it."""
    _post(person, "flag_answered", f"decision-{decision.id}-flag-{report.flag.id}", report, decision=decision,
          outcome=words.outcome(decision), ground=words.ground(decision))


def warning(person: Person) -> None:
    """Say that nearly all was within the rules, and what follows if it goes on."""
    tally = queries.tallies([person])[person.id]
    outbox.post(person.email, "flags_warning", key=f"flags-warning-{person.id}-{person.flags_warned_at}",
                language=person.language, tally=tally, more=AFTERWARDS)


def limit(person: Person) -> None:
    """Say that there is one report a day for a while, why, and how to object."""
    tally = queries.tallies([person])[person.id]
    outbox.post(person.email, "flags_limited", key=f"flags-limited-{person.id}-{person.flags_limited_until}",
                language=person.language, tally=tally, until=person.flags_limited_until)


def _post(person: Person, template: str, key: str, report: Report, **context: Any) -> None:
    matter = report.matter
    if matter is None:
        return
    outbox.post(person.email, template, key=key, language=person.language, report=report, flag=report.flag,
                matter=matter, kind=matters.label(matter.source, matter.kind),
                reason=FLAG_REASONS[report.flag.reason], **context)
