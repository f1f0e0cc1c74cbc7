"""Outcomes of many contributions, from a file or a choice: looked through line by line, then recorded in one act."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString, force_locale
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.contributions.models import State
from consult.core import clock, events
from consult.core.config import LANGUAGES
from consult.core.db import StaleVersionError, db, insert, table
from consult.core.spreadsheet import SheetError
from consult.processes.models import Process
from consult.results import owed
from consult.results.models import BatchKind, Outcome, OutcomeBatch, Verdict
from consult.results.services import SHORTEST_REASONS, OutcomeDecided, OutcomeProposed
from consult.results.words import COLUMNS, VERDICTS

MOST_LINES = 5_000
LONGEST_REASONS = 4_000
_AT_ONCE = 500


@dataclass(frozen=True, kw_only=True)
class OutcomeFileSent(events.Event):
    batch_id: int


@dataclass(frozen=True, kw_only=True)
class OutcomeFileRecorded(events.Event):
    batch_id: int
    outcomes: int


@dataclass(frozen=True, kw_only=True)
class OutcomeFileChanged(events.Event):
    """What stands on its lines was changed while they were looked through."""

    batch_id: int


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A line of the file and what it would do; `refusal` says why it does nothing."""

    number: int
    code: str
    said: str = ""
    """The outcome as it was written."""
    title: str = ""
    language: str = ""
    before: Verdict | None = None
    verdict: Verdict | None = None
    reasons: str = ""
    on: date | None = None
    decided_by: str = ""
    act: str = ""
    contribution_id: int = 0
    outcome_id: int | None = None
    version: int = 0
    refusal: LazyString | None = None

    @property
    def sound(self) -> bool:
        return self.refusal is None


def names(text: LazyString) -> set[str]:
    """A word of the page in each language, as it may stand in a file."""
    found = set()
    for language in LANGUAGES:
        with force_locale(language):
            found.add(alike(str(text)))
    return found


def alike(text: str) -> str:
    """A word without what keyboards and spreadsheet programs do to it: capitals, and straight or curly apostrophes."""
    return text.replace("\u2019", "'").casefold()


def lines_of(rows: Sequence[Sequence[str]]) -> list[dict[str, Any]]:
    """The lines of a file on which something was filled in, by the names of its columns in any of our languages.

    Raises SheetError where it has no column for the code or the outcome.
    """
    head = [alike(cell) for cell in rows[0]] if rows else []
    at = {key: next((n for n, cell in enumerate(head) if cell in names(label)), None)
          for key, label in COLUMNS.items()}
    if at["code"] is None or at["verdict"] is None:
        raise SheetError(_l("The first line must name the columns: at least “%(code)s” and “%(outcome)s”. Begin from "
                            "the file that you can download here.", code=COLUMNS["code"], outcome=COLUMNS["verdict"]))

    def cell(row: Sequence[str], key: str) -> str:
        column = at[key]
        return row[column] if column is not None and column < len(row) else ""

    wanted = ("verdict", "reasons", "on", "decided_by", "act")
    return [{"n": number, "code": cell(row, "code").upper(), "version": cell(row, "version"),
             **{key: cell(row, key) for key in wanted}}
            for number, row in enumerate(rows[1:], 2) if any(cell(row, key) for key in wanted)]


def send(process: Process, person: Person, kind: BatchKind, *, name: str, lines: list[dict[str, Any]]) -> OutcomeBatch:
    """Keep what a file says, to be looked through; nothing is recorded yet."""
    batch = OutcomeBatch(process=process, kind=kind, name=name[:120], lines=lines, sent_by_id=person.id)
    db.session.add(batch)
    db.session.flush()
    events.record(OutcomeFileSent(actor_id=person.id, batch_id=batch.id))
    return batch


def rewrite(batch: OutcomeBatch, person: Person, said: Mapping[int, tuple[str, str] | None]) -> None:
    """Put other outcomes and reasons on lines, by their numbers, and leave those out that are to be left out.

    Raises StaleVersionError where it was recorded meanwhile.
    """
    db.session.refresh(batch, ["recorded_at"], with_for_update=True)
    if batch.done:
        raise StaleVersionError(0)
    lines = []
    for line in batch.lines:
        written = said.get(line["n"], (line["verdict"], line["reasons"]))
        if written is not None:
            lines.append({**line, "verdict": written[0], "reasons": written[1]})
    if lines != batch.lines:
        batch.lines = lines
        db.session.flush()
        events.record(OutcomeFileChanged(actor_id=person.id, batch_id=batch.id))


def check(batch: OutcomeBatch, *, hold: bool = False) -> list[Checked]:
    """What each line of a file would do now, in two questions to the database whatever their number.

    With `hold` the outcomes stay as they are until the transaction ends.
    """
    codes = sorted({line["code"] for line in batch.lines})
    said = owed.found(codes)
    known = _outcomes([row.id for row in said.values()], hold=hold)
    verdicts = {name: verdict for verdict, label in VERDICTS.items() for name in (*names(label), verdict.value)}
    first: dict[str, int] = {}
    checked = []
    for line in batch.lines:
        row = said.get(line["code"])
        outcome = known.get(row.id) if row is not None else None
        one = _read(line, row, outcome, verdicts)
        refusal = one.refusal or _refusal(batch, line, one, row, outcome)
        if refusal is None and line["code"] in first:
            refusal = _l("Line %(number)d is about the same already.", number=first[line["code"]])
        first.setdefault(line["code"], line["n"])
        checked.append(Checked(**{**one.__dict__, "refusal": refusal}))
    return checked


def record(batch: OutcomeBatch, person: Person, *, expected: int) -> int:
    """Record every sound line of a file in one act, and answer how many they were; the others change nothing.

    Raises StaleVersionError, and records nothing, where it was recorded already, or no longer so many lines are sound
    as whoever confirms has seen.
    """
    db.session.refresh(batch, ["recorded_at"], with_for_update=True)
    checked = [] if batch.done else check(batch, hold=True)
    sound = [one for one in checked if one.sound]
    if not sound or len(sound) != expected:
        raise StaleVersionError(expected)
    made = _made([one for one in sound if one.outcome_id is None])
    ids = {one.contribution_id: one.outcome_id or made[one.contribution_id] for one in sound}
    outcomes = {outcome.id: outcome for start in range(0, len(sound), _AT_ONCE) for outcome in db.session.scalars(
        sa.select(Outcome).where(Outcome.id.in_(list(ids.values())[start:start + _AT_ONCE])))}
    for one in sound:
        _write(outcomes[ids[one.contribution_id]], one, batch, person)
    batch.recorded_at, batch.recorded = clock.now(), [one.code for one in sound]
    batch.left_out = [[one.number, one.code, str(one.refusal)] for one in checked if not one.sound]
    db.session.flush()
    event = OutcomeProposed if batch.kind is BatchKind.PROPOSED else OutcomeDecided
    for one in sound:
        if one.verdict is not None:
            events.record(event(actor_id=person.id, outcome_id=ids[one.contribution_id], batch_id=batch.id,
                                contribution_id=one.contribution_id, verdict=one.verdict.value))
    events.record(OutcomeFileRecorded(actor_id=person.id, batch_id=batch.id, outcomes=len(sound)))
    return len(sound)


def _outcomes(ids: Sequence[int], *, hold: bool) -> dict[int, Any]:
    own = table(Outcome)
    wanted = sa.select(own.c.contribution_id, own.c.id, own.c.version, own.c.verdict, own.c.proposed_on,
                       own.c.decided_on, own.c.reasons).where(own.c.contribution_id.in_(ids)).order_by(own.c.id)
    return {row.contribution_id: row for row in db.session.execute(wanted.with_for_update() if hold else wanted)}


def _read(line: Mapping[str, Any], row: Any, outcome: Any, verdicts: Mapping[str, Verdict]) -> Checked:
    """A line as it is meant; what cannot be read is refused."""
    found = {"number": line["n"], "code": line["code"], "said": line["verdict"], "reasons": line["reasons"],
             "act": line["act"], "decided_by": line["decided_by"]}
    if row is None:
        return Checked(**found, refusal=_l("Nothing that is to be answered has this code."))
    found |= {"title": owed.called(row.kind, row.title), "language": row.language, "contribution_id": row.id,
              "before": outcome.verdict if outcome else None,
              "outcome_id": outcome.id if outcome else None, "version": outcome.version if outcome else 0}
    verdict = verdicts.get(alike(line["verdict"]))
    if verdict is None:
        return Checked(**found, refusal=_l("“%(word)s” is no outcome.", word=line["verdict"][:40]) if line["verdict"]
                       else _l("The outcome is missing."))
    on = _day(line["on"])
    if on is None:
        return Checked(**found, verdict=verdict,
                       refusal=_l("“%(word)s” is no day: write it as 31/12/2026.", word=line["on"][:40]))
    return Checked(**found, verdict=verdict, on=on)


def _day(text: str) -> date | None:
    """A day as people and programs write it; today where none is given."""
    if not text:
        return clock.today()
    parts = text.replace(".", "/").replace("-", "/").split("/")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return None
    first, month, last = map(int, parts)
    try:
        return date(first, month, last) if len(parts[0]) == 4 else date(last, month, first)
    except ValueError:
        return None


def _refusal(batch: OutcomeBatch, line: Mapping[str, Any], one: Checked, row: Any, outcome: Any) -> LazyString | None:
    """Why a line that can be read is not recorded; None where it is."""
    tests = (
        (row.process_id != batch.process_id,
         _l("It belongs to another percorso: there you have no right to answer from here.")),
        (row.state is not State.PUBLISHED, _l("It is not public.")),
        (not row.standing, owed.kinds()[row.kind].fallen),
        (outcome is not None and outcome.decided_on is not None,
         _l("It is decided already. A decision is corrected on its own page.")),
        (_stale(line["version"], one.version),
         _l("Somebody gave it an outcome after this file was made: look at it again.")),
        (len(one.reasons) < SHORTEST_REASONS, _l("The reasons are missing, or less than a sentence.")),
        (len(one.reasons) > LONGEST_REASONS, _l("The reasons are too long: at most 4,000 characters.")),
        (one.on is not None and one.on > clock.today(), _l("This day is still to come.")),
        (one.on is not None and one.on < clock.local(row.created_at).date(),
         _l("On this day it had not been made yet.")),
    )
    found = next((sentence for holds, sentence in tests if holds), None)
    return found or (_not_decided(one, outcome) if batch.kind is BatchKind.DECIDED else None)


def _stale(written: str, version: int) -> bool:
    """Whether the file was made from another version; a file without versions was made from none."""
    return written.isdigit() and written != str(version)


def _not_decided(one: Checked, outcome: Any) -> LazyString | None:
    if outcome is None:
        return _l("No outcome was proposed yet: propose one first, then record what was decided.")
    if one.verdict is Verdict.UNDER_REVIEW:
        return _l("Under review is not a decision: choose what was decided.")
    if not one.decided_by:
        return _l("Say which body decided.")
    if len(one.decided_by) > 160 or len(one.act) > 80:
        return _l("The name of the body or the number of the act is too long.")
    if one.on is not None and one.on < outcome.proposed_on:
        return _l("The decision cannot come before the proposal of the outcome.")
    return None


def _made(lines: Sequence[Checked]) -> dict[int, int]:
    """First outcomes, by contribution. Raises StaleVersionError where there is one by now."""
    ids: dict[int, int] = {}
    for start in range(0, len(lines), _AT_ONCE):
        rows = [{"contribution_id": one.contribution_id, "verdict": one.verdict, "reasons": one.reasons,
                 "proposed_on": one.on, "version": 0, "decided_by": "", "act": "", "proposed_reasons": "",
                 "updated_at": clock.now()} for one in lines[start:start + _AT_ONCE]]
        made = insert(Outcome).values(rows).on_conflict_do_nothing(index_elements=["contribution_id"])
        ids.update((row.contribution_id, row.id) for row in db.session.execute(
            made.returning(Outcome.contribution_id, Outcome.id)))
    if len(ids) != len(lines):
        raise StaleVersionError(0)
    return ids


def _write(outcome: Outcome, one: Checked, batch: OutcomeBatch, person: Person) -> None:
    if one.verdict is None or one.on is None:
        return  # a line that was refused
    outcome.verdict, outcome.reasons = one.verdict, one.reasons
    if batch.kind is BatchKind.PROPOSED:
        outcome.proposed, outcome.proposed_reasons = one.verdict, one.reasons
        outcome.proposed_by_id, outcome.proposed_on = person.id, one.on
    else:
        outcome.decided_by, outcome.act, outcome.decided_on = one.decided_by, one.act, one.on
    outcome.version, outcome.updated_at = one.version + 1, clock.now()
