"""A suspension that another person has to confirm, as it lies before whoever may."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions.models import State
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.matters import Matter, Passage, Source
from consult.moderation.models import Origin
from consult.sanctions.models import Suspension

PLACE = "/moderazione/sospensioni"
KIND = "suspension"


class Proposed(Matter):
    """What one person proposes of the author of a text."""

    source = KIND
    kind = KIND

    def __init__(self, suspension: Suspension, about: Matter) -> None:
        self._it, self.about = suspension, about
        self.code, self.heading, self.language = about.code, about.heading, about.language
        self.author_id, self.author = about.author_id, about.author
        self.organisation_id, self.organisation = about.organisation_id, about.organisation
        self.process_id, self.activity = suspension.process_id, about.activity
        self.contribution_id, self.decider_id = about.contribution_id, suspension.proposer_id
        self.state = State.WITHDRAWN  # so that nothing is offered that is decided of texts

    @property
    def number(self) -> int:
        return self._it.id

    @property
    def thing(self) -> Suspension:
        return self._it

    @property
    def version(self) -> int:  # type: ignore[override]
        return self.about.version

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"{PLACE}/{self._it.id}"

    def passages(self) -> Sequence[Passage]:
        return self.about.passages()

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        self.about.rewrite(passages, actor, reason=reason)

    @property
    def reported(self) -> bool:
        return False

    def hold(self) -> None:
        db.session.refresh(self._it, ["settled_at"], with_for_update=True)
        self.about.hold()

    def settle_flags(self) -> None:
        """Reports are settled by the decision on the text itself."""

    def reopen_flags(self, since: Any) -> None:
        """As they were."""

    def pass_to(self, state: State, actor: Person | None) -> None:
        self.about.pass_to(state, actor)

    def flagged_by(self, person: Person) -> bool:
        return self.about.flagged_by(person)


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
