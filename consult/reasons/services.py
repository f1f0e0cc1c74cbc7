"""Changing the rules of a percorso: whatever is saved is a new version, and the earlier ones stay as they were."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import StaleVersionError, db
from consult.processes.models import Process
from consult.reasons import queries
from consult.reasons.entries import Entry
from consult.reasons.models import RuleList


@dataclass(frozen=True, kw_only=True)
class RulesChanged(events.Event):
    """Somebody wrote a new version of the rules; `code` is the rule that differs."""

    process_id: int
    number: int
    code: str


def write(process: Process, entries: Sequence[Entry], code: str, actor: Person, *, seen: int) -> RuleList:
    """Let these rules hold from now on. Raises StaleVersionError where another version has come to hold since."""
    db.session.refresh(process, ["version"], with_for_update=True)  # whoever else writes them waits
    number = queries.latest(process.id)
    if number != seen:
        raise StaleVersionError(seen)
    written = RuleList(process_id=process.id, number=number + 1, rules=[entry.plain() for entry in entries])
    db.session.add(written)
    db.session.flush()
    events.record(RulesChanged(actor_id=actor.id, process_id=process.id, number=written.number, code=code))
    return written
