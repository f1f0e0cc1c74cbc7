"""Signing in with a digital identity, at a provider that really runs, through a browser that really goes there."""

import pytest

from consult.accounts.models import Person
from consult.comments.models import Comment
from consult.core.db import db
from tests.identity.conftest import mario, provider, running  # noqa: F401 - fixtures
from tests.journeys.conftest import serving
from tests.journeys.people import PHONE, ballot_for_residents, may_vote, newcomer, vote


@pytest.fixture(scope="module")
def site(cluster, demonstration, tmp_path_factory, running):  # noqa: F811
    folder = tmp_path_factory.mktemp("site")
    (folder / "providers.toml").write_text(f"""
[spid]
name = "SPID"
issuer = "{running}"
client_id = "consult"
client_secret = "a secret between the two of us"
acr_values = ["https://www.spid.gov.it/SpidL2"]
""")
    with serving(cluster, demonstration, folder) as site:
        site.elsewhere = (running,)
        yield site


@pytest.fixture(scope="module")
def ballot(site):
    return ballot_for_residents(site)


def by_identity(visitor, path="/accedi"):
    visitor.open(path).get_by_role("link", name="SPID").click()
    visitor.page.wait_for_load_state()
    return visitor.page


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_new_opens_an_account_with_it_and_comes_back(site, visit, ballot, provider, scripts):  # noqa: F811
    provider.sign_in_as(mario(sub=f"mario {scripts}", fiscalNumber=["TINIT-RSSMRA85T10A562S", None][not scripts],
                              municipality="Castelrovano", email=f"mario{scripts}@example.org", email_verified=True))
    visitor = visit(PHONE, scripts=scripts)
    page = by_identity(visitor, f"/accedi?next={ballot}")
    assert visitor.says("Apriamo un account per te")
    assert visitor.axe() == [] if scripts else True
    assert page.locator("[name=display_name]").input_value() == "Mario R."
    if page.locator("[name=municipality]").count():
        page.select_option("[name=municipality]", label="Castelrovano")
    visitor.press("Apri il mio account")
    assert page.url.endswith(ballot)
    assert may_vote(visitor, ballot) is scripts  # who is verified by it has a tax code there
    if scripts:
        vote(visitor, ballot)
    with page.expect_navigation():
        page.locator("form[action='/esci'] button").first.click()
    by_identity(visitor)
    assert visitor.says("Stai per accedere come Mario R.")
    visitor.press("Accedi")
    assert page.locator("form[action='/esci']").count()


def test_it_is_tied_to_an_account_only_after_signing_in_to_that(site, visit, ballot, provider):  # noqa: F811
    email = newcomer(site, "luisa")
    identity = mario(sub="luisa", fiscalNumber="TINIT-VRDLSU80A41H501R", email=email, email_verified=True,
                     given_name="Luisa")
    provider.sign_in_as(identity)
    visitor = visit(PHONE)
    page = by_identity(visitor)
    assert visitor.says("Qualcuno ha un account con l'indirizzo e-mail")
    assert visitor.axe() == []
    page.get_by_role("link", name="Accedi al mio account").click()
    page.fill("[name=email]", email)
    page.fill("[name=password]", "dimostrazione")
    page.click("main form button")
    visitor.press("Lega")
    visitor.open("/profilo")
    assert visitor.says("SPID")
    with site.app.app_context():
        assert db.session.query(Person).filter_by(email=email).count() == 1


def test_whoever_gives_up_there_is_told_that_nothing_happened(visit, provider):  # noqa: F811
    provider.sign_in_as(deny=True)
    visitor = visit(PHONE)
    page = by_identity(visitor)
    assert page.url.endswith("/accedi")
    assert visitor.says("Non hai effettuato l'accesso")


def test_what_was_typed_before_waits_while_one_signs_in_with_it(site, visit, provider):  # noqa: F811
    provider.sign_in_as(mario(sub="scrivente", fiscalNumber=None, email="scrivente@example.org", email_verified=True))
    said = "Una panchina anche davanti alla biblioteca, dove c'è ombra."
    visitor = visit(PHONE, scripts=False)
    by_identity(visitor)
    page = visitor.page
    if page.locator("[name=municipality]").count():
        page.select_option("[name=municipality]", label="Castelrovano")
    visitor.press("Apri il mio account")
    page = visitor.open("/proposte/5")
    page.fill("#commenta [name=body]", said)
    page.context.clear_cookies()
    page.click("#commenta form button")
    visitor.press("Invia di nuovo")
    page.get_by_role("link", name="SPID").click()
    page.wait_for_load_state()
    visitor.press("Accedi")
    assert page.locator("main textarea").input_value() == said
    visitor.press("Invia di nuovo")
    with site.app.app_context():
        assert db.session.query(Comment).filter_by(body=said).count() == 1


def test_an_identity_that_belongs_to_another_account_is_refused_with_a_sentence(site, visit, provider):  # noqa: F811
    provider.sign_in_as(mario(sub="prima", fiscalNumber="TINIT-VRDLGU90A01H501S", municipality="Castelrovano",
                              email="prima@example.org", email_verified=True))
    first = visit(PHONE)
    by_identity(first)
    first.press("Apri il mio account")
    second = visit(PHONE)
    second.sign_in(newcomer(site, "seconda"))
    page = second.open("/profilo/residenza")
    page.get_by_role("link", name="Usa SPID").click()
    page.wait_for_load_state()
    assert second.axe() == []
    page.click("main form button.btn-primary")
    assert second.says("Un altro account è legato a questa identità.")
    assert second.axe() == []
    assert not second.open("/profilo/residenza").locator("main").inner_text().count("La tua residenza è verificata")
