"""What second factors, and what guards the doors, hold of a person."""

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.accounts.addresses import AddressChange
from consult.accounts.models import Person
from consult.accounts.personal import PersonErased, Rows, erased_with, personal_data
from consult.accounts.second_step import PendingSignIn
from consult.core.db import db
from consult.factors import queries
from consult.factors.models import CodeApp, FactorTry, Passkey, PasskeyChallenge, RecoveryCode


@personal_data(
    "second_factors", position=4, title=_l("Your second step at sign-in"),
    reason=_l("So that nobody gets in who has only stolen or guessed your password."),
    kept=_l("Until you remove it or delete your account; what was begun and not finished, minutes to a day."),
    columns=(CodeApp.person_id, Passkey.person_id, RecoveryCode.person_id, PasskeyChallenge.person_id,
             FactorTry.person_id, PendingSignIn.person_id))
def second_factors(person: Person) -> Rows:
    """Each app and passkey, how many recovery codes are left; secrets and hashes are nobody's to read."""
    held = queries.held(person)
    apps = [{"kind": _("A code from an app"), "since": held.app.confirmed_at}] if held.app else []
    keys = [{"kind": _("A passkey"), "title": one.name, "since": one.created_at, "last_used_at": one.last_used_at}
            for one in held.passkeys]
    left = [{"kind": _("Recovery codes"), "number": held.codes_left}] if held.codes_left else []
    return [*apps, *keys, *left]


@personal_data(
    "address_change", position=5, title=_l("A change of your e-mail address"),
    reason=_l("So that both addresses can agree before it changes."),
    kept=_l("Two days at most, or until it is done or stopped."), columns=(AddressChange.person_id,))
def address_change(person: Person) -> Rows:
    """What was asked for and is not settled."""
    found = db.session.scalars(sa.select(AddressChange).where(AddressChange.person_id == person.id))
    return [{"email": one.new_email, "old_agreed_at": one.old_agreed_at, "new_agreed_at": one.new_agreed_at,
             "until": one.expires_at} for one in found]


@erased_with
def forget(event: PersonErased) -> None:
    """Nothing of it is of use without the person."""
    for model in (CodeApp, Passkey, RecoveryCode, PasskeyChallenge, FactorTry, PendingSignIn, AddressChange):
        db.session.execute(sa.delete(model).where(model.person_id == event.person_id))
    db.session.execute(sa.update(Person).where(Person.id == event.person_id).values(second_factor_since=None))
