"""The plan office tells what was done of what people said, and closes a phase: by keyboard and without scripts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.processes.models import Activity, Phase
from consult.restitution import queries
from tests.journeys.proposing import process_of

OFFICE = "ufficio@example.org"
DONE = "Il bus a chiamata parte da gennaio nei due comuni di montagna; la corsa delle 20 invece non è possibile."
WHY = "Le risposte che mancano aspettano il parere della Provincia, che arriva a giugno."
LATER = timedelta(days=150)


def press(page, name):
    """Reach a button with the keyboard alone and press it."""
    page.get_by_role("button", name=name).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def typed(page, name, text):
    """Go to a field with the keyboard and write into it."""
    page.locator(f"[name={name}]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_office_tells_what_was_done_and_closes_the_phase(site, visit, scripts):
    slug = process_of(site)
    with site.later(LATER):
        site.work()
        with site.app.app_context():
            phase = db.session.scalar(sa.select(Phase).where(Phase.position == 2))
            there = Activity.phase_id == phase.id
            call = db.session.scalar(sa.select(Activity).where(there, Activity.kind == "proposal_call"))
            address, told = f"/ufficio/fasi/{phase.id}/chiusura", f"/risultati/{call.id}/restituzione"
            own = Contribution.author_id == Person.id
            author = db.session.scalar(sa.select(Person.email).join(Contribution, own).where(
                Contribution.activity_id == call.id, Contribution.state == State.PUBLISHED,
                Person.email.is_not(None)).order_by(Contribution.id))
            title, published = call.title["it"], queries.of(call) is not None
        office = visit(375, scripts=scripts)
        office.sign_in(OFFICE)
        if not published:
            _tells(site, office, address, title, told, author)
        if not scripts:
            _closes(office, address, f"/percorsi/{slug}/fasi/2")
        passer = visit(375, scripts=scripts)
        for path in (told, f"/percorsi/{slug}/restituzione", f"/percorsi/{slug}/fasi/2/restituzione"):
            passer.open(path)
            assert passer.says("Abbiamo chiesto, avete detto, abbiamo fatto")
            assert not scripts or passer.axe() == []


def _tells(site, office, address, title, told, author):
    page = office.open(address)
    page.get_by_role("link", name=title, exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    typed(page, "done_it", "Boh.")
    press(page, "Salva e pubblica")
    assert office.says("Scrivi almeno una frase")
    assert page.locator("[name=done_it]").input_value() == "Boh."
    assert office.axe() == []
    typed(page, "done_it", DONE)
    press(page, "Salva e pubblica")
    assert page.url.endswith(told)
    assert office.says(DONE)
    site.work()
    assert told in site.letters.to(author)[-1]


def _closes(office, address, phase):
    page = office.open(address)
    assert office.says("Che cosa manca")
    press(page, "Chiudi la fase")
    assert office.says("Spiega in almeno una frase")
    typed(page, "reason", WHY)
    press(page, "Chiudi la fase")
    assert page.url.endswith(phase)
    assert office.says(WHY)
    assert office.says("Paolo Righini")
