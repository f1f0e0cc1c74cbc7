"""What organisations say of themselves, as it lies before the moderators."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased, joinedload

from consult.accounts.models import Organisation, Person
from consult.contributions.models import State
from consult.core import languages
from consult.core.db import db
from consult.core.policy import can
from consult.moderation import matters, reported
from consult.moderation.matters import Matter, Passage, Source
from consult.moderation.models import Act, Origin
from consult.moderation.reported import Reportable
from consult.organisations import describing
from consult.organisations import queries as organisations
from consult.organisations.models import Description, Standing
from consult.organisations.policy import held

KIND = "description"


class Described(Reportable):
    """One text that an organisation gave of itself."""

    source = KIND
    kind = KIND
    process_id = None
    activity = None

    def __init__(self, description: Description, *, superseded: bool) -> None:
        self._it, self._superseded = description, superseded
        self.code = f"D-{description.id:04}"
        self.heading, self.language = description.organisation.name, languages.DEFAULT
        self.author_id, self.author = description.writer_id, description.writer
        self.organisation_id, self.organisation = description.organisation_id, description.organisation

    @property
    def number(self) -> int:
        return self._it.id

    @property
    def thing(self) -> Description:
        return self._it

    @property
    def state(self) -> State:  # type: ignore[override]
        """Where it stands; of one that was hidden nothing is left to decide once a later one is public."""
        return State.WITHDRAWN if self._superseded else State(self._it.standing.value)

    @property
    def version(self) -> int:  # type: ignore[override]
        return self._it.version

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"/organizzazioni/{self._it.organisation.slug}"

    @property
    def pointed_out(self) -> bool:
        return self._it.standing is Standing.PUBLISHED and self._it.looked_at is None

    def told(self) -> Sequence[Person]:
        """Everybody who speaks for the organisation."""
        return [mandate.person for mandate in organisations.mandates_of(self._it.organisation)]

    def concerns(self, person: Any) -> bool:
        return held(person, self._it.organisation_id) is not None

    def correction(self, person: Any) -> str:
        there = can(person, "organisation.describe", self._it.organisation)
        return url_for("organisations.describe", id=self._it.organisation_id) if there else ""

    def passages(self) -> Sequence[Passage]:
        return [Passage("description", self._it.text)]

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        for passage in passages:
            describing.reword(self._it, passage.text, actor=actor)

    def hold(self) -> None:
        db.session.refresh(self._it.organisation, ["version"], with_for_update=True)
        db.session.refresh(self._it, ["standing", "version", "text", "looked_at"], with_for_update=True)

    def pass_to(self, state: State, actor: Person | None) -> None:
        describing.stand(self._it, Standing(state.value), actor=actor)


@matters.source(KIND)
class Descriptions(Source):
    """All that organisations say of themselves."""

    headlines = {Act.HIDE: _l("The description of the organisation was hidden"),  # noqa: RUF012
                 Act.REVISE: _l("You are asked to change the description of the organisation"),
                 Act.REDACT: _l("A passage of the description was blacked out")}
    effects = {Act.HIDE: _l("Nobody reads this description on the site."),  # noqa: RUF012
               Act.REVISE: _l("Nobody reads this description on the site until you have changed it and a moderator has "
                              "read it again.")}
    initiatives = {Origin.HELD: _l("What organisations say of themselves is read before it is published.")}  # noqa: RUF012

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        later = aliased(Description)
        superseded = sa.and_(Description.standing == Standing.HIDDEN, sa.exists().where(
            later.organisation_id == Description.organisation_id, later.id > Description.id,
            later.standing == Standing.PUBLISHED))
        rows = db.session.execute(sa.select(Description, superseded).where(Description.id.in_(list(numbers))).options(
            joinedload(Description.organisation), joinedload(Description.writer)))
        return {one.id: Described(one, superseded=after) for one, after in rows}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        unread = Description.looked_at.is_(None)
        return [(Origin.GRAVE, _reported(harmful=True)),
                (Origin.HELD, _row(Description.created_at).where(Description.standing == Standing.PENDING)),
                (Origin.FLAGGED, _reported(harmful=False)),
                (Origin.NEW, _row(Description.created_at).where(
                    Description.standing == Standing.PUBLISHED, unread,
                    ~reported.standing(sa.literal(f"{KIND}:", sa.String) + sa.cast(Description.id, sa.String))))]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Description of an organisation"), _l("Descriptions of organisations"))}


def _reported(*, harmful: bool) -> sa.Select[Any]:
    flagged = reported.waiting(KIND, harmful=harmful)
    return _row(flagged.c.since).join(flagged, flagged.c.number == Description.id).where(
        Description.standing == Standing.PUBLISHED)


def _row(since: Any) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [
        Description.id.label("number"), sa.literal(KIND).label("kind"), since.label("since"),
        sa.cast(sa.null(), sa.Integer).label("activity_id"), Description.writer_id.label("author_id"),
        Description.organisation_id.label("organisation_id"), sa.literal("online").label("channel")]
    return sa.select(*columns).select_from(Description)


def public_one(organisation: Organisation) -> Description | None:
    """What everybody reads of an organisation."""
    return next(iter(organisations.descriptions(organisation, Standing.PUBLISHED)), None)
