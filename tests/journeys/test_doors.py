"""The doors of an installation that asks its staff for a second factor: by keyboard, by letter, with an app."""

import pyotp
import pytest

from consult.core import clock
from tests.journeys.conftest import serving
from tests.journeys.people import PHONE, link_to, newcomer

MINE = "sette gatti sul campanile"


@pytest.fixture(scope="module")
def site(cluster, demonstration, tmp_path_factory):
    with serving(cluster, demonstration, tmp_path_factory.mktemp("site"), second_factor="staff") as site:
        yield site


def signed_in(visitor):
    return visitor.page.locator("form[action='/esci']").count() > 0


def test_somebody_registers_by_keyboard_alone_and_never_meets_the_field_for_machines(site, visit):
    visitor = visit(PHONE)
    page = visitor.open("/registrati")
    assert visitor.axe() == []
    assert "Lascia vuoto" not in page.locator("main").aria_snapshot()  # what a screen reader is given
    typed = {"email": "tastiera@example.org", "password": MINE, "display_name": "Tina Tastiera"}
    page.locator("[name=email]").focus()
    met = []
    while (name := page.evaluate("document.activeElement.name || document.activeElement.tagName")) != "BUTTON":
        met.append(name)
        if name in typed:
            page.keyboard.type(typed[name])
        elif name == "municipality":
            page.keyboard.press("ArrowDown")
        elif name == "of_age":
            page.keyboard.press("Space")
        page.keyboard.press("Tab")
        assert len(met) < 20, met
    assert {"email", "password", "display_name", "municipality", "of_age", "minor"} <= set(met)
    assert "topic" not in met
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url.endswith("/posta-inviata")
    assert visitor.axe() == []
    visitor.open(link_to(site, typed["email"]))
    with page.expect_navigation():
        page.locator("main form button").first.click()
    visitor.sign_in(typed["email"], MINE)
    assert signed_in(visitor)


def test_whoever_takes_up_a_role_from_a_letter_sets_up_an_app_and_is_asked_for_its_code(site, visit):
    """The administrator with scripts, the person invited without."""
    admin, invited, email = visit(1280), visit(PHONE, scripts=False), newcomer(site, "invitata")
    admin.sign_in("admin@example.org")
    assert admin.axe() == []
    set_up(admin)
    page = admin.open("/ufficio/ruoli/invita")
    page.fill("[name=email]", email)
    page.select_option("[name=role]", "moderator")
    page.click("main form button.btn-primary")
    invited.sign_in(email)
    invited.open(link_to(site, email))
    invited.press("Accetto")
    invited.sign_in(email)
    assert not at_the_desk(invited)
    app = set_up(invited)
    assert at_the_desk(invited)
    with invited.page.expect_navigation():
        invited.page.locator("form[action='/esci'] button").first.click()
    with site.later(clock.timedelta(minutes=2)):  # the code that set it up is spent
        invited.sign_in(email)
        assert "/accedi/secondo-passo" in invited.page.url
        assert not at_the_desk(invited)
        page = invited.open("/accedi/secondo-passo?next=/moderazione")
        page.fill("[name=code]", "000000" if app.at(clock.now()) != "000000" else "000001")
        invited.press("Accedi")
        assert "/accedi/secondo-passo" in page.url
        page.fill("[name=code]", app.at(clock.now()))
        invited.press("Accedi")
        assert at_the_desk(invited)


def set_up(visitor):
    """Set up an app where the sign-in led; answers the app."""
    assert "/profilo/secondo-passo" in visitor.page.url, visitor.page.url
    visitor.page.locator("form[action='/profilo/secondo-passo/app/inizia'] button").first.click()
    app = pyotp.TOTP(visitor.page.locator("code.key").inner_text().replace(" ", ""))
    visitor.page.fill("[name=code]", app.at(clock.now()))
    visitor.press("Concludi")
    assert visitor.page.locator(".recovery-codes li").count() == 10, visitor.page.locator("main").inner_text()
    return app


def at_the_desk(visitor):
    """Whether the desk of the moderators opens."""
    return visitor.open("/moderazione").locator("h1").inner_text() == "Moderazione"
