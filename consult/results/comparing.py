"""Phases side by side, from their frozen sheets alone: what was taken in, by which way, from where and in whose name.

Each sheet tells by place and by voice what is its own main thing: proposals, comments, answers or papers. Supports and
figures of people are left out, because the same people stand behind several.
"""

from collections.abc import Callable, Iterable, Sequence

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.charts import Column, Row, Sheet, Table, Value
from consult.core.languages import Localized, everywhere
from consult.processes.words import ACTIVITY_KINDS
from consult.results.words import CHANNELS

PLACES = ("places", "turnout", "municipalities")
"""The tables by municipality of a sheet, the one that tells most simply how much came from there first."""
Counted = dict[str, tuple[Localized, Value]]
"""By a name that is the same in all sheets: a label, and how much; None where it is kept back."""


def tables(told: Sequence[tuple[Localized, Sequence[Sheet]]]) -> list[Table]:
    """The tables of phases, given by their titles with their sheets; those that would be empty are left out."""
    found = [
        _table("kinds", _l("What was taken in"), _l("Activity"), told, _by_kind, _l(
            "Proposals, comments, answered surveys, ballot papers or voices: for each kind of activity what was "
            "counted in its results.")),
        _table("channels", _l("By which way it came in"), _l("Channel"), told, _by_channel, None),
        _table("from", _l("From which municipalities"), _l("Municipality"), told, _by_place, _l(
            "Added up from the results of the activities that tell it. Where one of them keeps a figure back, so does "
            "this table.")),
        _table("voices", _l("Who spoke"), _l("In whose name"), told, _by_voice, _l(
            "Of calls for proposals, discussions and consultations: surveys and ballots do not tell it."))]
    return [table for table in found if table.rows]


def _table(code: str, caption: LazyString, heading: LazyString, told: Sequence[tuple[Localized, Sequence[Sheet]]],
           count: Callable[[Iterable[Sheet]], Counted], note: LazyString | None) -> Table:
    counted = [count(sheets) for _title, sheets in told]
    labels = {name: label for each in counted for name, (label, _value) in each.items()}
    rows = [Row(label=label, values=tuple(each.get(name, (label, 0))[1] for each in counted))
            for name, label in labels.items()]
    return Table(code=code, caption=everywhere(caption), heading=everywhere(heading), rows=tuple(rows),
                 columns=tuple(Column(label=title) for title, _sheets in told), chart=len(told) == 1,
                 note=everywhere(note) if note else Localized())


def _add(counted: Counted, name: str, label: Localized, value: Value) -> None:
    _known, before = counted.get(name, (label, 0))
    both = before + value if isinstance(before, int) and isinstance(value, int) else None
    counted[name] = (label, both)


def _by_kind(sheets: Iterable[Sheet]) -> Counted:
    counted: Counted = {}
    for sheet in sheets:
        _add(counted, sheet.kind, everywhere(ACTIVITY_KINDS.get(sheet.kind, LazyString(str, sheet.kind))),
             sum(sheet.channels.values()))
    return counted


def _by_channel(sheets: Iterable[Sheet]) -> Counted:
    counted: Counted = {}
    for sheet in sheets:
        for channel, number in sheet.channels.items():
            _add(counted, channel, everywhere(CHANNELS.get(channel, LazyString(str, channel))), number)
    return counted


def _by_place(sheets: Iterable[Sheet]) -> Counted:
    counted: Counted = {}
    for sheet in sheets:
        table = next((each for code in PLACES for each in sheet.tables
                      if each.code == code), None)
        if table is None or (sheet.kind == "ballot" and table.code == "municipalities"):
            continue  # of a ballot that table tells the votes of each option
        at = _papers(table) if table.code == "turnout" else 0
        for row in table.rows:
            if not row.total:
                _add(counted, row.label.in_language("it"), row.label, row.values[at])
    return counted


def _papers(table: Table) -> int:
    """The column of papers: before it stands the turnout, where who could vote is known."""
    return next(at for at, column in enumerate(table.columns) if column.unit == "count")


def _by_voice(sheets: Iterable[Sheet]) -> Counted:
    counted: Counted = {}
    for sheet in sheets:
        for table in sheet.tables:
            if table.code == "voices":
                for row in table.rows:
                    _add(counted, row.label.in_language("en"), row.label, row.values[0])
    return counted
