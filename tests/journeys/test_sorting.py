"""The plan office sorts what people wrote: on a phone, by keyboard alone, with scripts and without."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.processes.models import Process
from consult.sorting import queries
from tests.journeys.keyboard import Keyboard
from tests.journeys.people import PHONE
from tests.journeys.proposing import person, process_of

OFFICE = "ufficio@example.org"


@pytest.fixture
def desk(site):
    return f"/ufficio/percorsi/{process_of(site)}/spoglio"


def read_by_the_office(site):
    """How many contributions the one of the office has read."""
    with site.app.app_context():
        process = db.session.scalars(sa.select(Process).where(Process.slug == process_of(site))).one()
        return queries.progress(process).by_seat[queries.seat_of(process, person(OFFICE))]


@pytest.mark.parametrize("scripts", [True, False])
def test_contributions_are_found_read_and_tagged_by_keyboard(visit, site, desk, scripts):
    office = visit(PHONE, scripts=scripts)
    office.sign_in(OFFICE)
    page, keys = office.open(desk), Keyboard(office.page)
    faults = office.axe() if scripts else []
    keys.write("q", "bus")
    keys.enter()
    assert office.says("contributi su")
    office.open(f"{desk}?tipo=comment")
    keys.press("a[href*='/leggi']")
    before = read_by_the_office(site)
    first, second = page.locator("fieldset.coding-boxes").all()[:2]
    keys.tick(f"#{first.locator('input[type=checkbox]').first.get_attribute('id')}")
    keys.tick(f"#{second.locator('input[type=checkbox]').last.get_attribute('id')}")
    faults += office.axe() if scripts else []
    keys.press("main form button.btn-primary")
    assert office.says("Salvato.")
    assert read_by_the_office(site) == before + 2
    office.open(f"{desk}/differenze")
    box = page.locator("fieldset.coding-boxes input[type=checkbox]").first
    if box.count():
        keys.tick(f"#{box.get_attribute('id')}")
        faults += office.axe() if scripts else []
        keys.press("main form button.btn-primary")
        assert office.says("Ha deciso Paolo Righini")
    office.open(f"{desk}/conteggi")
    assert office.says("Quanto i lettori sono d'accordo")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    assert faults == []


def test_topics_are_found_behind_the_page_and_become_a_tag(visit, site, desk):
    office = visit(PHONE)
    office.sign_in(OFFICE)
    page = office.open(f"{desk}/temi")
    office.press("Leggi tutti i testi")
    faults = office.axe()
    site.work()
    office.open(f"{desk}/temi")
    assert office.says("Argomento 1:")
    faults += office.axe()
    Keyboard(page).press("a[href*='nuova?tema=1']")
    assert page.input_value("[name=name_it]")
    faults += office.axe()
    office.press("Salva")
    assert office.says("L'etichetta è stata aggiunta.")
    office.open(f"{desk}/somiglianze")
    page.locator("details summary").first.press("Enter")
    assert page.locator("details mark").first.is_visible()
    faults += office.axe()
    assert faults == []
