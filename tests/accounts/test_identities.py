"""What stands for a person where nobody may take part twice."""

from consult.accounts.models import TiedCode, Verification, VerificationMethod
from consult.core.db import db


def test_an_account_stands_for_itself_until_an_identifier_is_verified(make):
    person = make.person(verified=True)
    assert person.identities == [f"person:{person.id}"]
    for method, two in ((VerificationMethod.CODE, "cd"), (VerificationMethod.DESK, "ab")):
        person.verifications.append(Verification(method=method, identifier_hash=two * 32,
                                                 municipality_id=person.municipality_id))
    person.tied_codes.append(TiedCode(hash="ef" * 32))
    db.session.flush()
    assert person.identities == [f"identifier:{'ab' * 32}", f"person:{person.id}", f"identifier:{'cd' * 32}",
                                 f"identifier:{'ef' * 32}"]


def test_a_person_counts_for_where_residence_was_verified_else_for_where_the_account_says(make):
    somewhere, elsewhere = make.municipality(), make.municipality()
    person = make.person(municipality=somewhere)
    assert person.residence_id == somewhere.id
    person.verifications.append(Verification(method=VerificationMethod.DESK, municipality_id=elsewhere.id))
    db.session.flush()
    assert person.residence_id == elsewhere.id
