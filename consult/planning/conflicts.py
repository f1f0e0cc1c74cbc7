"""Two who write the same part of the plan: what was typed stays in the form, beside what was saved meanwhile."""

from dataclasses import dataclass
from typing import Any

from flask import request

from consult.core import diff
from consult.core.db import Base
from consult.planning.models import Action, Objective, Section
from consult.territory.models import Municipality

TAKE = "take:"
"""Before the name of the field whose saved text somebody takes over."""


@dataclass(frozen=True)
class Conflict:
    """A field that was saved otherwise meanwhile: struck through what is saved, underlined what was typed."""

    name: str
    label: str
    theirs: str
    html: str
    takeable: bool
    """Rows of a project sheet are only shown."""


def taking() -> bool:
    """Whether a button asks to take over what is saved of a field."""
    return request.form.get("act", "").startswith(TAKE)


def take(part: Section | Objective | Action, form: Any) -> bool:
    """Put what is saved of a field into the form, where a button asks for it; nothing is saved by that."""
    name = request.form.get("act", "").removeprefix(TAKE)
    if not taking() or name not in form or not _takeable(part, name):
        return False
    value = getattr(part, name)
    form[name].raw_data, form[name].data = None, getattr(value, "value", value)
    return True


def conflicts(part: Section | Objective | Action, form: Any) -> list[Conflict]:
    """The fields that are saved otherwise than they were typed; saving again is then meant."""
    form.version.data = str(part.version)
    typed = getattr(form, "sheet", None)
    found = [(field, said(getattr(part, field.name)), said(getattr(typed, field.name, field.data)))
             for field in form if hasattr(type(part), field.name) and field.name != "version"]
    return [Conflict(field.name, field.label.text, theirs, diff.source(theirs, yours), _takeable(part, field.name))
            for field, theirs, yours in found if theirs != yours]


def _takeable(part: Section | Objective | Action, name: str) -> bool:
    return name != "version" and hasattr(type(part), name) and not isinstance(getattr(part, name), list)


def said(value: Any) -> str:
    """What a field holds, as a text; the rows of a project sheet line by line."""
    if isinstance(value, list | tuple):
        return "\n".join(map(said, value))
    if isinstance(value, Municipality):
        return value.name
    if isinstance(value, Base):
        value = {column.key: getattr(value, column.key) for column in value.__table__.columns
                 if column.key not in {"id", "action_id"}}
    if isinstance(value, dict):
        return " · ".join(filter(None, (said(value[name]) for name in sorted(value))))
    if isinstance(value, bool):
        return "✓" if value else ""
    return "" if value is None else str(getattr(value, "value", value))
