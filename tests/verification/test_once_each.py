"""Each person is verified once: whoever comes second is told why, and the staff see it."""

import itertools
from contextlib import suppress

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts import services as accounts
from consult.accounts.models import Person, Tie, Verification, VerificationMethod
from consult.core import clock
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.verification import codes, queries, services
from consult.verification.models import CodePurpose, Conflict, ConflictKind, OneTimeCode
from consult.verification.services import VerificationError, verify
from tests.verification.conftest import code_of
from tests.voting.together import at_once

METHODS = [VerificationMethod.DESK, VerificationMethod.REGISTER, VerificationMethod.IDENTITY]


def conflicts():
    return db.session.scalars(sa.select(Conflict).order_by(Conflict.id)).all()


def test_whoever_is_verified_counts_for_where_and_how_old_they_are(make, finding):
    person = make.person(municipality=make.municipality())
    verify(person, finding(code_of(1), age_band="16-17"), actor=None)
    assert (person.verified, person.residence_id, person.municipality_id) == (True, make.town().id, make.town().id)
    assert (person.age_band, person.minor) == ("16-17", True)


def test_whoever_works_here_is_verified_but_no_resident(make, finding):
    home = make.municipality()
    person = make.person(municipality=home)
    verify(person, finding(code_of(1), tie=Tie.WORKS), actor=None)
    assert (person.verified, person.residence_id, len(person.holding)) == (False, home.id, 1)


def test_the_same_way_again_renews(make, finding):
    person = make.person()
    first = verify(person, finding(code_of(1)), actor=None)
    again = verify(person, finding(code_of(1), VerificationMethod.REGISTER, age_band="35-49"), actor=None)
    assert (again.id, again.age_band, len(person.verifications)) == (first.id, "35-49", 1)


def test_a_verification_runs_out(make, finding):
    person = make.person()
    verify(person, finding(code_of(1)), actor=None)
    with clock.at(clock.now() + services.LASTS[VerificationMethod.DESK] + clock.timedelta(days=1)):
        assert not person.verified


@pytest.mark.parametrize(("first", "second"), list(itertools.product(METHODS, repeat=2)))
def test_two_people_are_never_verified_with_one_identifier(make, finding, first, second):
    holder, other = make.person(), make.person()
    verify(holder, finding(code_of(1), first), actor=None)
    with pytest.raises(VerificationError, match="Un altro account è stato verificato"):
        verify(other, finding(code_of(1), second), actor=None)
    [conflict] = conflicts()
    assert (conflict.kind, conflict.person_id, conflict.holder_id) == (ConflictKind.TAKEN, other.id, holder.id)
    assert not other.verified


def test_one_person_is_never_verified_with_two_identifiers(make, finding):
    person = make.person()
    verify(person, finding(code_of(1)), actor=None)
    with pytest.raises(VerificationError):
        verify(person, finding(code_of(2)), actor=None)
    assert [conflict.kind for conflict in conflicts()] == [ConflictKind.SECOND]


def test_trying_again_and_again_is_one_conflict(make, finding):
    verify(make.person(), finding(code_of(1)), actor=None)
    other = make.person()
    for _ in range(3):
        with pytest.raises(VerificationError):
            verify(other, finding(code_of(1)), actor=None)
    assert len(conflicts()) == 1


def test_whoever_closed_an_account_is_verified_in_a_new_one_and_recognised(make, finding):
    old, new = make.person(), make.person()
    verify(old, finding(code_of(1)), actor=None)
    tag = old.identities[0]
    accounts.close(old, actor=old)
    verify(new, finding(code_of(1)), actor=None)
    assert new.identities[0] == tag
    assert old.id in new.ids


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.sampled_from(METHODS)), max_size=12))
def test_whatever_is_tried_an_identifier_stands_for_one_person_and_a_person_for_one(make, finding, acts):
    people = [make.person() for _ in range(4)]
    salt = make.number() * 10
    for who, code, method in acts:
        with suppress(VerificationError):
            verify(people[who], finding(code_of(salt + code), method), actor=None)
    rows = db.session.execute(sa.select(Verification.person_id, Verification.identifier_hash).where(
        Verification.person_id.in_([person.id for person in people]))).all()
    assert len({row.identifier_hash for row in rows}) == len(rows) == len({row.person_id for row in rows})


def test_of_a_hundred_with_one_identity_at_once_one_is_verified_and_the_others_get_a_sentence(app, make, finding):
    people = [make.person().id for _ in range(100)]
    found = finding(code_of(1))
    db.session.commit()

    def act(id):
        try:
            verify(db.session.get_one(Person, id), found, actor=None)
        except VerificationError as refusal:
            return str(refusal.reason)
        return True

    told = at_once(app, act, people)
    assert told.count(True) == 1
    assert all("Un altro account è stato verificato" in sentence for sentence in told if sentence is not True)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Verification.id))) == 1
    assert len(conflicts()) == 99


def test_of_a_hundred_with_one_code_at_once_one_is_verified_and_the_others_get_a_sentence(app, make):
    people = [make.person().id for _ in range(100)]
    [code] = codes.make(make.town(), number=1, purpose=CodePurpose.ASSEMBLY, actor=None,
                        expires_at=clock.now() + clock.timedelta(days=1))
    db.session.commit()

    def act(id):
        try:
            codes.use(db.session.get_one(Person, id), code)
        except VerificationError as refusal:
            return str(refusal.reason)
        return True

    told = at_once(app, act, people)
    assert told.count(True) == 1
    assert all("Questo codice non vale" in sentence for sentence in told if sentence is not True)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count(Verification.id))) == 1
    assert db.session.scalar(sa.select(OneTimeCode.used)) is True
    assert queries.batches()[0].used_count == 1


def test_one_person_uses_one_of_many_codes_at_once(app, make):
    person = make.person().id
    sheet = codes.make(make.town(), number=20, purpose=CodePurpose.LETTER, actor=None,
                       expires_at=clock.now() + clock.timedelta(days=1))
    db.session.commit()

    def act(code):
        try:
            codes.use(db.session.get_one(Person, person), code)
        except VerificationError as refusal:
            return str(refusal.reason)
        return True

    assert at_once(app, act, sheet).count(True) == 1
    db.session.rollback()
    assert queries.batches()[0].used_count == 1


def test_the_staff_free_what_was_held_wrongly_and_the_holder_is_told(make, finding):
    holder, other, clerk = make.person(), make.person(), make.person()
    verify(holder, finding(code_of(1)), actor=None)
    with pytest.raises(VerificationError):
        verify(other, finding(code_of(1)), actor=None)
    [conflict] = conflicts()
    assert services.close_conflict(conflict, clerk, free=True, note="Carta mostrata.")
    assert not services.close_conflict(conflict, clerk, free=True, note="Ancora.")
    assert not holder.verified
    assert db.session.scalar(sa.select(OutboxMessage.recipient)) == holder.email
    verify(other, finding(code_of(1)), actor=None)
    assert other.verified


def test_a_conflict_may_be_closed_without_changing_anything(make, finding):
    holder, other = make.person(), make.person()
    verify(holder, finding(code_of(1)), actor=None)
    with pytest.raises(VerificationError):
        verify(other, finding(code_of(1)), actor=None)
    services.close_conflict(conflicts()[0], make.person(), free=False, note="Due account della stessa persona.")
    assert holder.verified
    assert queries.open_conflicts() == []
