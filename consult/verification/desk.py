"""Verifying somebody who stands at the desk with a document."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from consult.accounts.models import AssuranceLevel, Person, Tie, Verification, VerificationMethod
from consult.core import events
from consult.core.db import db
from consult.verification import identifiers, taxcode
from consult.verification.models import DeskCheck, Document
from consult.verification.services import Finding, VerificationError, verify


@dataclass(frozen=True, kw_only=True)
class CheckedAtDesk(events.Event):
    person_id: int
    check_id: int


def check(person: Person, clerk: Person, *, tax_code: str, document: Document, municipality_id: int, age_band: str,
          tie: Tie, reason: str) -> Verification:
    """Keep that a clerk saw who somebody is; of the document only its kind, of the tax code only a hash.

    Raises VerificationError where clerks would verify themselves, and as `verify` does.
    """
    if person.id == clerk.id:
        raise VerificationError(_l("Nobody verifies their own account: ask a colleague."))
    kept = verify(person, Finding(
        method=VerificationMethod.DESK, level=AssuranceLevel.SUBSTANTIAL, municipality_id=municipality_id,
        age_band=age_band, tie=tie, identifier=identifiers.of_tax_code(taxcode.tidy(tax_code))), actor=clerk)
    seen = DeskCheck(verification_id=kept.id, operator_id=clerk.id, document=document, reason=reason)
    db.session.add(seen)
    db.session.flush()
    events.record(CheckedAtDesk(actor_id=clerk.id, person_id=person.id, check_id=seen.id))
    return kept
