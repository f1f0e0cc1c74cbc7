"""Accounts as people live with them: a forgotten password, a new address, an organisation, a role, and leaving."""

import pytest

from consult.core.db import db
from consult.demo import services as demo
from consult.processes.models import ModerationMode
from consult.proposals.models import Proposal
from tests.journeys.people import PHONE, link_to, newcomer

NEW = "un'altra frase lunga e mia"


@pytest.fixture(scope="module", autouse=True)
def comments_are_seen_at_once(site):
    """Moderation is walked elsewhere."""
    with site.app.app_context():
        db.session.get_one(Proposal, 5).activity.moderation = ModerationMode.AFTER
        db.session.commit()


@pytest.fixture
def person(site, visit):
    """`person("nives")`: somebody with an account, signed in on a phone."""

    def start(name, width=PHONE, **options):
        visitor = visit(width, **options)
        visitor.email = newcomer(site, name)
        visitor.sign_in(visitor.email)
        return visitor

    return start


@pytest.mark.parametrize("scripts", [True, False])
def test_a_forgotten_password(site, visit, scripts):
    email = newcomer(site, f"smemorata{scripts}")
    visitor = visit(PHONE, scripts=scripts)
    page = visitor.open("/accedi")
    page.get_by_role("link", name="Ho dimenticato la password").click()
    page.fill("[name=email]", email)
    page.click("main form button")
    page.goto(site.url + link_to(site, email))
    page.fill("[name=password]", NEW)
    page.click("main form button")
    visitor.sign_in(email, NEW)
    assert page.locator("form[action='/esci']").count()
    other = visit(PHONE, scripts=scripts)
    other.sign_in(email)
    assert other.says("Controlla entrambi e riprova") or not other.page.locator("form[action='/esci']").count()


def test_an_address_moves_when_both_agree(site, visit, person):
    visitor = person("trasloca")
    page = visitor.open("/profilo/indirizzo")
    page.fill("[name=email]", "arrivata@example.org")
    page.click("main form button.btn-primary")
    for address in ("arrivata@example.org", visitor.email):
        other = visit(PHONE)
        other.open(link_to(site, address))
        assert other.axe() == []
        other.page.click("main form button.btn-primary")
    again = visit(PHONE)
    again.sign_in("arrivata@example.org")
    assert again.page.locator("form[action='/esci']").count()


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("ended", ["here", "elsewhere"])
def test_whoever_signs_in_on_the_way_finds_what_they_had_typed(site, visit, ended, scripts):
    """A form that was open while the session ended, in this browser or from another: nothing typed is lost."""
    email, said = newcomer(site, f"scrivente-{ended}-{scripts}"), f"Ci vuole anche alla scuola ({ended}, {scripts})."
    visitor = visit(PHONE, scripts=scripts)
    visitor.sign_in(email)
    page = visitor.open("/proposte/5")
    page.fill("#commenta [name=body]", said)
    if ended == "here":
        page.context.clear_cookies()
    else:
        other = visit(1280)
        other.sign_in(email)
        other.open("/profilo")
        with other.page.expect_navigation():
            other.page.locator("form[action='/profilo/sessioni/chiudi'] button").click()
    page.click("#commenta form button")
    if ended == "here":
        assert said in page.content()  # the form had lost its token: it is shown to be sent again
        visitor.press("Invia di nuovo")
    assert visitor.page.url.endswith("/accedi?next=/riprendi")
    assert "Quello che hai scritto non è perso" in page.content()
    page.fill("[name=email]", email)
    page.fill("[name=password]", demo.PASSWORD)
    page.click("main form button")
    assert page.locator("h1").inner_text() == "Quello che avevi scritto"
    assert not scripts or visitor.axe() == []
    assert page.locator("main textarea").input_value() == said
    visitor.press("Invia di nuovo")
    assert visitor.says(said)
    assert "/proposte/5" in page.url


def test_an_organisation_and_those_who_speak_for_it(site, visit, person):
    founder, second = person("fondatrice"), person("voce")
    page = founder.open("/profilo/organizzazioni/nuova")
    page.fill("[name=name]", "Coro della Valle")
    page.select_option("[name=category]", index=1)
    page.fill("main [name=description]", "Cantiamo nelle feste della valle da trent'anni, in quaranta.")
    page.click("main form button.btn-primary")
    own = page.url.removeprefix(site.url)
    assert founder.says("finché non è verificata nessuno può parlare a suo nome"), page.locator("main").inner_text()
    assert "Coro della Valle" not in visit(PHONE).open("/organizzazioni").content()
    office = visit(1280)
    office.sign_in("ufficio@example.org")
    office.open("/ufficio/organizzazioni").locator("form[action$='/verifica'] button").first.click()
    page = founder.open(f"{own}/invita")
    page.fill("[name=email]", second.email)
    page.check("[name=kind][value=speaks]")
    page.click("main form button.btn-primary")
    page = second.open(link_to(site, second.email))
    assert second.axe() == []
    second.press("Accetto")
    page = second.open("/proposte/5")
    page.locator("#commenta [name=organisation]").select_option(label="Coro della Valle")
    page.fill("#commenta [name=body]", "Cantiamo volentieri davanti alla panchina nuova.")
    page.click("#commenta form button")
    founder.open(own).locator("form[action*='/mandati/'] button").first.click()
    page = second.open("/proposte/5")
    assert not page.locator("#commenta [name=organisation] option", has_text="Coro della Valle").count()
    reader = visit(PHONE)
    page = reader.open("/organizzazioni/coro-della-valle")
    assert reader.says("Cantiamo volentieri davanti alla panchina nuova.")  # said with the mandate of that time
    assert reader.axe() == []


def test_a_role_is_taken_up_from_a_letter(site, visit, person):
    admin, invited = visit(1280), person("invitata")
    admin.sign_in("admin@example.org")
    page = admin.open("/ufficio/ruoli/invita")
    page.fill("[name=email]", invited.email)
    page.select_option("[name=role]", "moderator")
    page.click("main form button.btn-primary")
    invited.open(link_to(site, invited.email))
    invited.press("Accetto")
    assert invited.says("Il ruolo è tuo") or "/accedi" in invited.page.url
    invited.sign_in(invited.email)
    assert invited.open("/moderazione").locator("h1").inner_text() == "Moderazione"
    site.work()
    assert "da adesso hai questo ruolo" in site.letters.to(invited.email)[-1]
