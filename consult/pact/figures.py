"""The figures of the pact: how the commitments go, the values of one, and all of it as a table for a spreadsheet."""

from collections import Counter
from collections.abc import Iterator, Sequence

from flask_babel import format_date
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.core.charts import Column, Row, Table
from consult.core.languages import Localized, everywhere
from consult.pact.models import Commitment, Progress
from consult.pact.monitoring import Line, standing_reports
from consult.pact.words import COMMITMENT_STATES, OVERDUE, PROGRESS, UNTOLD


def standings(lines: Sequence[Line]) -> Table:
    """How many of the commitments that were taken on go how, by the latest report of each."""
    counted = Counter(line.standing for line in lines if line.counted)
    kinds: tuple[Progress | None, ...] = (*Progress, None)
    return Table(
        code="standings", caption=everywhere(_l("How the commitments go")), heading=everywhere(_l("How it goes")),
        columns=(Column(label=everywhere(_l("Commitments"))),), chart=True,
        rows=tuple(Row(label=everywhere((PROGRESS[kind] if kind else UNTOLD)[0]), values=(counted[kind],))
                   for kind in kinds if kind is None or counted[kind]))


def values(commitment: Commitment) -> Table | None:
    """The value of a commitment at the beginning, as it was reported, and as it is to be; None where nothing is told.

    Reports that another one corrects are left out.
    """
    rows = list(_values(commitment))
    if not rows:
        return None
    label = Localized.of(commitment.unit) if commitment.unit else everywhere(_l("Value"))
    return Table(
        code="values", caption=Localized.of(commitment.measure) if commitment.measure else everywhere(_l("Values")),
        heading=everywhere(_l("When")), columns=(Column(label=label, unit="number"),), rows=tuple(rows), chart=True)


def _values(commitment: Commitment) -> Iterator[Row]:
    if commitment.baseline is not None:
        yield Row(label=everywhere(_l("At the beginning")), values=(commitment.baseline,))
    for report in reversed(standing_reports(commitment.reports)):
        if report.value is not None:
            yield Row(label=Localized.of(format_date(report.on, "long")), values=(report.value,))
    if commitment.target is not None:
        yield Row(label=everywhere(_l("To be reached")), values=(commitment.target,))


def sheet(lines: Sequence[Line]) -> list[list[object]]:
    """The monitoring as rows for a spreadsheet, the heading first."""
    heading: list[object] = [
        _("Code"), _("What is promised"), _("State"), _("Who is responsible"), _("By when"), _("What is measured"),
        _("Unit"), _("Value at the beginning"), _("Latest value"), _("Value to be reached"), _("How it goes"),
        _("Latest report"), _("Overdue"), _("Why it was withdrawn")]
    return [heading, *(_row(line) for line in lines)]


def _row(line: Line) -> list[object]:
    one = line.commitment
    return [one.code, one.title, str(COMMITMENT_STATES[one.state][0]), one.signatory.name if one.signatory else "",
            one.due_on.isoformat() if one.due_on else "", one.measure, one.unit, _number(one.baseline),
            _number(line.measured.value if line.measured else None), _number(one.target),
            str((PROGRESS[line.standing] if line.standing else UNTOLD)[0]) if line.counted else "",
            line.latest.on.isoformat() if line.latest else "", str(OVERDUE[line.overdue]) if line.overdue else "",
            one.withdrawn_reason]


def _number(value: float | None) -> object:
    return "" if value is None else int(value) if value == int(value) else value
