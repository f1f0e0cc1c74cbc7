"""The register in figures: month by month, by act, by reason and by origin, small figures kept back."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask_babel import LazyString, format_date
from flask_babel import lazy_gettext as _l

from consult.core import disclosure, languages
from consult.core.charts import Column, Row, Table, Value
from consult.core.disclosure import MINIMUM
from consult.core.languages import Localized
from consult.moderation.models import Act
from consult.moderation.queue import TARGETS
from consult.moderation.words import DONE
from consult.register.queries import Group
from consult.register.words import ORIGINS, reason_label

STANDING = (Act.APPROVE, Act.KEEP, Act.RESTORE, Act.UNCOVER)
TAKING = (Act.HIDE, Act.REVISE, Act.REDACT)


def tables(groups: Sequence[Group]) -> list[Table]:
    """All that is published of the latest months; nothing where nothing was decided."""
    if not groups:
        return []
    return [_by_month(groups), _by("acts", _l("What was decided"), _l("Decision"), groups, lambda g: DONE[g.act]),
            *_by_reason(groups), *_in_time(groups)]


def _by_month(groups: Sequence[Group]) -> Table:
    months = sorted({group.month for group in groups})
    heaps = [[g for g in groups if g.month == month] for month in months]
    cells = [[_sum(g for g in heap if g.act in STANDING), _sum(g for g in heap if g.act in TAKING),
              _sum(g for g in heap if g.act not in (*STANDING, *TAKING))] for heap in heaps]
    kept = disclosure.protect_with_totals(cells)
    rows = [Row(label=_said(month_name(month)), values=(total, *line))
            for month, total, line in zip(months, kept.row_totals, kept.cells, strict=True)]
    total = Row(label=_said(_l("Total")), values=(_sum(groups), *kept.column_totals), total=True)
    return Table(
        code="moderation-months", caption=_said(_l("Decisions month by month")), heading=_said(_l("Month")),
        columns=tuple(Column(label=_said(label)) for label in (
            _l("Decisions"), _l("left or made public"), _l("hidden, sent back or blacked out"), _l("other"))),
        rows=(*rows, total), chart=True)


def _by(code: str, caption: LazyString, heading: LazyString, groups: Sequence[Group],
        key: Callable[[Group], Any]) -> Table:
    counted: Counter[str] = Counter()
    for group in groups:
        counted[str(key(group))] += group.number
    ordered = counted.most_common()
    cells = disclosure.protect([[number] for _label, number in ordered], row_totals=False)
    rows = [Row(label=_said(label), values=(cell[0],)) for (label, _n), cell in zip(ordered, cells, strict=True)]
    return Table(code=f"moderation-{code}", caption=_said(caption), heading=_said(heading),
                 columns=(Column(label=_said(_l("Decisions"))),), chart=True,
                 rows=(*rows, Row(label=_said(_l("Total")), values=(counted.total(),), total=True)))


def _by_reason(groups: Sequence[Group]) -> list[Table]:
    reasoned = [group for group in groups if group.reason]
    return [_by("reasons", _l("For which reasons"), _l("Reason"), reasoned,
                lambda g: reason_label(g.reason, g.rule_version))] if reasoned else []


def _in_time(groups: Sequence[Group]) -> list[Table]:
    """How much was decided within the time that is promised; a share of few would tell of each."""
    rows = []
    for origin in TARGETS:
        here = [group for group in groups if group.origin is origin]
        number, timely = _sum(here), _sum(g for g in here if g.in_time)
        if number:
            few = number < MINIMUM or 0 < timely < MINIMUM or 0 < number - timely < MINIMUM
            share: Value = None if few else timely / number
            rows.append(Row(label=_said(ORIGINS[origin]), values=(
                share, int(TARGETS[origin].total_seconds()) // 3600)))
    return [Table(
        code="moderation-time", caption=_said(_l("Decided within the time promised")), rows=tuple(rows), chart=True,
        heading=_said(_l("Origin")), columns=(Column(label=_said(_l("Decided in time")), unit="share"),
                                              Column(label=_said(_l("Hours promised")))))] if rows else []


def month_name(month: date) -> str:
    """A month with its year, as the reader's language writes it."""
    return str(format_date(month, "LLLL y"))


def _sum(groups: Any) -> int:
    return sum(group.number for group in groups)


def _said(label: LazyString | str) -> Localized:
    return Localized({languages.current(): str(label)})
