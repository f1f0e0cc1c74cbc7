"""How far commitments are: by what was reported last, by their numbers, and by the calendar."""

from datetime import timedelta

import pytest

from consult.core import clock
from consult.pact import figures, monitoring
from consult.pact.models import CommitmentState, Progress
from consult.pact.monitoring import Overdue

YEAR = timedelta(days=365)


def overdue(commitment):
    return monitoring.line(commitment).overdue


@pytest.mark.parametrize(("state", "said"), [
    (CommitmentState.AGREED, Overdue.PAST_DUE), (CommitmentState.UNDER_WAY, Overdue.PAST_DUE),
    (CommitmentState.NEGOTIATING, None), (CommitmentState.KEPT, None), (CommitmentState.NOT_KEPT, None),
    (CommitmentState.WITHDRAWN, None)])
def test_what_is_past_its_day_and_neither_kept_nor_judged_is_overdue(make, state, said):
    assert overdue(make.commitment(state, due_on=clock.today() - timedelta(days=1))) is said
    assert overdue(make.commitment(state, due_on=clock.today())) is None


def test_silence_counts_from_the_last_report_or_from_the_day_on_which_the_pact_is_in_force(make):
    silent = make.commitment(CommitmentState.UNDER_WAY)
    assert overdue(silent) is None  # nobody knows since when
    silent.pact.in_force_since = clock.today() - YEAR - timedelta(days=1)
    assert overdue(silent) is Overdue.SILENT
    make.progress(silent, days_ago=366)
    assert overdue(silent) is Overdue.SILENT
    make.progress(silent, days_ago=365)
    assert overdue(silent) is None


def test_the_clock_decides_not_who_saved_last(make):
    going = make.commitment(CommitmentState.UNDER_WAY)
    make.progress(going, days_ago=0)
    assert overdue(going) is None
    clock.shift(YEAR + timedelta(days=2))
    assert overdue(going) is Overdue.SILENT


def test_a_corrected_report_counts_no_more_neither_its_pace_nor_its_value(make):
    going = make.commitment(CommitmentState.UNDER_WAY, baseline=2, target=6)
    wrong = make.progress(going, Progress.DONE, days_ago=3, value=6)
    right = make.progress(going, Progress.LATE, days_ago=3, value=3, corrects=wrong)
    line = monitoring.line(going)
    assert (line.latest, line.measured, line.standing, line.share) == (right, right, Progress.LATE, .25)
    assert [row.values for row in figures.values(going).rows] == [(2,), (3,), (6,)]


@pytest.mark.parametrize(("baseline", "target", "value", "share"), [
    (0, 10, 5, .5), (10, 0, 8, .2), (0, 10, 14, 1), (0, 10, -3, 0), (4, 4, 4, None), (None, 10, 5, None),
    (0, None, 5, None), (0, 10, None, None)])
def test_the_way_that_is_done_is_known_only_where_both_ends_are(make, baseline, target, value, share):
    going = make.commitment(CommitmentState.UNDER_WAY, baseline=baseline, target=target)
    make.progress(going, value=value)
    assert monitoring.line(going).share == share


def test_figures_count_what_somebody_has_taken_on(make):
    made = [make.commitment(state) for state in CommitmentState]
    make.progress(made[3], Progress.AT_RISK)
    make.progress(made[1], Progress.ON_TIME)  # still in negotiation: not counted
    lines = monitoring.lines(made)
    assert monitoring.figures(lines) == monitoring.Figures(commitments=5, taken_on=4, told=1, kept=1, overdue=0)
    assert [row.values for row in figures.standings(lines).rows] == [(1,), (3,)]  # at risk, and no report
