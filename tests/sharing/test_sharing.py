"""Passing on: short codes, the page to share from, QR codes, what previews and paper show."""

import re
from urllib.parse import unquote

import pytest

from consult.contributions.models import State
from consult.core import config
from consult.sharing.squares import Squares
from tests.browser import NAMESPACE, document, text_of


@pytest.fixture
def things(make):
    """One public contribution of each kind that there is."""
    proposal = make.proposal(title="Corse serali")
    return {"proposal": proposal, "comment": make.comment(proposal.thread), "topic": make.topic()}


@pytest.mark.parametrize("kind", ["proposal", "comment", "topic"])
def test_a_short_code_leads_to_its_page_whatever_the_kind(browser, things, kind):
    thing, page = things[kind], browser()
    for code in (thing.code, thing.code.lower(), re.sub(r"-0+", "-", thing.code)):
        answer = page.get(f"/c/{code}")
        assert answer.status_code == 303
        path = answer.location.partition("#")[0]
        assert thing.code in page.get(path, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("code", ["XXX-P-0001", "PRV-P-9999", "-", "x" * 400, "PRV-P-²", "PRV-P-99999999999999999999"])
def test_a_code_that_nothing_has_is_unknown(browser, things, code):
    for path in (f"/c/{code}", f"/c/{code}/condividi", f"/c/{code}/qr.svg"):
        assert browser().get(path).status_code == 404


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_what_is_not_public_has_nothing_to_pass_on(browser, make, state):
    author = make.person()
    proposal = make.proposal(author=author, state=state, title="Corse serali")
    for person in (None, make.person(), author):
        for path in ("condividi", "qr.svg"):
            assert browser(person).get(f"/c/{proposal.code}/{path}").status_code == 404
    assert browser().get(f"/c/{proposal.code}").status_code == 404
    page = browser(author).get(f"/proposte/{proposal.id}-{proposal.slug}")
    assert "og:title" not in page.get_data(as_text=True)


@pytest.mark.parametrize("kind", ["proposal", "comment", "topic"])
def test_the_page_to_share_from_shows_the_address_and_its_code(browser, app, things, kind):
    thing = things[kind]
    with app.app_context():
        address = f"{config.current().address}/c/{thing.code}"
    response = browser().get(f"/c/{thing.code}/condividi")
    page = document(response)
    assert next(e for e in page.iter(f"{NAMESPACE}input") if e.get("id") == "short").get("value") == address
    mail = next(a.get("href") for a in page.iter(f"{NAMESPACE}a") if (a.get("href") or "").startswith("mailto:"))
    assert address in unquote(mail)
    assert Squares.leading_to(address).path in response.get_data(as_text=True)
    assert " style=" not in response.get_data(as_text=True)


def test_a_drawing_of_a_code_is_a_file_of_its_own(browser, things):
    response = browser().get(f"/c/{things['proposal'].code}/qr.svg")
    assert response.mimetype == "image/svg+xml"
    assert response.get_data(as_text=True).startswith("<svg xmlns=")
    assert things["proposal"].code in response.get_data(as_text=True)


def test_a_code_is_drawn_square_for_square():
    squares = Squares.leading_to("https://esempio.it/c/ROV-P-0012")
    dark = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", squares.path):
        dark |= {(int(x) + step, int(y)) for step in range(int(length))}
    finder = {(4 + x, 4 + y) for x in range(7) for y in range(7) if not (1 <= min(x, y, 6 - x, 6 - y) < 2)}
    assert finder <= dark
    assert {x for x, _y in dark} | {y for _x, y in dark} <= set(range(4, squares.width - 4))


def test_previews_of_links_are_told_what_it_is_about_and_ask_nobody_else(browser, make):
    proposal = make.proposal(title='Corse "serali" & notturne', body="Più autobus la sera.")
    text = browser().get(f"/proposte/{proposal.id}-{proposal.slug}").get_data(as_text=True)
    metas = {e.get("property"): e.get("content") for e in document(
        browser().get(f"/proposte/{proposal.id}-{proposal.slug}")).iter(f"{NAMESPACE}meta")}
    assert metas["og:title"] == 'Corse "serali" & notturne'
    assert metas["og:description"] == "Più autobus la sera."
    assert metas["og:url"].endswith(f"/proposte/{proposal.id}-{proposal.slug}")
    assert not re.search(r'src="https?://', text)


def test_paper_shows_the_code_and_the_address(browser, make):
    proposal = make.proposal()
    assert f"{proposal.code}: si continua a leggere su " in text_of(
        browser().get(f"/proposte/{proposal.id}-{proposal.slug}"))
