"""Signing in with a digital identity, at a provider that is a process of its own."""

import sqlalchemy as sa

from consult.accounts.models import AssuranceLevel, Person, Verification, VerificationMethod
from consult.core import passwords
from consult.core.db import db
from consult.verification import identifiers
from consult.verification.models import ExternalIdentity
from tests.browser import text_of
from tests.identity.conftest import TAX_CODE, mario

ENTER = "/accedi/identita/spid/conferma"


def people():
    return db.session.scalars(sa.select(Person).order_by(Person.id)).all()


def enter(visitor, **fields):
    return visitor.submit(ENTER, fields)


def test_somebody_new_opens_an_account_and_is_verified(browser, make, provider, come_back):
    town = make.municipality("Castelprova", istat_code="042999")
    provider.sign_in_as(mario(municipality="042999", email="mario@example.org", email_verified=True))
    visitor = browser()
    assert come_back(visitor, "/profilo").headers["Location"] == ENTER
    page = text_of(visitor.get(ENTER))
    assert "Castelprova" in page
    assert TAX_CODE not in page
    entered = enter(visitor)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/profilo")
    [person] = people()
    assert (person.display_name, person.email) == ("Mario R.", "mario@example.org")
    assert (person.verified, person.residence_id, person.age_band) == (True, town.id, "35-49")
    [found] = person.verifications
    assert (found.method, found.level) == (VerificationMethod.IDENTITY, AssuranceLevel.SUBSTANTIAL)
    assert visitor.get("/profilo").status_code == 200


def test_somebody_known_comes_back_to_the_same_account(browser, make, provider, come_back):
    make.municipality("Castelprova")
    provider.sign_in_as(mario(municipality="castelprova"))
    for _ in range(2):
        visitor = browser()
        come_back(visitor)
        assert enter(visitor).status_code == 303
    assert len(people()) == 1


def test_signing_out_here_is_enough(browser, make, provider, come_back):
    make.authority()
    provider.sign_in_as(mario())
    visitor = browser()
    come_back(visitor)
    enter(visitor, municipality="0")
    assert visitor.post("/esci").status_code == 303
    assert visitor.get("/profilo").status_code == 303


def test_what_the_provider_does_not_say_is_asked_for(browser, make, provider, come_back):
    town = make.municipality("Castelprova")
    provider.sign_in_as({"sub": "nobody told more"})
    visitor = browser()
    come_back(visitor)
    assert enter(visitor, display_name="Anna").status_code == 200
    assert enter(visitor, display_name="Anna", municipality=str(town.id), of_age="y").status_code == 303
    [person] = people()
    assert (person.display_name, person.municipality_id, person.verified) == ("Anna", town.id, False)


def test_the_names_of_the_tax_code_are_tried_in_order_and_userinfo_counts(browser, make, provider, come_back):
    make.municipality("Castelprova")
    for number, claims in enumerate([
        {"fiscal_number": TAX_CODE, "fiscalNumber": "TINIT-VRDLGU90A01H501S"},
        {"https://attributes.eid.gov.it/fiscal_number": f"tinit-{TAX_CODE.lower()}"}, {"nickname": TAX_CODE}]):
        provider.sign_in_as({"sub": f"account {number}", "birthdate": "1985-12-10", "municipality": "Castelprova",
                             **claims}, in_userinfo=list(claims))
        visitor = browser()
        come_back(visitor)
        assert enter(visitor, display_name="Mario").status_code == 303
    assert len(people()) == 1
    assert db.session.scalar(sa.select(sa.func.count(ExternalIdentity.id))) == 3


def test_a_higher_level_that_the_provider_states_is_kept(browser, make, provider, come_back):
    make.municipality("Castelprova")
    provider.sign_in_as(mario(municipality="Castelprova", acr="https://www.spid.gov.it/SpidL3"))
    visitor = browser()
    come_back(visitor)
    enter(visitor)
    assert db.session.scalar(sa.select(Verification.level)) is AssuranceLevel.HIGH


def test_a_second_identity_with_the_same_address_does_not_get_the_account(browser, make, provider, come_back):
    make.authority()
    owner = make.person(email="mario@example.org", password_hash=passwords.hashed("sette gatti sul campanile"))
    provider.sign_in_as(mario(email="Mario@Example.org", email_verified=True))
    visitor = browser()
    come_back(visitor)
    assert "Qualcuno ha un account con l'indirizzo e-mail della tua identità." in text_of(visitor.get(ENTER))
    assert visitor.post(ENTER, {"display_name": "Mario", "municipality": "0"}).status_code == 200
    assert [person.id for person in people()] == [owner.id]
    assert visitor.get("/profilo").status_code == 303
    signed = visitor.submit("/accedi", {"email": "mario@example.org", "password": "sette gatti sul campanile"})
    assert signed.status_code == 303
    assert enter(visitor).status_code == 303  # what the provider said has waited for the sign-in
    assert db.session.scalar(sa.select(ExternalIdentity.person_id)) == owner.id


def test_an_address_that_the_provider_does_not_answer_for_is_not_taken(browser, make, provider, come_back):
    make.authority()
    provider.sign_in_as(mario(email="mario@example.org"))
    visitor = browser()
    come_back(visitor)
    enter(visitor, municipality="0")
    assert [person.email for person in people()] == [None]


def test_the_identity_of_somebody_else_cannot_be_tied(browser, make, provider, come_back):
    make.authority()
    provider.sign_in_as(mario())
    first = browser()
    come_back(first)
    enter(first, municipality="0")
    other = browser(make.person())
    come_back(other)
    answer = enter(other)
    assert answer.status_code == 200
    assert "Un altro account è legato a questa identità." in text_of(answer)


def test_an_account_takes_no_second_tax_code(browser, make, provider, come_back):
    make.authority()
    person = make.person()
    visitor = browser(person)
    provider.sign_in_as(mario())
    come_back(visitor)
    assert enter(visitor).status_code == 303
    provider.sign_in_as(mario(sub="luigi@spid", fiscalNumber="TINIT-VRDLGU90A01H501S"))
    come_back(visitor)
    assert enter(visitor).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count(ExternalIdentity.id))) == 1


def test_whoever_is_too_young_opens_no_account(browser, make, provider, come_back):
    make.municipality()
    provider.sign_in_as(mario(birthdate="2020-01-01"))
    visitor = browser()
    come_back(visitor)
    answer = enter(visitor, municipality="0")
    assert answer.status_code == 200
    assert "16 anni" in text_of(answer)
    assert people() == []


def test_whoever_was_verified_with_the_tax_code_before_is_a_conflict_and_no_second_person(browser, make, provider,
                                                                                          come_back):
    from_register = make.person()
    town = make.municipality("Castelprova")
    db.session.add(Verification(person=from_register, method=VerificationMethod.REGISTER, municipality_id=town.id,
                                identifier_hash=identifiers.of_tax_code(TAX_CODE)))
    provider.sign_in_as(mario(municipality="Castelprova"))
    visitor = browser()
    come_back(visitor)
    assert enter(visitor).status_code == 303
    assert "Un altro account è stato verificato con gli stessi dati" in text_of(visitor.get("/profilo/residenza"))
    newcomer = people()[-1]
    assert not newcomer.verified


def test_untying_the_only_way_in_is_refused(browser, make, provider, come_back):
    make.authority()
    provider.sign_in_as(mario())
    visitor = browser()
    come_back(visitor)
    enter(visitor, municipality="0")
    id = db.session.scalar(sa.select(ExternalIdentity.id))
    visitor.post(f"/profilo/identita/{id}/sciogli")
    assert db.session.get(ExternalIdentity, id) is not None
    stranger = browser(make.person(password_hash="x"))
    assert stranger.post(f"/profilo/identita/{id}/sciogli").status_code == 403


def test_untying_leaves_the_password(browser, make, provider, come_back):
    make.authority()
    visitor = browser(make.person(password_hash="x"))
    provider.sign_in_as(mario())
    come_back(visitor)
    enter(visitor)
    id = db.session.scalar(sa.select(ExternalIdentity.id))
    assert visitor.submit("/profilo", action=f"/profilo/identita/{id}/sciogli").status_code == 303
    assert db.session.get(ExternalIdentity, id) is None
    assert visitor.get("/profilo").status_code == 200


def test_without_providers_nothing_is_offered(browser, make, settings):
    make.authority()
    assert "SPID" in text_of(browser().get("/accedi"))
    assert browser().get("/accedi/identita/cie").status_code == 404
