"""Saying what one thinks: on a telephone by keyboard alone and without scripts; with keys; and reading the map."""

import pytest
import sqlalchemy as sa

from consult.core.db import db
from consult.opinions.models import Conversation

TITLE = "Pianura, collina, montagna: che cosa ci unisce?"


@pytest.fixture(scope="module")
def path(site):
    """Where the map of opinions of the demonstration is."""
    with site.app.app_context():
        found = next(one.id for one in db.session.scalars(sa.select(Conversation)).unique() if str(one.title) == TITLE)
        db.session.remove()
    return f"/opinioni/{found}"


def test_by_keyboard_on_a_telephone_without_scripts(visit, path):
    visitor = visit(375, scripts=False)
    visitor.sign_in("cittadina@example.org")
    page = visitor.open(path)
    page.get_by_role("link", name="Comincia a rispondere").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    first = page.locator("#asked").inner_text()
    page.get_by_role("button", name="D’accordo", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visitor.says("Risposte date: 1 su 12")
    assert page.locator("#asked").inner_text() != first
    page.keyboard.press("Tab")
    page.get_by_role("link", name="Le mie risposte").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visitor.says(first)
    assert visitor.says("Sei d'accordo")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_pages_are_accessible_and_the_keys_answer(visit, path, width):
    visitor = visit(width)
    visitor.sign_in("cittadino@example.org")
    page = visitor.open(path)
    assert visitor.says("Si distinguono 2 gruppi")
    assert visitor.axe() == []
    page = visitor.open(f"{path}/rispondi")
    assert visitor.axe() == []
    before = page.locator("#asked").inner_text()
    with page.expect_navigation():
        page.keyboard.press("3")
    assert page.locator("#asked").inner_text() != before
    visitor.open(f"{path}/risposte")
    assert visitor.says("Hai passato")
    assert visitor.axe() == []
