"""How far the commitments are: by the latest report of each, its numbers, and the clock."""

import enum
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from consult.core import clock
from consult.pact.models import Commitment, CommitmentState, Progress, ProgressReport

PATIENCE = timedelta(days=365)
"""For how long nobody need report of a commitment that is under way."""
GOING = frozenset({CommitmentState.AGREED, CommitmentState.UNDER_WAY})
COUNTED = GOING | {CommitmentState.KEPT, CommitmentState.NOT_KEPT}
"""Commitments that somebody has taken on: of these it is told how far they are."""


class Overdue(enum.Enum):
    """Why a commitment needs looking at."""

    PAST_DUE = "past_due"
    SILENT = "silent"


@dataclass(frozen=True)
class Line:
    """A commitment with what its reports and the clock say of it."""

    commitment: Commitment
    latest: ProgressReport | None
    """The newest report that no other one corrects."""
    measured: ProgressReport | None
    """The newest of them with a value."""
    overdue: Overdue | None

    @property
    def standing(self) -> Progress | None:
        """How it goes, as whoever reported last says; None where nobody has."""
        return self.latest.standing if self.latest else None

    @property
    def counted(self) -> bool:
        """False for what nobody has taken on yet, and for what was withdrawn."""
        return self.commitment.state in COUNTED

    @property
    def share(self) -> float | None:
        """Which share of the way from the first value to the one to be reached is done; None where it is unknown."""
        start, end = self.commitment.baseline, self.commitment.target
        value = self.measured.value if self.measured else None
        if start is None or end is None or value is None or start == end:
            return None
        return min(1.0, max(0.0, (value - start) / (end - start)))


@dataclass(frozen=True)
class Figures:
    """A pact in numbers, the same for whoever reads: first texts and withdrawn commitments do not count."""

    commitments: int
    taken_on: int
    told: int
    """Of how many that were taken on somebody has reported."""
    kept: int
    overdue: int


def standing_reports(reports: Sequence[ProgressReport]) -> list[ProgressReport]:
    """The reports that no other one corrects, in the order in which they come."""
    corrected = {report.corrects_id for report in reports}
    return [report for report in reports if report.id not in corrected]


def line(commitment: Commitment, today: date | None = None) -> Line:
    """How far a commitment is; its reports must come newest first."""
    valid = standing_reports(commitment.reports)
    latest = valid[0] if valid else None
    measured = next((report for report in valid if report.value is not None), None)
    return Line(commitment, latest, measured, _overdue(commitment, latest, today or clock.today()))


def _overdue(commitment: Commitment, latest: ProgressReport | None, today: date) -> Overdue | None:
    """Whether its day has passed, or nobody has said anything for a year since it began."""
    if commitment.state not in GOING:
        return None
    if commitment.due_on is not None and commitment.due_on < today:
        return Overdue.PAST_DUE
    heard = latest.on if latest else commitment.pact.in_force_since
    if commitment.state is CommitmentState.UNDER_WAY and heard is not None and heard < today - PATIENCE:
        return Overdue.SILENT
    return None


def lines(commitments: Sequence[Commitment]) -> list[Line]:
    """How far each of these is."""
    today = clock.today()
    return [line(commitment, today) for commitment in commitments]


def figures(lines: Sequence[Line]) -> Figures:
    """How many there are, of how many it is known how far they are, how many are kept and overdue."""
    states = Counter(one.commitment.state for one in lines)
    taken_on = [one for one in lines if one.counted]
    return Figures(
        commitments=len(lines) - states[CommitmentState.WITHDRAWN] - states[CommitmentState.DRAFT],
        taken_on=len(taken_on), told=sum(one.latest is not None for one in taken_on), kept=states[CommitmentState.KEPT],
        overdue=sum(one.overdue is not None for one in lines))
