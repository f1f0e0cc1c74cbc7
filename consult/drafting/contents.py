"""What a part of the plan says, as it is kept in its history, shown in it, and written back from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core import diff
from consult.core.diff import Piece
from consult.drafting.models import Part
from consult.planning.models import Action, ActionState, Frequency, Measured, Objective, Section
from consult.planning.programme import ROWS, ObjectiveText, ProjectSheet
from consult.planning.words import ACTION_STATES, FREQUENCIES, MEASURED
from consult.territory.models import Municipality

OfPlan = Section | Objective | Action
Content = Mapping[str, Any]

KINDS: dict[type[Any], Part] = {Section: Part.SECTION, Objective: Part.OBJECTIVE, Action: Part.ACTION}

COLUMNS: dict[str, tuple[str, ...]] = {
    "fundings": ("source", "amount", "granted"), "milestones": ("title", "due_on", "reached_on"),
    "measures": ("kind", "title", "baseline", "target", "frequency", "indicator_id")}
NAMES: dict[str, LazyString] = {
    "code": _l("Code"), "title": _l("Title"), "body": _l("Text"), "description": _l("Description"),
    "target": _l("Target"), "need": _l("Which need it answers"), "lead": _l("Who carries it out"),
    "partners": _l("With whom"), "referent": _l("Who answers for it"), "cost": _l("Cost in euros"),
    "starts_on": _l("Begins on"), "ends_on": _l("Ends on"), "risks": _l("Risks"),
    "dup": _l("Programming document (DUP)"), "pnrr": _l("Recovery plan (PNRR)"),
    "fesr": _l("Regional development fund (FESR)"), "cup": _l("Project code (CUP)"), "state": _l("State"),
    "municipalities": _l("Municipalities concerned"), "fundings": _l("Where the money comes from"),
    "milestones": _l("Milestones"), "measures": _l("Indicators"),
}
_WORDS: dict[str, dict[str, LazyString]] = {
    "state": {one.value: words for one, words in ACTION_STATES.items()},
    "kind": {one.value: words for one, words in MEASURED.items()},
    "frequency": {one.value: words for one, words in FREQUENCIES.items()},
}


@dataclass(frozen=True)
class Change:
    """A field that two texts have differently: leave out what was added and it is the earlier one."""

    label: LazyString
    pieces: Sequence[Piece]
    html: str


def of(part: OfPlan) -> dict[str, Any]:
    """What a part says now, in what JSON can hold."""
    if isinstance(part, Section):
        return {"title": part.title, "body": part.body}
    if isinstance(part, Objective):
        return {field.name: getattr(part, field.name) for field in fields(ObjectiveText)}
    return {field.name: _kept(field.name, getattr(part, field.name)) for field in fields(ProjectSheet)}


def _kept(name: str, value: Any) -> Any:
    if name == "municipalities":
        return sorted(town.id for town in value)
    if name in COLUMNS:
        return [{column: _kept(column, getattr(row, column)) for column in COLUMNS[name]} for row in value]
    return value.isoformat() if isinstance(value, date) else getattr(value, "value", value)


def objective_text(content: Content) -> ObjectiveText:
    """What is to be written of an objective so that it says this."""
    return ObjectiveText(**{field.name: content[field.name] for field in fields(ObjectiveText)})


def project_sheet(content: Content, towns: Mapping[int, Municipality], indicators: set[int]) -> ProjectSheet:
    """What is to be written of an action so that it says this; what is gone by now stays away."""
    written = {field.name: _written(field.name, content[field.name]) for field in fields(ProjectSheet)
               if field.name != "municipalities"}
    for row in written["measures"]:
        row["indicator_id"] = row["indicator_id"] if row["indicator_id"] in indicators else None
    return ProjectSheet(**written, municipalities=[towns[id] for id in content["municipalities"] if id in towns])


def _written(name: str, value: Any) -> Any:
    if name in ROWS:
        return [{column: _written(column, cell) for column, cell in row.items()} for row in value]
    known: dict[str, type[Any]] = {"state": ActionState, "kind": Measured, "frequency": Frequency}
    if name in known:
        return known[name](value)
    return date.fromisoformat(value) if name.endswith("_on") and value else value


def texts(content: Content, towns: Mapping[int, str]) -> dict[str, str]:
    """Each field as a text, in the order in which it is read."""
    return {name: _text(name, content[name], towns) for name in NAMES if name in content}


def _text(name: str, value: Any, towns: Mapping[int, str]) -> str:
    if name == "municipalities":
        return ", ".join(towns.get(id, "–") for id in value)
    if name in COLUMNS:
        return "\n".join(" · ".join(filter(None, (_text(column, row[column], towns) for column in COLUMNS[name]
                                                  if column != "indicator_id"))) for row in value)
    if isinstance(value, bool):
        return "✓" if value else ""
    return "" if value is None else str(_WORDS.get(name, {}).get(value, value))


def changes(before: Content, after: Content, towns: Mapping[int, str]) -> list[Change]:
    """The fields in which the later differs from the earlier, word by word."""
    earlier, later = texts(before, towns), texts(after, towns)
    return [Change(NAMES[name], diff.pieces(earlier.get(name, ""), text), diff.source(earlier.get(name, ""), text))
            for name, text in later.items() if text != earlier.get(name, "")]
