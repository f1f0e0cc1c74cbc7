"""The ways of being verified, each as people walk it, on a phone; and what a code does without an account."""

import pytest
import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.territory.models import Municipality
from tests.journeys.people import PHONE, ballot_for_residents, may_vote, newcomer, vote
from tests.verification.conftest import BORN, code_of

TAX_CODES = (code_of(1), code_of(2))


@pytest.fixture(scope="module")
def ballot(site):
    return ballot_for_residents(site)


@pytest.fixture
def resident(site, visit, ballot, request):
    """Somebody with an account who cannot vote yet, as nobody knows where they live."""
    visitor = visit(PHONE)
    visitor.email = newcomer(site, request.node.name.removeprefix("test_")[:40])
    visitor.sign_in(visitor.email)
    assert not may_vote(visitor, ballot)
    return visitor


def told(runner, *arguments):
    done = runner.invoke(args=["registry", *map(str, arguments)])
    assert done.exit_code == 0, done.output
    return done.output


def test_the_register_that_the_registry_office_made(site, visit, resident, ballot, tmp_path):
    (tmp_path / "residents.csv").write_text(f"codice_fiscale;data_nascita\n{TAX_CODES[0]};{BORN:%d/%m/%Y}\n")
    runner, key, hashes = site.app.test_cli_runner(), tmp_path / "key", tmp_path / "hashes.csv"
    told(runner, "key", key)
    told(runner, "hash", tmp_path / "residents.csv", hashes, "--key-file", key)
    assert TAX_CODES[0] not in hashes.read_text()
    with site.app.app_context():
        code = db.session.scalars(sa.select(Municipality.istat_code).where(Municipality.name == "Castelrovano")).one()
    assert "nothing was changed" in told(runner, "import", hashes, "--municipality", code, "--dry-run")
    told(runner, "import", hashes, "--municipality", code)
    page = resident.open("/profilo/residenza")
    page.click("a[href='/profilo/residenza/registro']")
    page.fill("[name=tax_code]", TAX_CODES[0].lower())
    page.fill("[name=born]", "1985-12-11")
    page.click("main form button.btn-primary")
    assert page.locator("[name=tax_code]").input_value()  # a wrong day: what was typed stays
    page.fill("[name=born]", BORN.isoformat())
    page.click("main form button.btn-primary")
    assert resident.says("La tua residenza è verificata")
    assert resident.axe() == []
    assert may_vote(resident, ballot)
    vote(resident, ballot)


def test_a_code_of_a_sheet(visit, resident, ballot):
    sheet = codes_of_a_sheet(visit, 2)
    resident.open(f"/codice/{sheet[0]}")
    resident.press("Usa il codice")
    assert resident.says("La tua residenza è verificata")
    assert may_vote(resident, ballot)
    other = visit(PHONE, scripts=False)
    other.open(f"/codice/{sheet[0]}")
    other.press("Partecipa senza account")
    assert other.says("Questo codice è legato a un account")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_code_without_an_account(site, visit, ballot, scripts):
    """In the room of an assembly one tablet goes round: each votes once, with the code in their hand."""
    first, second = codes_of_a_sheet(visit, 2)
    tablet, faults = visit(PHONE, scripts=scripts), []
    for code in (first, second):
        assert not tablet.open(ballot).locator(f"a[href='{ballot}/vota']").count()
        faults += tablet.axe() if scripts else []
        tablet.page.fill("[name=code]", code.lower())
        tablet.press("Partecipa senza account")
        assert tablet.page.url.endswith(f"{ballot}/vota")
        vote(tablet, ballot)
        faults += tablet.axe() if scripts else []
        tablet.press("Ho finito")
    again = visit(PHONE, scripts=scripts)
    again.open(f"/codice/{first}")
    again.press("Partecipa senza account")
    again.open(ballot)
    assert faults == []
    assert again.says("Hai votato")  # the same code is the same voter: the vote can be changed, not doubled


def test_the_help_desk_and_a_conflict(site, visit, resident, ballot):
    clerk = visit(1280)
    clerk.sign_in("sportello@example.org")
    check(clerk, resident.email, TAX_CODES[1])
    assert clerk.says("verifica registrata"), clerk.page.locator("main").inner_text()
    assert may_vote(resident, ballot)
    double = newcomer(site, "doppia")
    check(clerk, double, TAX_CODES[1])
    other = visit(PHONE)
    other.sign_in(double)
    assert not may_vote(other, ballot)
    other.open("/profilo/residenza")
    assert other.says("in conflitto")
    clerk.open("/sportello/conflitti").locator("main a[href^='/sportello/conflitti/']").last.click()
    assert clerk.axe() == []


def check(clerk, email, tax_code):
    page = clerk.open("/sportello/verifica")
    page.fill("[name=email]", email)
    page.click("main form button.btn-primary")
    page.fill("[name=tax_code]", tax_code)
    page.select_option("[name=municipality]", label="Castelrovano")
    page.select_option("[name=document]", index=1)
    page.select_option("[name=age_band]", index=6)
    page.fill("[name=reason]", "È venuta allo sportello, non ha un'identità digitale.")
    with page.expect_navigation():
        page.click("main form button.btn-primary")


def codes_of_a_sheet(visit, number):
    """The codes that a clerk prints."""
    clerk = visit(1280)
    clerk.sign_in("sportello@example.org")
    page = clerk.open("/ufficio/codici")
    page.select_option("[name=municipality]", label="Castelrovano")
    page.fill("[name=number]", str(number))
    page.fill("[name=last_day]", (clock.today() + clock.timedelta(days=30)).isoformat())
    page.click("main form button.btn-primary")
    codes = page.locator(".code-text").all_inner_texts()
    assert len(codes) == number, page.locator("main").inner_text()
    return codes
