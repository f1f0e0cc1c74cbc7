"""Registering organisations and verifying them; giving and ending the mandates to speak and sign for them."""

from dataclasses import dataclass
from itertools import count

import sqlalchemy as sa

from consult.accounts.models import Mandate, MandateKind, Organisation, Person
from consult.core import clock, events, outbox, richtext
from consult.core.db import db, hold, insert, rows_touched
from consult.invitations import services as invitations
from consult.invitations.models import Invitation
from consult.organisations import describing, queries


@dataclass(frozen=True, kw_only=True)
class OrganisationRegistered(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationCorrected(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationVerified(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class OrganisationRefused(events.Event):
    organisation_id: int


@dataclass(frozen=True, kw_only=True)
class MandateGiven(events.Event):
    mandate_id: int
    organisation_id: int
    person_id: int
    kind: str


@dataclass(frozen=True, kw_only=True)
class MandateEnded(events.Event):
    mandate_id: int
    organisation_id: int
    person_id: int


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a representative says of an organisation."""

    name: str
    category_id: int | None
    municipality_id: int | None
    description: str


def register(person: Person, entry: Entry) -> Organisation:
    """Enter an organisation that the person speaks and signs for, as soon as the plan office has verified it."""
    base = richtext.slug(entry.name, 70)
    for number in count(1):
        slug = base if number == 1 else f"{base}-{number}"
        row = insert(Organisation).values(slug=slug, name=entry.name)
        if rows_touched(row.on_conflict_do_nothing(index_elements=["slug"])):
            break
    organisation = db.session.scalars(sa.select(Organisation).where(Organisation.slug == slug)).one()
    _write(organisation, entry)
    events.record(OrganisationRegistered(actor_id=person.id, organisation_id=organisation.id))
    give(person, organisation, MandateKind.SIGNS, actor=person)
    return organisation


def correct(organisation: Organisation, editor: Person, entry: Entry, *, seen: int) -> None:
    """Change what was said of an organisation that nobody has verified; one that was refused waits again.

    Raises StaleVersionError where the version seen is no longer the one saved.
    """
    hold(organisation, seen)
    _write(organisation, entry)
    organisation.refused_at, organisation.refusal = None, ""
    organisation.version += 1
    events.record(OrganisationCorrected(actor_id=editor.id, organisation_id=organisation.id))


def _write(organisation: Organisation, entry: Entry) -> None:
    organisation.name, organisation.category_id = entry.name, entry.category_id
    organisation.municipality_id = entry.municipality_id
    describing.say(organisation, entry.description)


def verify(organisation: Organisation, *, actor: Person, seen: int) -> None:
    """Say that an organisation exists and that whoever registered it may speak for it; a moderator reads what it says.

    Raises StaleVersionError where it was changed since it was read.
    """
    hold(organisation, seen)
    organisation.verified_at, organisation.refused_at, organisation.refusal = clock.now(), None, ""
    organisation.version += 1
    if text := organisation.description:
        speakers = queries.mandates_of(organisation)
        describing.say(organisation, "")
        describing.put_forward(organisation, speakers[0].person if speakers else None, text)
    events.record(OrganisationVerified(actor_id=actor.id, organisation_id=organisation.id))


def refuse(organisation: Organisation, reason: str, *, actor: Person, seen: int) -> None:
    """Say why an organisation is not verified; whoever registered it is told, and can put it right.

    Raises StaleVersionError where it was changed since it was read.
    """
    hold(organisation, seen)
    organisation.refused_at, organisation.refusal = clock.now(), reason
    organisation.version += 1
    events.record(OrganisationRefused(actor_id=actor.id, organisation_id=organisation.id))


def invite(organisation: Organisation, kind: MandateKind, email: str, *, inviter: Person, language: str) -> Invitation:
    """Send an address a link with which its owner takes up a mandate. Raises InvitationError, with the reason."""
    invitation, token = invitations.to_organisation(organisation, kind, email, inviter=inviter)
    outbox.post(invitation.email, "organisation_invitation", key=f"invitation-{invitation.id}", language=language,
                organisation=organisation, signs=kind is MandateKind.SIGNS, token=token)
    return invitation


def accept(invitation: Invitation, person: Person) -> bool:
    """Take up a mandate; False, and nothing changed, where the invitation is not good any more."""
    if not invitations.use(invitation, person):
        return False
    organisation, kind = invitation.organisation, invitation.mandate_kind
    assert organisation is not None and kind is not None, "an invitation to an organisation"  # noqa: S101 PT018
    give(person, organisation, kind, actor=person)
    return True


def give(person: Person, organisation: Organisation, kind: MandateKind, *, actor: Person | None) -> None:
    """Let somebody speak or sign for an organisation; whoever holds as much already keeps the mandate they have."""
    db.session.refresh(organisation, ["version"], with_for_update=True)
    current = db.session.scalar(sa.select(Mandate).where(
        Mandate.person_id == person.id, Mandate.organisation_id == organisation.id, Mandate.ended_at.is_(None)))
    if current is not None and current.kind in {kind, MandateKind.SIGNS}:
        return
    if current is not None:
        current.ended_at = clock.now()
        db.session.flush()
    mandate = Mandate(person_id=person.id, organisation_id=organisation.id, kind=kind)
    db.session.add(mandate)
    db.session.flush()
    db.session.expire(person, ["mandates"])
    events.record(MandateGiven(actor_id=actor.id if actor else None, mandate_id=mandate.id,
                               organisation_id=organisation.id, person_id=person.id, kind=kind.value))


def end(mandate: Mandate, *, actor: Person | None) -> bool:
    """Stop somebody speaking for an organisation: what was said in its name stays, as do those they brought in.

    The invitations they sent for it are withdrawn. False where the mandate had ended before.
    """
    db.session.execute(sa.select(Organisation.id).where(Organisation.id == mandate.organisation_id).with_for_update())
    once = sa.update(Mandate).where(Mandate.id == mandate.id, Mandate.ended_at.is_(None))
    if not rows_touched(once.values(ended_at=clock.now()).execution_options(synchronize_session=False)):
        return False
    db.session.expire(mandate, ["ended_at"])
    invitations.withdraw_all_of(mandate.person_id, Invitation.organisation_id == mandate.organisation_id, actor=actor)
    events.record(MandateEnded(actor_id=actor.id if actor else None, mandate_id=mandate.id,
                               organisation_id=mandate.organisation_id, person_id=mandate.person_id))
    return True
