"""Two who write the same thing: what was typed stays in the form, beside what was saved meanwhile."""

from dataclasses import dataclass
from typing import Any

from flask import request

from consult.core import diff
from consult.core.db import Base

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
    """The rows of a list are only shown."""


def taking() -> bool:
    """Whether a button asks to take over what is saved of a field."""
    return request.form.get("act", "").startswith(TAKE)


def take(part: Base, form: Any) -> bool:
    """Put what is saved of a field into the form, where a button asks for it; nothing is saved by that."""
    name = request.form.get("act", "").removeprefix(TAKE)
    if not taking() or name not in form or not _takeable(part, name):
        return False
    value = getattr(part, name)
    form[name].raw_data, form[name].data = None, getattr(value, "value", value)
    return True


def conflicts(part: Any, form: Any) -> list[Conflict]:
    """The fields that are saved otherwise than they were typed; saving again is then meant."""
    form.version.data = str(part.version)
    typed = getattr(form, "sheet", None)
    found = [(field, said(getattr(part, field.name)), said(getattr(typed, field.name, field.data)))
             for field in form if hasattr(type(part), field.name) and field.name != "version"]
    return [Conflict(field.name, field.label.text, theirs, diff.source(theirs, yours), _takeable(part, field.name))
            for field, theirs, yours in found if theirs != yours]


def _takeable(part: Base, name: str) -> bool:
    return name != "version" and hasattr(type(part), name) and not isinstance(getattr(part, name), list)


def said(value: Any) -> str:
    """What a field holds, as a text; the rows of a list line by line."""
    if isinstance(value, list | tuple):
        return "\n".join(map(said, value))
    if isinstance(value, Base):
        value = getattr(value, "name", None) or {
            column.key: getattr(value, column.key) for column in value.__table__.columns
            if not column.primary_key and not any(key.ondelete == "CASCADE" for key in column.foreign_keys)}
    if isinstance(value, dict):
        return " · ".join(filter(None, (said(value[name]) for name in sorted(value))))
    if isinstance(value, bool):
        return "✓" if value else ""
    return "" if value is None else str(getattr(value, "value", value))
