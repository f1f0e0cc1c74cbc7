"""Editions of the plan: kept when its state changes and by hand, never changed, read, downloaded and compared."""

import hashlib
import json

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core.db import UnchangeableError, db
from consult.editions import queries, services
from consult.editions.models import PlanEdition
from consult.meetings.models import MinutesState
from consult.planning import services as planning
from consult.planning import tracing
from consult.planning.models import PlanState, Relation
from tests.browser import text_of

PLAN = "/piani/prova-2035"


@pytest.fixture
def office(make, browser):
    person = make.person(Role.PLAN_OFFICE)
    make.plan()
    page = browser(person)
    page.person = person
    return page


def test_an_edition_leads_to_every_kind_of_source(office, browser, make):
    section, proposal, measured = make.section("Entro trenta giorni."), make.proposal(), make.indicator()
    minutes, sheet = make.minutes(MinutesState.APPROVED), make.result()
    for source in (proposal, sheet, minutes):
        make.link(source, section)
    tracing.link(make.plan(), office.person, source=measured, target=section, relation=Relation.INSPIRED,
                 reason="La frase riporta questo indicatore.")
    for number in (1, 2):
        services.make(make.plan(), office.person, name=f"0.{number}", kind=PlanState.DRAFT)
    db.session.commit()
    page = browser().get(f"{PLAN}/edizioni/1")
    assert page.status_code == 200
    for path in (f"/c/{proposal.code}", f"/risultati/{sheet.activity_id}", f"/incontri/{minutes.meeting_id}/verbale",
                 f"/{measured.code}"):
        assert f'{path}"' in page.text, path
    assert browser().get(f"{PLAN}/edizioni/confronta?da=1&a=2").status_code == 200


def test_each_state_of_the_plan_is_kept_as_it_stood(office, browser, make):
    section = make.section("Entro trenta giorni.\n\nUn autobus al giorno.")
    office.submit(f"{PLAN}/stato", {"state": "in_consultation", "edition": "0.3"})
    planning.edit_section(section, office.person, seen=1, title="Tempi",
                          body="Entro sessanta giorni.\n\nUn autobus al giorno.\n\nE una piazza.")
    for state, edition in (("proposed", "0.9"), ("adopted", "1.0")):
        office.submit(f"{PLAN}/stato", {"state": state, "edition": edition, "body": "Consiglio dell'Unione",
                                        "act": "n. 12 del 2026", "dated": "2026-01-15"})
    kept = queries.of_plan(make.plan())
    assert [(one.number, one.name, one.kind, one.body) for one in kept] == [
        (3, "1.0", PlanState.ADOPTED, "Consiglio dell'Unione"), (2, "0.9", PlanState.PROPOSED, "Consiglio dell'Unione"),
        (1, "0.3", PlanState.IN_CONSULTATION, "")]
    first = text_of(browser().get(f"{PLAN}/edizioni/1"))
    assert "Entro trenta giorni." in first
    assert "E una piazza." not in first
    assert "n. 12 del 2026" in text_of(browser().get(f"{PLAN}/edizioni/3"))
    seen = browser().get(f"{PLAN}/edizioni/confronta?da=1&a=2").get_data(as_text=True)
    assert "<del>" in seen
    assert "sessanta" in seen
    assert {part for part in ("section", "paragraph") if f'data-part="{part}:' in seen} == {"section", "paragraph"}


def test_an_adoption_says_who_adopted_it_and_when(office, make):
    planning.take_to(make.plan(), PlanState.IN_CONSULTATION, office.person, edition="0.3")
    planning.take_to(make.plan(), PlanState.PROPOSED, office.person, edition="0.9")
    db.session.commit()
    answer = office.submit(f"{PLAN}/stato", {"state": "adopted", "edition": "1.0"})
    assert answer.status_code == 200
    assert "error-summary" in answer.get_data(as_text=True)
    assert make.plan().state is PlanState.PROPOSED


def test_the_data_have_the_hash_that_the_page_shows(office, browser, make):
    make.link(make.proposal(), make.section("Con una fonte."))
    make.link(make.proposal(), make.action(cost=1200))
    office.submit(f"{PLAN}/edizioni/nuova", {"name": "0.2"})
    answer = browser().get(f"{PLAN}/edizioni/1.json")
    made = hashlib.sha256(answer.get_data()).hexdigest()
    assert made in text_of(browser().get(f"{PLAN}/edizioni/1"))
    assert made in text_of(browser().get(f"{PLAN}/edizioni"))
    content = json.loads(answer.get_data())
    section, axis = content["parts"]
    assert [part["kind"] for part in section["parts"]] == ["paragraph", "link"]
    assert axis["parts"][0]["parts"][0]["fields"]["cost"] == 1200


def test_an_edition_never_changes(make, db_refuses):
    edition = services.make(make.plan(), None, name="0.1", kind=PlanState.DRAFT)
    db.session.commit()
    edition.name = "0.2"
    with pytest.raises(UnchangeableError):
        db.session.flush()
    db.session.rollback()
    services.make(make.plan(), None, name="0.1", kind=PlanState.DRAFT)
    for act in ("UPDATE plan_edition SET name = 'x'", "DELETE FROM plan_edition"):
        db_refuses(act)


@pytest.fixture
def db_refuses():
    def refuses(statement):
        with pytest.raises(sa.exc.DBAPIError, match="never changed"), db.session.begin_nested():
            db.session.execute(sa.text(statement))

    return refuses


def test_only_the_plan_office_keeps_editions_by_hand(browser, make):
    make.plan()
    assert browser(make.person(Role.MODERATOR)).get(f"{PLAN}/edizioni/nuova").status_code == 403
    assert browser().get(f"{PLAN}/edizioni/7").status_code == 404
    assert browser().get(f"{PLAN}/edizioni/confronta").status_code == 404
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PlanEdition)) == 0
