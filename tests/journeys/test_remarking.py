"""Remarks as people make them: by touch on a small screen, by keyboard, without scripts; and a place found by hand."""

import re

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.editions import queries as editions
from consult.editions import services as keeping
from consult.planning.models import Plan
from consult.remarks.models import Placing, Remark, RemarkPlace
from tests.journeys.people import PHONE, newcomer

EDITION = "/piani/rovano-2035/edizioni/2"
SELECT = "text => getSelection().setBaseAndExtent(text.firstChild, 0, text.firstChild, 29)"
WHY = "Così non si capisce chi deve farlo."


def sent(page):
    """The heading of the page on which the remark is read."""
    page.wait_for_url("**/osservazioni/*")
    return page.locator("h1").inner_text()


def test_words_are_chosen_by_touch(visit, site):
    visitor = visit(PHONE)
    visitor.sign_in(newcomer(site, "dito"))
    page = visitor.open(EDITION)
    page.locator(".plan-paragraph .prose p").first.evaluate(SELECT)  # what a long touch does
    page.locator("a:has-text('Osserva le parole che hai scelto')").click()
    page.wait_for_url("**/osserva?parole=*")
    assert page.locator("[name=words]").input_value() in page.locator("[data-passage]").inner_text()
    assert page.is_checked("[name=passage][value=parole]")
    assert visitor.axe() == []
    page.locator("[data-passage]").evaluate(SELECT)
    page.wait_for_function("document.querySelector('[name=words]').value.length > 20")
    page.check("[name=wish][value=delete]")
    page.fill("[name=body]", WHY)
    visitor.press("Invia l'osservazione")
    assert re.fullmatch(r"Osservazione ROV-O-\d{4}", sent(page))
    assert page.locator(".diff del").count() == 1
    assert visitor.axe() == []


def test_a_sentence_is_replaced_by_keyboard_alone(visit, site):
    visitor = visit(1280)
    visitor.sign_in(newcomer(site, "tastiera"))
    page = visitor.open(EDITION)
    page.locator("[data-remark]").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/osserva")
    page.locator("[name=passage]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    for key in ("Tab", "Tab", "ArrowDown", "Tab"):
        page.keyboard.press(key)
    page.keyboard.type("Sei comuni condividono già molto.")
    page.keyboard.press("Tab")
    page.keyboard.type(WHY)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert sent(page).startswith("Osservazione")
    assert "già" in page.locator(".diff").inner_text()
    assert "molto" in page.locator(".diff ins").first.inner_text()


def test_a_sentence_is_chosen_without_scripts_and_the_plan_office_answers(visit, site):
    visitor = visit(PHONE, scripts=False)
    visitor.sign_in(newcomer(site, "carta"))
    page = visitor.open(EDITION)
    page.locator("a:has-text('Fai un\\'osservazione su questo paragrafo')").first.click()
    page.check("[name=passage][value='0']")
    page.fill("[name=body]", WHY)
    visitor.press("Invia l'osservazione")
    path = page.url.removeprefix(site.url)
    office = visit(PHONE)
    office.sign_in("ufficio@example.org")
    page = office.open(f"{path}/esito")
    page.check("[name=verdict][value=accepted]")
    page.fill("[name=reasons]", "Il testo dirà quale ufficio lo fa, e da quando.")
    assert office.axe() == []
    office.press("Proponi un esito")
    visitor.open(path)
    assert visitor.says("Il testo dirà quale ufficio lo fa, e da quando.")
    office.open(f"{path}/esito/decisione")
    assert office.axe() == []


@pytest.fixture
def orphan(site):
    """The path on which the office finds a place for something that has none in a later text."""
    with site.app.app_context():
        plan = db.session.scalars(sa.select(Plan)).one()
        later = keeping.make(plan, None, name="0.4", kind=plan.state)
        remark = db.session.scalars(sa.select(Remark).order_by(Remark.id).limit(1)).one()
        place = RemarkPlace(remark=remark, edition=later, how=Placing.ORPHAN)
        db.session.add(place)
        db.session.commit()
        assert editions.latest(plan).id == later.id
        return f"/osservazioni/posti/{place.id}"


def test_the_office_finds_a_place_by_hand(visit, orphan):
    office = visit(PHONE)
    office.sign_in("ufficio@example.org")
    page = office.open("/piani/rovano-2035/edizioni/3/senza-posto")
    assert office.axe() == []
    page.locator("a:has-text('Trova il posto')").first.click()
    assert page.url.endswith(orphan)
    assert office.axe() == []
    page.select_option("[name=paragraph]", index=1)
    office.press("Sta qui")
    assert office.says("Paolo Righini")
