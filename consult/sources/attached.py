"""Pictures and documents of contributions, each as it lies before the moderators by itself."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.attachments import services
from consult.attachments.models import Attachment
from consult.attachments.policy import open_to_all
from consult.contributions import correcting
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.moderation import matters, reported
from consult.moderation.matters import Matter, Passage, Source, snapshot_of
from consult.moderation.models import Act, Origin
from consult.moderation.reported import Reportable

KIND = "attachment"


class Attached(Reportable):
    """A file that goes with a contribution, which stays where it is."""

    source = KIND
    kind = KIND

    def __init__(self, attachment: Attachment, contribution: Contribution) -> None:
        self._it, self._of = attachment, contribution
        self.code = f"{contribution.code}/{attachment.id}"
        self.heading, self.language = attachment.name, contribution.language
        self.author_id, self.author = attachment.owner_id, attachment.owner
        self.organisation_id, self.organisation = contribution.organisation_id, contribution.organisation
        self.process_id, self.activity = contribution.process_id, contribution.activity

    @property
    def number(self) -> int:
        return self._it.id

    @property
    def thing(self) -> Attachment:
        return self._it

    @property
    def state(self) -> State:  # type: ignore[override]
        return self._it.moderated

    @property
    def version(self) -> int:  # type: ignore[override]
        return self._it.version

    @property
    def address(self) -> str:  # type: ignore[override]
        return contributions.address(self._of)

    @property
    def readable(self) -> bool:
        return open_to_all(self._it)

    def concerns(self, person: Any) -> bool:
        return bool(person.is_authenticated) and (self.author_id == person.id or self._of.written_by(person))

    def correction(self, person: Any) -> str:
        return correcting.way(self._of, person)

    def passages(self) -> Sequence[Passage]:
        return [Passage("name", self._it.name), Passage("description", self._it.description)]

    def snapshot(self) -> str:
        return snapshot_of([*self.passages(), Passage("file", self._it.token)])

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        said = {passage.field: passage.text for passage in passages}
        services.say(self._it, said.get("name", self._it.name), said.get("description", self._it.description),
                     actor=actor)

    def hold(self) -> None:
        db.session.refresh(self._it, ["moderated", "version", "name", "description"], with_for_update=True)

    def pass_to(self, state: State, actor: Person | None) -> None:
        services.stand(self._it, state, actor=actor)


@matters.source(KIND)
class Attachments(Source):
    """All files of what is no draft."""

    headlines = {Act.HIDE: _l("A file you attached was hidden"),  # noqa: RUF012
                 Act.REVISE: _l("You are asked to change a file you attached"),
                 Act.REDACT: _l("The name or the description of a file you attached was blacked out")}
    effects = {Act.HIDE: _l("Nobody else can open the file on the site any more. Your text stays as it is."),  # noqa: RUF012
               Act.REVISE: _l("Nobody else can open the file on the site until you have changed what you say of it, or "
                              "attached another one, and a moderator has looked at it. Your text stays as it is."),
               Act.REDACT: _l("Everybody can open the file and read the rest.")}
    initiatives = {Origin.HELD: _l("In this activity everything is looked at before it is published.")}  # noqa: RUF012

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        rows = db.session.scalars(sa.select(Attachment).where(
            Attachment.id.in_(list(numbers)), Attachment.contribution_id.is_not(None)).options(
            joinedload(Attachment.owner))).all()
        about = {one.id: one for one in contributions.with_text({row.contribution_id for row in rows
                                                                 if row.contribution_id is not None})}
        return {row.id: Attached(row, about[row.contribution_id]) for row in rows if row.contribution_id in about}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        return [(Origin.GRAVE, _reported(harmful=True)),
                (Origin.HELD, _row(Attachment.created_at).where(Attachment.moderated == State.PENDING)),
                (Origin.FLAGGED, _reported(harmful=False))]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Attachment"), _l("Attachments"))}


def _reported(*, harmful: bool) -> sa.Select[Any]:
    flagged = reported.waiting(KIND, harmful=harmful)
    return _row(flagged.c.since).join(flagged, flagged.c.number == Attachment.id).where(
        Attachment.moderated == State.PUBLISHED)


def _row(since: Any) -> sa.Select[Any]:
    """Files of what everybody reads: one of a text that waits or was hidden is looked at with it."""
    columns: list[sa.ColumnElement[Any]] = [
        Attachment.id.label("number"), sa.literal(KIND).label("kind"), since.label("since"),
        Contribution.activity_id.label("activity_id"), Attachment.owner_id.label("author_id"),
        Contribution.organisation_id.label("organisation_id"),
        sa.cast(Contribution.channel, sa.String(24)).label("channel")]
    return (sa.select(*columns).select_from(Attachment)
            .join(Contribution, Contribution.id == Attachment.contribution_id)
            .where(Contribution.state == State.PUBLISHED))
