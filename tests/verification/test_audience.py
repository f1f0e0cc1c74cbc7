"""For whom an activity is meant: said before anybody writes, with the reason of whoever does not belong."""

import pytest

from consult.accounts.models import Role, Tie, Verification, VerificationMethod
from consult.core.db import db
from consult.core.policy import can
from consult.processes.models import Audience
from tests.browser import text_of

VERIFIED = Audience.VERIFIED


@pytest.fixture
def citizen(make):
    def build(*, tie=Tie.RESIDES, band="35-49", town=None):
        person = make.person()
        db.session.add(Verification(person=person, method=VerificationMethod.DESK, tie=tie, age_band=band,
                                    municipality_id=(town or make.town()).id))
        db.session.flush()
        return person

    return build


@pytest.mark.parametrize(("asked", "who", "granted"), [
    ({"audience": VERIFIED}, {}, True),
    ({"audience": VERIFIED}, {"tie": Tie.WORKS}, False),
    ({"audience": VERIFIED, "workers_too": True}, {"tie": Tie.STUDIES}, True),
    ({"minimum_age": 18}, {}, True),
    ({"minimum_age": 18}, {"band": "16-17"}, False),
    ({"minimum_age": 16}, {"band": ""}, False),
    ({"maximum_age": 34}, {}, False),
    ({"minimum_age": 25, "maximum_age": 49}, {}, True),
    ({"audience": Audience.ANYONE, "minimum_age": 18}, {}, True),
])
def test_who_belongs(make, citizen, asked, who, granted):
    verdict = can(citizen(**who), "proposal.submit", make.call(**asked))
    assert bool(verdict) is granted
    assert granted or str(verdict.reason)


def test_only_the_people_of_some_municipalities(make, citizen):
    town, elsewhere = make.municipality("Castelprova"), make.municipality()
    call = make.call(only_from=[town.istat_code])
    assert can(citizen(town=town), "proposal.submit", call)
    refused = can(citizen(town=elsewhere), "proposal.submit", call)
    assert str(refused.reason) == "Questa attività è per chi risiede a: Castelprova."
    assert not can(citizen(town=town, tie=Tie.WORKS), "proposal.submit", call)
    call.workers_too = True
    assert can(citizen(town=town, tie=Tie.WORKS), "proposal.submit", call)


def test_only_whoever_speaks_for_an_organisation_of_some_categories(make):
    speaker = make.person()
    make.organisation(speaker)
    call = make.call(only_categories=["imprese"])
    assert can(speaker, "proposal.submit", call)
    assert "Imprese" in str(can(make.person(), "proposal.submit", call).reason)
    assert not can(speaker, "proposal.submit", make.call(only_categories=["altro"]))


def test_a_visitor_is_asked_to_sign_in(make, browser):
    call = make.call(minimum_age=18)
    assert browser().get(f"/raccolte/{call.id}/proponi").status_code == 303


@pytest.mark.parametrize("kind", ["call", "survey", "ballot"])
def test_the_page_says_for_whom_it_is_and_whether_one_belongs(make, browser, citizen, kind):
    town = make.municipality("Castelprova")
    activity = getattr(make, kind)(audience=VERIFIED, minimum_age=18, only_from=[town.istat_code])
    path = {"call": "/raccolte/{}", "survey": "/questionari/{}", "ballot": "/votazioni/{}"}[kind].format(activity.id)
    page = text_of(browser().get(path))
    assert "Solo da: Castelprova." in page
    assert "Solo persone di 18 anni e oltre." in page
    assert "È rivolta anche a te" in text_of(browser(citizen(town=town)).get(path))
    refused = text_of(browser(citizen()).get(path))
    assert "Questa attività è per chi risiede a: Castelprova." in refused
    assert "Guarda la tua verifica" in refused
    unverified = text_of(browser(make.person()).get(path))
    assert "Ci sono più modi di verificarla" in unverified


def test_the_plan_office_narrows_the_audience(make, browser):
    town = make.municipality("Castelprova")
    call = make.call()
    make.organisation()
    office = browser(make.person(Role.PLAN_OFFICE))
    path = f"/ufficio/attivita/{call.id}"
    changes = {"minimum_age": "18", "maximum_age": "64", "only_from": [town.istat_code], "workers_too": "y",
               "only_categories": ["imprese"]}
    assert office.submit(path, changes).status_code == 303
    assert (call.minimum_age, call.maximum_age, call.only_from, call.workers_too, call.only_categories) == (
        18, 64, [town.istat_code], True, ["imprese"])
    fields = office.form(path)["fields"]
    assert (fields["minimum_age"], fields["only_from"]) == ("18", [town.istat_code])


@pytest.mark.parametrize("changes", [{"minimum_age": "65", "maximum_age": "17"}, {"minimum_age": "7"},
                                     {"only_from": ["x"]}, {"only_categories": ["x"]}, {"maximum_age": "x"}])
def test_an_audience_that_cannot_be_gets_a_sentence(make, browser, changes):
    make.municipality()
    call = make.call()
    answer = browser(make.person(Role.PLAN_OFFICE)).submit(f"/ufficio/attivita/{call.id}", changes)
    assert answer.status_code == 200
    assert (call.minimum_age, call.only_from, call.only_categories) == (None, [], [])


def test_asking_costs_no_more_for_many_activities(make, browser, citizen, queries):
    town = make.municipality()
    visitor = browser(citizen(town=town))

    def asked():
        visitor.get("/percorsi/prova/partecipa")
        with queries() as seen:
            assert visitor.get("/percorsi/prova/partecipa").status_code == 200
        return len(seen)

    make.call(only_from=[town.istat_code], minimum_age=18)
    few = asked()
    for _ in range(5):
        make.call(only_from=[town.istat_code], only_categories=["imprese"])
    assert asked() == few
