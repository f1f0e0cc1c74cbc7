"""What proposals answer to the own fields of their call: kept in rows, shown in the order of the call."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core import richtext
from consult.core.db import db
from consult.proposals.models import CallField, FieldAnswer, FieldKind, Proposal, ProposalCall

Value = str | Decimal | date | int
"""A text, a number, a day, or the id of an option."""
COLUMNS = {FieldKind.SHORT_TEXT: "text", FieldKind.LONG_TEXT: "text", FieldKind.NUMBER: "number",
           FieldKind.CHOICE: "option_id", FieldKind.DATE: "day"}


@dataclass(frozen=True)
class Shown:
    """One own field with what somebody answers, as it is shown: `html` for a long text, else `value`."""

    field: CallField
    value: Any
    html: str = ""


def of(proposal: Proposal) -> dict[int, Value]:
    """What a proposal answers, by the id of the field."""
    rows = db.session.scalars(sa.select(FieldAnswer).where(FieldAnswer.proposal_id == proposal.id))
    return {answer.field_id: answer.value for answer in rows}


def put(proposal: Proposal, answers: Mapping[int, Value]) -> None:
    """Let a proposal answer this; what is not named is no longer answered, but for fields that are asked no more."""
    there = {answer.field_id: answer for answer in proposal.answers}
    asked = {field.id: field for field in asked_by(proposal.activity)}  # type: ignore[arg-type]
    for field_id, answer in there.items():
        if field_id in asked and field_id not in answers:
            proposal.answers.remove(answer)
    for field_id, value in answers.items():
        field = asked.get(field_id)
        if field is None:
            continue
        answer = there.get(field_id) or FieldAnswer(field_id=field_id)
        setattr(answer, COLUMNS[field.kind], value)
        answer.html = richtext.render(str(value)) if field.kind is FieldKind.LONG_TEXT else ""
        if field_id not in there:
            proposal.answers.append(answer)


def asked_by(call: ProposalCall) -> list[CallField]:
    """The own fields that a call asks at this time."""
    return [field for field in call.fields if not field.retired]


def shown(proposal: Proposal) -> list[Shown]:
    """What a proposal answers, in the order of the call, for its page."""
    return shown_of([proposal]).get(proposal.id, [])


def shown_of(proposals: Sequence[Proposal]) -> dict[int, list[Shown]]:
    """What each of several proposals answers, in the order of their call, in one query: for lists and exports."""
    rows = db.session.scalars(
        sa.select(FieldAnswer).join(CallField, CallField.id == FieldAnswer.field_id)
        .where(FieldAnswer.proposal_id.in_([proposal.id for proposal in proposals]))
        .options(joinedload(FieldAnswer.field), joinedload(FieldAnswer.option))
        .order_by(CallField.position, CallField.id))
    found: dict[int, list[Shown]] = {}
    for row in rows:
        found.setdefault(row.proposal_id, []).append(
            Shown(row.field, row.option.name if row.option else row.value, row.html))
    return found


def would_show(call: ProposalCall, answers: Mapping[int, Value]) -> list[Shown]:
    """The same of answers that are not kept yet, for the preview."""
    return list(_would_show(asked_by(call), answers))


def _would_show(fields: Iterable[CallField], answers: Mapping[int, Value]) -> Iterable[Shown]:
    for field in fields:
        if field.id not in answers:
            continue
        value = answers[field.id]
        if field.kind is FieldKind.CHOICE:
            yield Shown(field, next(option.name for option in field.options if option.id == value))
        else:
            yield Shown(field, value, richtext.render(str(value)) if field.kind is FieldKind.LONG_TEXT else "")


def facts(proposal: Proposal) -> dict[str, Any]:
    """What a proposal says beside its text, as it is kept with an earlier version; nothing where it says nothing."""
    said: list[dict[str, Any]] = [{"key": key, "value": dict(value) if isinstance(value, dict) else str(value)}
                                  for key, value in (
        ("axis", proposal.axis and proposal.axis.title), ("category", proposal.category and proposal.category.name),
        ("cost", proposal.cost), ("organisation", proposal.organisation and proposal.organisation.name))
        if value is not None]
    said += [{"key": f"field-{one.field.id}", "label": dict(one.field.label),
              "value": dict(one.value) if isinstance(one.value, dict) else str(one.value)} for one in shown(proposal)]
    return {"facts": said} if said else {}
