"""Showing where something is and what it looks like: with the keyboard, with the mouse, and without scripts."""

import pytest

from consult.core.db import db
from consult.proposals.models import ProposalCall
from tests.enclosures import pdf, taken_at_home

CITIZEN = "cittadina@example.org"
TITLE = "Una pensilina alla fermata della scuola"
BODY = "Quando piove chi aspetta l'autobus non ha riparo. Chiediamo una pensilina con una panchina e una luce."
PICTURE = {"name": "fermata.jpg", "mimeType": "image/jpeg", "buffer": taken_at_home()}
PAPER = {"name": "disegno.pdf", "mimeType": "application/pdf", "buffer": pdf()}


@pytest.fixture
def writing(site):
    """The path of the form of the open call."""
    with site.app.app_context():
        call = next(a for a in db.session.query(ProposalCall).order_by(ProposalCall.opens_at.desc()) if a.takes())
        return f"/raccolte/{call.id}/proponi"


def point(page):
    return [float(page.input_value(f"[name=place_{name}]") or "nan") for name in ("latitude", "longitude")]


@pytest.fixture
def written(visit, writing):
    """A citizen with a proposal written, but for its place and its files."""
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    return visitor


def said(page):
    return page.locator(".map-said").inner_text()


def town(page):
    return page.locator("[name=place_municipality] option:checked").inner_text()


def test_a_point_is_set_and_moved_and_removed_by_keyboard_and_told_in_words(written):
    page = written.page
    page.locator("[data-map-picker] svg").focus()
    page.keyboard.press("ArrowUp")  # the first key puts the point, the next ones move it
    first = point(page)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Shift+ArrowRight")
    latitude, longitude = point(page)
    assert latitude > first[0]
    assert longitude - first[1] > 5 * (latitude - first[0])
    assert f"Punto a {town(page)}" in said(page)
    assert f"latitudine {latitude:.5f}" in said(page)
    page.keyboard.press("Delete")
    assert page.input_value("[name=place_latitude]") == ""
    assert said(page) == "Non è scelto alcun punto."


def test_a_click_outside_is_told_and_refused_with_all_that_was_written(written):
    page = written.page
    page.locator("[data-town]").first.click(force=True)
    assert town(page) == "Castelrovano"
    page.locator("[data-map-picker] svg").click(position={"x": 3, "y": 3})
    assert "fuori" in said(page)
    page.click("button[value=submit]")
    assert "Il punto è fuori dal territorio" in page.locator("#error-summary").inner_text()
    assert page.input_value("[name=title]") == TITLE
    assert written.axe() == []


def test_a_proposal_is_sent_with_a_point_a_picture_and_a_document(written):
    page = written.page
    page.locator("[data-town]").first.click(force=True)
    page.set_input_files("[name=files]", [PICTURE, PAPER])
    page.click("button[value=attach]")
    page.locator(".attachment-list input[name^=words]").first.fill("La fermata senza riparo")
    assert written.axe() == []
    page.click("button[value=submit]")
    page.wait_for_url("**/proposte/**")
    assert page.locator(".map-small .map-point").count() == 1
    assert "Castelrovano" in page.locator(".place").inner_text()
    width = "image => image.decode().then(() => image.naturalWidth)"
    assert page.locator(".attachment-pictures img").evaluate(width) > 0
    assert written.axe() == []


def test_without_scripts_the_municipality_and_an_address_are_chosen_and_files_go_along(visit, writing):
    visitor = visit(375, scripts=False)
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    assert not page.locator("[data-map-picker]").is_visible()
    page.fill("[name=title]", TITLE)
    page.fill("[name=body]", BODY)
    page.select_option("[name=place_municipality]", label="Fontelunga")
    page.fill("[name=place_address]", "Piazza del Mercato")
    page.set_input_files("[name=files]", [PICTURE])
    page.click("button[value=submit]")
    assert "che cosa mostra l'immagine" in page.locator("#error-summary").inner_text()
    page.locator(".attachment-list input[name^=words]").fill("La fermata senza riparo")
    page.click("button[value=submit]")
    assert "/proposte/" in page.url
    assert "Piazza del Mercato, Fontelunga" in page.locator(".place").inner_text()
    assert page.locator(".attachment-pictures img").get_attribute("alt") == "La fermata senza riparo"


def test_a_file_that_is_too_large_is_named_before_it_travels(visit, writing):
    visitor = visit()
    visitor.sign_in(CITIZEN)
    page = visitor.open(writing)
    page.set_input_files("[name=files]", [{**PAPER, "buffer": b"%PDF-" + b"x" * 21 * 1024 * 1024}])
    assert "«disegno.pdf» è troppo grande: al massimo 20 MB." in page.locator("#files-error").inner_text()
    assert page.input_value("[name=files]") == ""
