"""A suspension that another person has to confirm, as it lies before whoever may."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.core.db import db
from consult.moderation import matters
from consult.moderation.matters import Aftermath, Matter, Source
from consult.moderation.models import Origin
from consult.sanctions.models import Suspension

PLACE = "/moderazione/sospensioni"
KIND = "suspension"


class Proposed(Aftermath):
    """What one person proposes of the author of a text."""

    source = KIND
    kind = KIND

    settled_at = "settled_at"

    def __init__(self, suspension: Suspension, about: Matter) -> None:
        super().__init__(suspension, about, process_id=suspension.process_id, decider_id=suspension.proposer_id)

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"{PLACE}/{self.number}"


@matters.source(KIND)
class Suspensions(Source):
    """All that waits for a second person."""

    desk = PLACE

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        rows = db.session.scalars(sa.select(Suspension).where(Suspension.id.in_(list(numbers))).options(
            joinedload(Suspension.person), joinedload(Suspension.proposer))).all()
        found = matters.find(row.subject for row in rows)
        return {row.id: Proposed(row, found[row.subject]) for row in rows if row.subject in found}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        return [(Origin.ESCALATED, waiting())]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Suspension to confirm"), _l("Suspensions to confirm"))}


def waiting() -> sa.Select[Any]:
    """What nobody has answered yet, with the columns that the queue wants."""
    columns: list[sa.ColumnElement[Any]] = [
        Suspension.id.label("number"), sa.literal(KIND).label("kind"), Suspension.proposed_at.label("since"),
        Suspension.activity_id.label("activity_id"), Suspension.person_id.label("author_id"),
        sa.cast(sa.null(), sa.Integer).label("organisation_id"), sa.literal("online").label("channel"),
        Suspension.proposer_id.label("decider_id")]
    return sa.select(*columns).where(Suspension.settled_at.is_(None))
