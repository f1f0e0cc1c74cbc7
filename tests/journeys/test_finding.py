"""Finding proposals while one types, by choosing, and without scripts; and being told of what says the like."""

from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import expect

from consult.core.db import db
from consult.proposals.models import ProposalCall

CITIZEN = "cittadina@example.org"


@pytest.fixture
def call(site):
    """The path of the open call."""
    with site.app.app_context():
        found = next(a for a in db.session.query(ProposalCall).order_by(ProposalCall.opens_at.desc()) if a.takes())
        return f"/raccolte/{found.id}"


def items(page):
    return page.locator("[data-list] [data-code]")


def shown(page):
    return items(page).evaluate_all("all => all.map(each => each.dataset.code)")


def test_the_list_follows_what_one_types_and_chooses_and_so_does_the_address(visit, call):
    visitor = visit(375)
    page = visitor.open(call)
    every = shown(page)
    page.locator("#q").press_sequentially("tranquil")
    expect(items(page)).to_have_count(1)
    assert page.locator("[data-list] mark").first.inner_text().lower().startswith("tranquil")
    assert parse_qs(urlsplit(page.url).query) == {"q": ["tranquil"]}
    assert "1 proposta" in page.locator("[data-list-status]").text_content()
    assert page.evaluate("document.activeElement.id") == "q"
    found = shown(page)
    page.reload()
    assert shown(page) == found
    page.fill("#q", "")
    expect(items(page)).to_have_count(len(every))
    page.click(".filters-more > summary")
    page.select_option("#da", "organizzazioni")
    expect(items(page)).not_to_have_count(len(every))
    assert parse_qs(urlsplit(page.url).query) == {"da": ["organizzazioni"]}
    assert visitor.axe() == []


def test_without_scripts_the_button_and_the_links_do_the_same(visit, call):
    visitor = visit(375, scripts=False)
    page = visitor.open(call)
    page.fill("#q", "tranquil")
    page.click("[data-list-form] button")
    found = shown(page)
    assert len(found) == 1
    page.click("text=A caso")
    asked = parse_qs(urlsplit(page.url).query)
    assert asked["seme"][0].isdigit()
    assert (asked["q"], shown(page)) == (["tranquil"], found)


def test_whoever_writes_is_shown_what_says_the_like(visit, call):
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(f"{call}/proponi")
    page.fill("[name=title]", "Biblioteca aperta la sera")
    page.fill("[name=body]", "La biblioteca chiude alle 18.30 e chi studia non ha un posto tranquillo. Chiedo un'aula "
                             "studio aperta la sera, nella vecchia filanda.")
    page.wait_for_selector(".similar [data-code]", timeout=20_000)
    assert "filanda" in page.locator(".similar").inner_text().lower()
    assert visitor.axe() == []
