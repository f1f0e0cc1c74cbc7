"""What stands for a person where nobody may take part twice."""

from consult.accounts.models import Verification, VerificationMethod
from consult.core.db import db


def test_an_account_stands_for_itself_until_an_identifier_is_verified(make):
    person = make.person(verified=True)
    assert person.identities == [f"person:{person.id}"]
    person.verifications.append(Verification(method=VerificationMethod.CODE, identifier_hash="ab" * 32,
                                             municipality_id=person.municipality_id))
    db.session.flush()
    assert person.identities == [f"identifier:{'ab' * 32}", f"person:{person.id}"]
