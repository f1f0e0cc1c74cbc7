"""Reporting how far a commitment is: what was said stays, another report follows it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _l

from consult.accounts.models import Organisation, Person
from consult.core import clock, events
from consult.core.db import alone, db
from consult.core.refusing import FieldError
from consult.pact.models import Commitment, Progress, ProgressReport


@dataclass(frozen=True, kw_only=True)
class ProgressReported(events.Event):
    report_id: int
    commitment_id: int


class ReportError(FieldError):
    """A report that cannot be: `field` is the one to put right, `sentence` says how."""


@dataclass(frozen=True, kw_only=True)
class ReportText:
    """What can be said in a report."""

    on: date
    standing: Progress
    text: str
    value: float | None = None
    reached: Collection[int] = ()
    """The ids of milestones that were reached by that day."""
    corrects: ProgressReport | None = None


def report(commitment: Commitment, actor: Person, said: ReportText, *, organisation: Organisation | None = None,
           ) -> ProgressReport:
    """Say how far a commitment is, public at once, for the organisation that answers for it or for the plan office.

    Raises ReportError, and says nothing, for a day to come or for a report that was corrected already.
    """
    if said.on > clock.today():
        raise ReportError("on", _l("Choose a day that has come: a report tells what is, not what will be."))
    alone(f"commitment:{commitment.id}")
    db.session.refresh(commitment, ["reports"])
    if said.corrects is not None and any(one.corrects_id == said.corrects.id for one in commitment.reports):
        raise ReportError("corrects", _l("This report was corrected already: correct the later one."))
    written = ProgressReport(
        commitment=commitment, on=said.on, value=said.value, standing=said.standing, text=said.text,
        corrects=said.corrects, organisation=organisation, written_by_id=actor.id)
    db.session.add(written)
    for milestone in commitment.milestones:
        if milestone.id in said.reached and milestone.reached_on is None:
            milestone.reached_on = said.on
    commitment.pact.updated_at = clock.now()
    db.session.flush()
    db.session.refresh(commitment, ["reports"])
    events.record(ProgressReported(actor_id=actor.id, report_id=written.id, commitment_id=commitment.id))
    return written
