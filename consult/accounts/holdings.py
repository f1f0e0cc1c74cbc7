"""What accounts hold of a person."""

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.former import FormerIdentity
from consult.accounts.models import (
    BrowserSession,
    MailToken,
    Mandate,
    Person,
    RoleGrant,
    TiedCode,
    Verification,
)
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.territory.models import Municipality

_ACCOUNT = _l("Without an account nobody can take part, and nobody can be written to.")
_UNTIL_YOU_LEAVE = _l("Until you delete your account, or nobody has used it for so long that it is deleted.")

_UNTIL_CLOSED = _l("Until you delete your account. Where something is still open then in which you could take part "
                   "twice, the code stays until it has closed.")


@personal_data(
    "account", position=0, title=_l("Your account"), reason=_ACCOUNT, kept=_UNTIL_YOU_LEAVE,
    columns=(Person.id, Person.municipality_id))
def account(person: Person) -> Rows:
    """Everything in the row of the account; of the password that there is one, as its hash is a secret."""
    return [{
        "email": person.email, "display_name": person.display_name, "shown_name": person.shown_name,
        "name_shown": person.shows_name, "minor": person.minor, "declared_age": person.declared_age,
        "municipality": person.municipality.name if person.municipality else None, "title": person.title,
        "language": person.language, "password_kept": person.password_hash is not None,
        "registered_at": person.created_at, "confirmed_at": person.confirmed_at,
        "last_sign_in_at": person.signed_in_at, "warned_at": person.warned_at, "closed_at": person.closed_at,
        "suspended_until": person.suspended_until, "reports_warned_at": person.flags_warned_at,
        "reports_limited_until": person.flags_limited_until, "next_report_at": person.next_flag_at,
        "imported_from": person.source}]


@personal_data(
    "verifications", position=1, title=_l("How your residence was verified"),
    reason=_l("Some activities are for residents only, and nobody may count twice. The document is not kept, only a "
              "code from which it cannot be read."),
    kept=_UNTIL_CLOSED,
    columns=(Verification.person_id, FormerIdentity.person_id))
def verifications(person: Person) -> Rows:
    """Each verification; the hash of the identifier too, as it is a datum, though nobody can read it."""
    return [{
        "method": one.method, "municipality": _place(one.municipality_id), "age_band": one.age_band,
        "identifier_code": one.identifier_hash, "verified_at": one.created_at, "expires_at": one.expires_at}
        for one in sorted(person.verifications, key=lambda one: one.id)]


def _place(id: int) -> str | None:
    return db.session.scalar(sa.select(Municipality.name).where(Municipality.id == id))


@personal_data(
    "tied_codes", position=1, title=_l("Codes that you tied to your account"),
    reason=_l("What was done with them without an account counts as yours, and nobody may count twice. The code itself "
              "cannot be read from what is kept."),
    kept=_UNTIL_CLOSED, columns=(TiedCode.person_id,))
def tied_codes(person: Person) -> Rows:
    """Each code that was tied without verifying anything, as its hash."""
    return [{"identifier_code": one.hash, "since": one.tied_at}
            for one in sorted(person.tied_codes, key=lambda one: one.tied_at)]


@personal_data(
    "roles", position=2, title=_l("Your roles"), reason=_l("They say what you may do as one of the staff."),
    kept=_l("Until the role is taken back or you delete your account."), columns=(RoleGrant.person_id,))
def roles(person: Person) -> Rows:
    """Each role held now."""
    return [{"role": grant.role, "for_process": grant.process_id, "since": grant.granted_at}
            for grant in sorted(person.role_grants, key=lambda grant: grant.id)]


@personal_data(
    "mandates", position=3, title=_l("Organisations you speak for"),
    reason=_l("What is said in the name of an organisation is said with a mandate."),
    kept=_l("The mandate ends when you delete your account; that there was one stays, without you."),
    columns=(Mandate.person_id,))
def mandates(person: Person) -> Rows:
    """Each mandate, ended ones included."""
    held = sa.select(Mandate).where(Mandate.person_id == person.id).options(joinedload(Mandate.organisation))
    return [{"organisation": mandate.organisation.name, "kind": mandate.kind, "since": mandate.since,
             "ended_at": mandate.ended_at} for mandate in db.session.scalars(held.order_by(Mandate.id))]


@personal_data(
    "sessions", position=4, title=_l("Where you are signed in"),
    reason=_l("So that you stay signed in, and can sign out everywhere."),
    kept=_l("At most seven days, twelve hours for the staff."), columns=(BrowserSession.person_id,))
def sessions(person: Person) -> Rows:
    """Each browser."""
    rows = sa.select(BrowserSession).where(BrowserSession.person_id == person.id).order_by(BrowserSession.id)
    return [{"browser": one.browser, "since": one.created_at, "until": one.expires_at,
             "password_typed_at": one.password_at} for one in db.session.scalars(rows)]


@personal_data(
    "links", position=5, title=_l("Links sent to you by mail"),
    reason=_l("So that a link that was sent to you works once, for a while."),
    kept=_l("Seven days after the link has run out."), columns=(MailToken.person_id,))
def links(person: Person) -> Rows:
    """Each link; the secret in it is not kept."""
    rows = sa.select(MailToken).where(MailToken.person_id == person.id).order_by(MailToken.id)
    return [{"purpose": one.purpose, "until": one.expires_at, "used_at": one.used_at}
            for one in db.session.scalars(rows)]


@personal_data(
    "messages", position=6, title=_l("Messages written to you"),
    reason=_l("So that each message is sent, and sent once."),
    kept=_l("The text only until it is sent; that it was sent, ninety days."))
def messages(person: Person) -> Rows:
    """Each message to the address."""
    if not person.email:
        return []
    rows = sa.select(OutboxMessage).where(OutboxMessage.recipient == person.email).order_by(OutboxMessage.id)
    return [{"subject": one.subject, "language": one.language, "written_at": one.created_at, "sent_at": one.sent_at}
            for one in db.session.scalars(rows)]


@erased_with
def forget_account(event: PersonErased) -> None:
    """Take out of the rows of accounts all that tells who it was, but the address, which goes last."""
    person = db.session.get_one(Person, event.person_id)
    recognisable = [one.identifier_hash for one in person.verifications if one.identifier_hash]
    db.session.add_all(FormerIdentity(identifier_hash=hash, person_id=person.id) for hash in recognisable)
    if recognisable:
        db.session.add_all(FormerIdentity(identifier_hash=tied.hash, person_id=person.id)
                           for tied in person.tied_codes)
    for model in (Verification, TiedCode, BrowserSession, MailToken):
        db.session.execute(sa.delete(model).where(model.person_id == person.id)
                           .execution_options(synchronize_session="fetch"))
    db.session.expire(person, ["verifications", "tied_codes"])
    person.password_hash, person.display_name, person.title, person.source = None, "", "", None
    person.declared_age = person.signed_in_at = person.warned_at = None
    person.suspended_until = person.flags_warned_at = person.flags_limited_until = person.next_flag_at = None
    person.minor, person.shows_name = False, True
    person.erased_at, person.withdrew = clock.now(), event.withdraw
