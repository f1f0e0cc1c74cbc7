"""A decision that is looked at again, as it lies before whoever may decide on it."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, Role, RoleGrant
from consult.appeals.models import Appeal
from consult.core.db import db
from consult.moderation import matters
from consult.moderation.matters import Aftermath, Matter, Passage, Source
from consult.moderation.models import Decision, Origin

PLACE = "/moderazione/riesami"
KIND = "appeal"


class Appealed(Aftermath):
    """Somebody's words against a decision, with the text that it was about."""

    source = KIND
    kind = KIND

    settled_at = "answered_at"

    def __init__(self, appeal: Appeal, about: Matter) -> None:
        super().__init__(appeal, about, process_id=appeal.process_id, decider_id=appeal.decider_id)
        self._it = appeal

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"/decisioni/{self._it.decision_id}/riesame"

    def passages(self) -> Sequence[Passage]:
        return [Passage("words", self._it.words), *self.about.passages()]

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        super().rewrite([one for one in passages if one.field != "words"], actor, reason=reason)

    def flagged_by(self, person: Person) -> bool:
        return self._it.person_id == person.id or self.about.flagged_by(person)

    @property
    def before_the_committee(self) -> bool:
        """True where nobody else is a moderator there: the guarantors decide."""
        asked = sa.select(Appeal.id).where(Appeal.id == self._it.id, for_the_committee())
        return db.session.scalar(asked) is not None


def for_the_committee() -> sa.ColumnElement[bool]:
    """Holds for appeals in whose percorso nobody but who decided is a moderator, and there are guarantors."""
    def held(role: Role) -> Any:
        return sa.select(RoleGrant.id).where(
            RoleGrant.role == role, RoleGrant.person_id.not_in([Appeal.decider_id, Appeal.person_id]),
            sa.or_(RoleGrant.process_id.is_(None), RoleGrant.process_id == Appeal.process_id)).exists()

    return sa.and_(~held(Role.MODERATOR), held(Role.GUARANTOR))


@matters.source(KIND)
class Appeals(Source):
    """All reviews that were asked for."""

    desk = PLACE

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        rows = db.session.scalars(sa.select(Appeal).where(Appeal.id.in_(list(numbers))).options(
            joinedload(Appeal.decision), joinedload(Appeal.answer))).all()
        found = matters.find(row.decision.subject for row in rows)
        return {row.id: Appealed(row, found[row.decision.subject]) for row in rows if row.decision.subject in found}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        return [(Origin.APPEALED, waiting().where(~for_the_committee()))]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Review"), _l("Reviews"))}


def waiting() -> sa.Select[Any]:
    """What nobody has answered yet, with the columns that the queue wants."""
    columns: list[sa.ColumnElement[Any]] = [
        Appeal.id.label("number"), sa.literal(KIND).label("kind"), Appeal.asked_at.label("since"),
        Decision.activity_id.label("activity_id"), Appeal.person_id.label("author_id"),
        sa.cast(sa.null(), sa.Integer).label("organisation_id"), sa.literal("online").label("channel"),
        Appeal.decider_id.label("decider_id")]
    return sa.select(*columns).join(Decision, Decision.id == Appeal.decision_id).where(Appeal.answered_at.is_(None))
