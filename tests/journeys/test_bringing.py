"""The office brings a conversation of Polis without scripts; its pages, and that of withholding, are accessible."""

import pytest

from consult.core.db import db
from tests.journeys.bringing import COMMENTS, SEND, VOTES, chosen, reservation


@pytest.mark.parametrize("width", [375, 1280])
def test_a_conversation_is_brought_and_taken_back_without_scripts(visit, width):
    visitor = visit(width, scripts=False)
    visitor.sign_in("ufficio@example.org")
    page = visitor.open(SEND)
    page.get_by_role("button", name="Guarda che cosa entrerebbe").press("Enter")
    assert visitor.says("Scegli il file delle affermazioni.")
    chosen(page, comments=COMMENTS, votes=VOTES, summary=f"topic,Panchine {width}\n")
    page.get_by_role("button", name="Guarda che cosa entrerebbe").press("Enter")
    assert visitor.says("1 riga è rifiutata")
    assert page.get_by_label("Titolo").input_value() == f"Panchine {width}"
    page.get_by_role("button", name="Fai la mappa delle opinioni").press("Enter")
    page.get_by_role("link", name=f"Panchine {width}").first.press("Enter")
    page.get_by_role("heading", level=1, name=f"Panchine {width}").wait_for()
    assert visitor.says("Hanno risposto in 30, tra persone")
    page.go_back()
    page.get_by_role("button", name="Annulla l’importazione").press("Enter")
    assert visitor.says("I file si possono inviare di nuovo")


@pytest.mark.parametrize("width", [375, 1280])
def test_the_pages_are_accessible(visit, site, width):
    with site.app.app_context():
        withheld = reservation()
        db.session.commit()
    office = visit(width)
    office.sign_in("ufficio@example.org")
    page = office.open(SEND)
    assert office.axe() == []
    chosen(page, comments=COMMENTS, votes=VOTES)
    page.get_by_role("button", name="Guarda che cosa entrerebbe").click()
    assert office.says("1 riga è rifiutata")
    assert office.axe() == []
    moderator = visit(width)
    moderator.sign_in("moderatrice@example.org")
    page = moderator.open(withheld)
    assert moderator.axe() == []
    page.get_by_label("Nessuno: è pubblicità").check()
    page.get_by_role("button", name="Salva").click()
    assert moderator.says("I moderatori non mostrano un testo: è pubblicità.")
    assert moderator.axe() == []
