"""What organisations say of themselves: proposing it, and letting it be public or not."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.core import events, richtext
from consult.core.db import db, hold
from consult.organisations import queries
from consult.organisations.models import Description, Standing
from consult.territory.models import Authority


@dataclass(frozen=True, kw_only=True)
class DescriptionProposed(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class DescriptionStands(events.Event):
    """A description is public, hidden or waits from now on."""

    organisation_id: int
    description_id: int
    before: str
    after: str


@dataclass(frozen=True, kw_only=True)
class DescriptionReworded(events.Event):
    organisation_id: int
    description_id: int


@dataclass(frozen=True, kw_only=True)
class DescriptionsModerated(events.Event):
    """The plan office said when descriptions are looked at."""

    first: bool


def propose(organisation: Organisation, editor: Person, text: str, *, seen: int) -> None:
    """Give a verified organisation a new description; `put_forward` says when it is public.

    Raises StaleVersionError where the version seen is no longer the one saved.
    """
    hold(organisation, seen)
    put_forward(organisation, editor, text)
    organisation.version += 1
    events.record(DescriptionProposed(actor_id=editor.id, organisation_id=organisation.id))


def put_forward(organisation: Organisation, writer: Person | None, text: str) -> None:
    """Let a text be the description as soon as it may: at once, or when a moderator has read it.

    Where the last one was hidden the next one waits. The text that is public already takes back what waits; to say
    nothing more needs nobody's leave.
    """
    hidden = queries.hidden_description(organisation)
    for waiting in queries.descriptions(organisation, Standing.PENDING):
        waiting.standing = Standing.WITHDRAWN
    if text == organisation.description:
        return
    if not text:
        for public in queries.descriptions(organisation, Standing.PUBLISHED):
            public.standing = Standing.WITHDRAWN
        say(organisation, "")
        return
    description = Description(organisation_id=organisation.id, writer_id=writer.id if writer else None, text=text,
                              standing=Standing.PENDING)
    db.session.add(description)
    db.session.flush()
    if not hidden and not queries.read_first():
        stand(description, Standing.PUBLISHED, actor=writer)


def stand(description: Description, standing: Standing, *, actor: Person | None) -> None:
    """Publish a description, hide it or let it wait; what is public of the organisation follows.

    One that is published takes the place of another, which comes back where the publishing is undone.
    """
    organisation, before = description.organisation, description.standing
    description.standing = standing
    if standing is Standing.PUBLISHED:
        for other in queries.descriptions(organisation, Standing.PUBLISHED):
            if other is not description:
                other.standing, other.replaced_by_id = Standing.WITHDRAWN, description.id
        say(organisation, description.text)
    elif before is Standing.PUBLISHED:
        back = queries.replaced_by(description) if standing is Standing.PENDING else None
        if back is not None:
            back.standing, back.replaced_by_id = Standing.PUBLISHED, None
        say(organisation, back.text if back else "")
    db.session.flush()
    events.record(DescriptionStands(
        actor_id=actor.id if actor else None, organisation_id=organisation.id, description_id=description.id,
        before=before.value, after=standing.value))


def reword(description: Description, text: str, *, actor: Person) -> None:
    """Let other words stand in place of those that are there."""
    description.text = text
    description.version += 1
    if description.standing is Standing.PUBLISHED:
        say(description.organisation, text)
    db.session.flush()
    events.record(DescriptionReworded(actor_id=actor.id, organisation_id=description.organisation_id,
                                      description_id=description.id))


def say(organisation: Organisation, text: str) -> None:
    """Let the public page of an organisation say this."""
    organisation.description, organisation.description_html = text, richtext.render(text)


def read_first(first: bool, *, actor: Person) -> None:
    """Say whether a moderator reads descriptions before they are public, or afterwards."""
    db.session.execute(sa.update(Authority).values(reads_descriptions_first=first))
    events.record(DescriptionsModerated(actor_id=actor.id, first=first))
