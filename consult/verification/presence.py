"""Whoever stands before a clerk: known by an account, by the register of residents or by a code."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts import queries as accounts
from consult.accounts.former import FormerIdentity
from consult.accounts.models import Organisation, Person, Tie, TiedCode, Verification
from consult.accounts.services import normalised
from consult.core import clock
from consult.core.db import db
from consult.core.policy import Reason
from consult.territory.models import Municipality
from consult.verification import ages, bearers, codes, identifiers, queries, taxcode
from consult.verification.bearers import Bearer, Bond
from consult.verification.models import ProvenIdentifier


class AbsentError(ValueError):
    """Nobody is known by what was said, with the sentence that says what to do."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Resident:
    """Somebody in the register of residents, with or without an account: a person for the rules of who takes part.

    Nothing of them is kept: they exist as long as the clerk's page is answered.
    """

    id = None
    is_authenticated = True
    verified = True
    ids: tuple[int, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    tied_codes: tuple[TiedCode, ...] = ()

    def __init__(self, hash: str, municipality: Municipality, age_band: str) -> None:
        self._hash = hash
        self.age_band = age_band
        self.holding = [Bond(Tie.RESIDES, municipality)]

    @property
    def municipality(self) -> Municipality:
        """In whose register they are."""
        return self.holding[0].municipality

    @property
    def residence_id(self) -> int | None:
        return self.municipality.id

    @property
    def identities(self) -> list[str]:
        """What stands for them, and for the account that was verified with the same tax code, read anew each time."""
        own = f"identifier:{self._hash}"
        account = _account(self._hash)
        others = account.identities if account is not None else _former(self._hash)
        return [own, *(name for name in others if name != own)]


Known = Person | Resident | Bearer


def _account(hash: str) -> Person | None:
    holder = sa.select(Verification.person_id).where(Verification.identifier_hash == hash)
    proven = sa.select(ProvenIdentifier.person_id).where(ProvenIdentifier.identifier_hash == hash)
    return db.session.scalar(sa.select(Person).where(Person.id.in_(holder.union(proven))).limit(1))


def _former(hash: str) -> Sequence[str]:
    """What stood for accounts of theirs that were erased while something was open."""
    theirs = sa.select(FormerIdentity.person_id).where(FormerIdentity.identifier_hash == hash)
    rows = db.session.execute(sa.select(FormerIdentity.person_id, FormerIdentity.identifier_hash)
                              .where(FormerIdentity.person_id.in_(theirs))).all()
    return sorted({name for person_id, known in rows for name in (f"person:{person_id}", f"identifier:{known}")})


def in_register(tax_code: str, born: date) -> Resident:
    """Who is in a register with a tax code and a day of birth.

    Raises AbsentError where no register has them, and UnavailableError.
    """
    code = taxcode.tidy(tax_code)
    place_id = queries.municipality_of_resident(identifiers.of_resident(code, born))
    if place_id is None:
        raise AbsentError(_l("No register of residents that we were given has this tax code with this day of birth: "
                             "compare both with the document. If they are right, use the person's account."))
    return Resident(identifiers.of_tax_code(code), db.session.get_one(Municipality, place_id),
                    ages.band(ages.age(born, clock.today())))


def with_account(email: str) -> Person:
    """Whose account has an address. Raises AbsentError."""
    person = accounts.by_email(normalised(email))
    if person is None or not person.is_active:
        raise AbsentError(_l("Nobody with this address has an open and confirmed account."))
    return person


def with_code(typed: str) -> Bearer:
    """Whoever brings a code of a sheet. Raises AbsentError for one that is not good, and UnavailableError."""
    hash = identifiers.of_one_time_code(codes.tidy(typed))
    found = bearers.bearer(hash)
    if found is None:
        raise AbsentError(bearers.why_worthless(hash) or bearers.WORTHLESS)
    return found
