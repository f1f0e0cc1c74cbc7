"""The proposals of a call as rows of a table, with what they answer to its own fields."""

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from consult.contributions.models import Contribution, State
from consult.contributions.queries import by_names
from consult.contributions.words import STATES
from consult.core import clock
from consult.core.db import db
from consult.proposals import answers
from consult.proposals.models import FieldKind, Proposal, ProposalCall

MOST = 20_000


def sent_in(call: ProposalCall) -> list[Sequence[object]]:
    """A heading and a row for each proposal that was sent in, whatever its state: for the plan office."""
    proposals = db.session.scalars(
        sa.select(Proposal).where(Contribution.activity_id == call.id, Contribution.kind == "proposal",
                                  Contribution.state != State.DRAFT)
        .options(*by_names(), joinedload(Proposal.axis), joinedload(Proposal.category))
        .order_by(Contribution.id).limit(MOST)).unique().all()
    return [headings(call), *rows(call, proposals)]


def headings(call: ProposalCall) -> Sequence[object]:
    """What stands above the columns of `rows`."""
    return [_("Code"), _("State"), _("Title"), _("Text"), _("Who proposes"), _("Municipality"), _("Theme"),
            _("Category"), _("Cost"), *(field.label for field in call.fields), _("Supports"), _("Comments"),
            _("Sent on")]


def rows(call: ProposalCall, proposals: Sequence[Proposal]) -> Iterator[Sequence[object]]:
    """A row for each proposal, in two queries however many there are."""
    said = answers.shown_of(proposals)
    for one in proposals:
        own = {shown.field.id: _plain(shown) for shown in said.get(one.id, ())}
        yield [one.code, STATES[one.state][0], one.title, one.body, one.byline,
               one.municipality.name if one.municipality else "", one.axis.title if one.axis else "",
               one.category.name if one.category else "", "" if one.cost is None else float(one.cost),
               *(own.get(field.id, "") for field in call.fields), one.support_count, one.comment_count,
               clock.local(one.submitted_at).strftime("%d/%m/%Y") if one.submitted_at else ""]


def _plain(shown: answers.Shown) -> Any:
    if shown.field.kind is FieldKind.NUMBER:
        return float(shown.value)
    return f"{shown.value:%d/%m/%Y}" if shown.field.kind is FieldKind.DATE else shown.value
