"""Freezing what came out of an activity, and saying what became of a contribution."""

import dataclasses
import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import charts, clock, events
from consult.core.db import StaleVersionError, db, hold, insert
from consult.core.db import table as stored
from consult.core.languages import Localized
from consult.core.refusing import FieldError
from consult.processes.models import Activity
from consult.proposals.models import Proposal
from consult.proposals.policy import REPLACED
from consult.results import queries
from consult.results.models import FrozenError, Outcome, ReplacedSheet, ResultSheet, Verdict
from consult.voting import tables

log = logging.getLogger("consult.results")

SHORTEST_REASONS = 20


class OutcomeError(FieldError):
    """An outcome that cannot be recorded: `field` is what to put right, `sentence` says how."""


@dataclass(frozen=True, kw_only=True)
class ResultsFrozen(events.Event):
    activity_id: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class ResultsReplaced(events.Event):
    """Other results stand in the place of those that were frozen; the earlier ones stay readable."""

    activity_id: int
    before: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class OutcomeProposed(events.Event):
    outcome_id: int
    contribution_id: int
    verdict: str
    batch_id: int | None = None
    """The file with which it came, if it was one of many."""


@dataclass(frozen=True, kw_only=True)
class OutcomeDecided(events.Event):
    outcome_id: int
    contribution_id: int
    verdict: str
    batch_id: int | None = None


def freeze(activity: Activity) -> ResultSheet:
    """Count an activity that is over from its rows and keep the result for good.

    Raises FrozenError where it is not over yet or was frozen before; nothing is changed then. Counters are not
    read but for comparing them: where one has drifted the log says so, and what was counted from the rows stands.
    """
    if not activity.over():
        raise FrozenError(f"activity {activity.id} is not over")
    if queries.sheet_of(activity.id) is not None:
        raise FrozenError(f"the results of activity {activity.id} are frozen")
    content = charts.count(activity).as_json()
    sheet = ResultSheet(activity_id=activity.id, content=content, sha256=fingerprint(content))
    db.session.add(sheet)
    db.session.flush()
    for drifted in queries.drift(activity):
        log.warning("activity %s: %s", activity.id, drifted)
    events.record(ResultsFrozen(actor_id=None, activity_id=activity.id, sha256=sheet.sha256))
    return sheet


def replace(sheet: ResultSheet, why: Localized) -> None:
    """Count anew what was frozen, because some of it counts no more, and let that stand; the earlier stays readable.

    Tables by municipality are left to the earlier one: told twice, they would say where what is struck out came from.
    """
    counted = charts.count(sheet.activity)
    content = dataclasses.replace(
        counted, tables=tuple(each for each in counted.tables if each.code not in tables.BY_PLACE)).as_json()
    before = sheet.sha256
    db.session.add(ReplacedSheet(
        activity_id=sheet.activity_id, edition=len(queries.replaced(sheet.activity_id)) + 1, why=why,
        content=sheet.content, sha256=before, frozen_at=sheet.frozen_at))
    own = stored(ResultSheet)  # past the session, which refuses it
    db.session.execute(sa.update(own).where(own.c.id == sheet.id).values(
        content=content, sha256=fingerprint(content), frozen_at=clock.now()))
    db.session.flush()
    db.session.refresh(sheet)
    events.record(ResultsReplaced(actor_id=None, activity_id=sheet.activity_id, before=before, sha256=sheet.sha256))


def fingerprint(content: str) -> str:
    """The SHA-256 of a canonical text in UTF-8, in hexadecimal: what anybody gets from the file."""
    return hashlib.sha256(content.encode()).hexdigest()


@dataclass(frozen=True)
class Verification:
    """What comes out when frozen results are checked: the fingerprint made anew, and a second count."""

    fingerprint: str
    sound: bool
    recounted: bool
    differing: tuple[Localized, ...]
    """Figures and tables that a count made now would answer otherwise."""


def verify(sheet: ResultSheet | ReplacedSheet) -> Verification:
    """Check frozen results against their fingerprint and against a count made now; nothing is changed.

    A count may differ honestly: what was hidden or withdrawn since is no longer counted. Of results that others have
    replaced only the text that was kept is checked.
    """
    made = fingerprint(sheet.content)
    frozen = charts.Sheet.from_json(sheet.content)
    if isinstance(sheet, ReplacedSheet) or not charts.countable(sheet.activity):
        return Verification(made, made == sheet.sha256, recounted=False, differing=())
    counted = {key: figures for key, _name, figures in _figures(charts.count(sheet.activity))}
    differing = tuple(name for key, name, figures in _figures(frozen) if counted.get(key) != figures)
    return Verification(made, made == sheet.sha256, recounted=True, differing=differing)


def _figures(sheet: charts.Sheet) -> Iterator[tuple[str, Localized, object]]:
    """The figures of a sheet by a key, with their names; without words, which a later version may say otherwise."""
    for at, figure in enumerate(sheet.figures):
        yield f"figure {at}", figure.label, figure.value
    for table in sheet.tables:
        yield f"table {table.code}", table.caption, [
            [value for value in row.values if not isinstance(value, Localized | str)] for row in table.rows]


def propose_outcome(contribution: Contribution, person: Person, *, verdict: Verdict, reasons: str, on: date,
                    seen: int) -> Outcome:
    """Say what is proposed to become of a contribution, with reasons; `seen` is 0 where nothing was said before.

    Raises OutcomeError for reasons of less than a sentence, an impossible day, or where it is decided already, and
    StaleVersionError where somebody was faster; nothing is changed then.
    """
    if isinstance(contribution, Proposal) and contribution.replaced:
        raise OutcomeError("verdict", REPLACED)
    _check(contribution, reasons, on)
    outcome = _begun(contribution, verdict, reasons, on) if seen == 0 else _held(contribution, seen)
    if outcome.decided:
        raise OutcomeError("verdict", _l("It is decided already: only the decision can be changed."))
    outcome.verdict = outcome.proposed = verdict
    outcome.reasons = outcome.proposed_reasons = reasons
    outcome.proposed_by, outcome.proposed_on = person, on
    _keep(outcome, seen)
    events.record(OutcomeProposed(actor_id=person.id, outcome_id=outcome.id, contribution_id=contribution.id,
                                  verdict=verdict.value))
    return outcome


def decide_outcome(outcome: Outcome, person: Person, *, verdict: Verdict, reasons: str, decided_by: str, on: date,
                   seen: int, act: str = "") -> Outcome:
    """Record what the deciding body decided, with its act; what had been proposed stays as it was said, with reasons.

    Raises OutcomeError and StaleVersionError as `propose_outcome`; nothing is changed then.
    """
    _check(outcome.contribution, reasons, on)
    if verdict is Verdict.UNDER_REVIEW:
        raise OutcomeError("verdict", _l("Under review is not a decision: choose what was decided."))
    if not decided_by.strip():
        raise OutcomeError("decided_by", _l("Say which body decided."))
    if on < outcome.proposed_on:
        raise OutcomeError("on", _l("The decision cannot come before the proposal of the outcome."))
    hold(outcome, seen)
    outcome.verdict, outcome.reasons = verdict, reasons
    outcome.decided_by, outcome.act, outcome.decided_on = decided_by.strip(), act.strip(), on
    _keep(outcome, seen)
    events.record(OutcomeDecided(actor_id=person.id, outcome_id=outcome.id, contribution_id=outcome.contribution_id,
                                 verdict=verdict.value))
    return outcome


def _check(contribution: Contribution, reasons: str, on: date) -> None:
    if len(reasons.strip()) < SHORTEST_REASONS:
        raise OutcomeError("reasons", _l("Give the reasons, in a sentence at least: who proposed it has a right to "
                                         "know them."))
    if on > clock.today():
        raise OutcomeError("on", _l("This day is still to come: choose today or a day before."))
    if on < clock.local(contribution.created_at).date():
        raise OutcomeError("on", _l("On this day the proposal had not been made yet: choose a later one."))


def _begun(contribution: Contribution, verdict: Verdict, reasons: str, on: date) -> Outcome:
    """A first outcome. Raises StaleVersionError where there is one by now."""
    row = insert(Outcome).values(contribution_id=contribution.id, verdict=verdict, reasons=reasons, proposed_on=on,
                                 version=0, decided_by="", updated_at=clock.now())
    made = db.session.scalars(
        row.on_conflict_do_nothing(index_elements=["contribution_id"]).returning(Outcome)).first()
    if made is None:
        raise StaleVersionError(0)
    outcome: Outcome = made
    return outcome


def _held(contribution: Contribution, seen: int) -> Outcome:
    outcome = db.session.scalar(sa.select(Outcome).where(Outcome.contribution_id == contribution.id))
    if outcome is None:
        raise StaleVersionError(seen)
    hold(outcome, seen)
    return outcome


def _keep(outcome: Outcome, seen: int) -> None:
    outcome.version, outcome.updated_at = seen + 1, clock.now()
    db.session.flush()
