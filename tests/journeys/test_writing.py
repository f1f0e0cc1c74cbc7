"""Writing a proposal: saved while one types, lost and found, and all of it also without scripts."""

import re

import pytest
import sqlalchemy as sa
from playwright.sync_api import expect

from consult.contributions.models import State
from consult.core.db import db
from consult.proposals.models import Proposal, ProposalCall

CITIZEN = "cittadina@example.org"
TITLE = "Una corsa dopo cena"
BODY = "Chi lavora la sera non ha un autobus per tornare. Chiediamo una corsa alle ventidue, almeno il venerdì."


@pytest.fixture
def writing(site):
    """The path of the form of the open call."""
    with site.app.app_context():
        call = next(a for a in db.session.query(ProposalCall).order_by(ProposalCall.opens_at.desc()) if a.takes())
        return f"/raccolte/{call.id}/proponi"


def kept(site, title):
    with site.app.app_context():
        return [(one.body, one.state) for one in db.session.scalars(sa.select(Proposal).where(Proposal.title == title))]


def saved(page):
    expect(page.locator("[data-saved]")).to_contain_text("Salvato alle", timeout=20_000)


def test_a_draft_is_saved_as_one_types_found_again_and_sent(visit, site, writing):
    visitor = visit(375)
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    saved(page)
    assert re.search(r"Salvato alle \d\d:\d\d", page.inner_text("[data-saved]"))
    assert "su 100" in page.inner_text("[data-aid]")
    assert kept(site, TITLE) == [(BODY, State.DRAFT)]
    visitor.open("/")
    visitor.open(writing)
    page.click(f"text={TITLE}")
    assert page.input_value("[name=body]") == BODY
    page.click("button[value=preview]")
    assert BODY in page.inner_text(".preview")
    page.click("button[value=submit]")
    [(body, state)] = kept(site, TITLE)
    assert body == BODY
    assert state is not State.DRAFT


def test_what_was_typed_while_the_connection_was_down_is_offered_on_return(visit, site, writing):
    title = "Scritta in galleria"
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    page.fill("[name=title]", title)
    saved(page)
    page.evaluate("() => { window.fetch = () => Promise.reject(new TypeError('no connection')); }")
    page.fill("[name=body]", BODY)
    expect(page.locator("[data-saved]")).to_contain_text("Non c’è connessione", timeout=20_000)
    visitor.open("/percorsi")
    assert kept(site, title) == [("", State.DRAFT)]
    visitor.open(writing)
    assert title in page.inner_text(".draft-restored")
    page.click(".draft-restored .btn-primary")
    assert page.input_value("[name=body]") == BODY
    saved(page)
    assert kept(site, title) == [(BODY, State.DRAFT)]
    visitor.open(writing)
    assert page.locator(".draft-restored").count() == 0


def test_without_scripts_a_draft_is_saved_with_its_button(visit, site, writing):
    title = "Scritta senza script"
    visitor = visit(375, scripts=False)
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    page.fill("[name=title]", title)
    page.fill("[name=body]", BODY)
    page.click("button[value=draft]")
    assert kept(site, title) == [(BODY, State.DRAFT)]
    page.click("button[value=preview]")
    assert BODY in page.inner_text(".preview")
    assert "su 100" in page.inner_text("[data-aid]")
