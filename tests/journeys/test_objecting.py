"""Somebody's text is hidden: they read why, without scripts and on a phone, object, and another person decides."""

import re
from datetime import timedelta

import pytest

from consult.contributions.models import State
from consult.core.db import db
from consult.moderation import services
from consult.moderation.models import Act, Reason
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import at, moderated_after, person, proposed

NOTE = "Il numero di telefono è di una persona privata."
OBJECTION = "È il numero del centralino, che sta anche sul sito del Comune."
ANSWER = "È vero, è il numero del centralino: il testo torna pubblico."


@pytest.fixture
def hidden(site):
    """`hidden("nome")`: the path of a proposal that a moderator has hidden, and its author, who was told by mail."""
    def make(name):
        moderated_after(site)
        author = newcomer(site, f"obietta-{name}")
        path = proposed(site, author, f"Chiamare il Comune: {name}", "Per i lampioni rotti si chiami lo 0000.")
        with site.app.app_context():
            services.decide(at(path), person("moderatrice@example.org"), act=Act.HIDE, reason=Reason.PERSONAL_DATA,
                            note=NOTE, seen=services.mark(at(path)))
            db.session.commit()
        return path, author

    return make


def test_the_author_reads_why_objects_and_another_moderator_makes_it_public_again(visit, site, hidden):
    path, author = hidden("riesame")
    with site.later(timedelta(seconds=20)):
        site.work()
    letter = site.letters.to(author)[-1]
    assert NOTE in " ".join(letter.split())
    visitor = visit(PHONE, scripts=False)
    visitor.sign_in(author)
    page = visitor.open(re.search(r"http://[^/\s]+(/decisioni/\d+)", letter)[1])
    for said in ("Ciò che hai scritto è stato nascosto", NOTE, "lampioni rotti", "Correggi e ripubblica"):
        assert visitor.says(said), said
    page.get_by_role("link", name="Chiedi un riesame").click()
    page.fill("[name=words]", OBJECTION)
    visitor.press("Chiedi un riesame")
    assert visitor.says("La tua richiesta è arrivata")
    assert visitor.says(OBJECTION)

    other = visit(PHONE, scripts=False)
    other.sign_in("moderatore@example.org")
    page = other.open("/moderazione/riesami")
    page.get_by_role("link", name="Chiamare il Comune: riesame").click()
    assert other.says(OBJECTION)
    page.check("[name=decision][value=overturn]")
    page.fill("[name=note]", ANSWER)
    other.press("Decidi")
    with site.app.app_context():
        assert at(path).state is State.PUBLISHED
    with site.later(timedelta(seconds=20)):
        site.work()
    assert ANSWER in " ".join(site.letters.to(author)[-1].split())
    visitor.open(path)
    assert visitor.says("lampioni rotti")


def test_the_pages_are_accessible_and_the_text_is_corrected_by_keyboard(visit, site, hidden):
    path, author = hidden("correzione")
    visitor = visit(375)
    visitor.sign_in(author)
    page = visitor.open(path)
    page.get_by_role("link", name="Leggi la decisione").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/decisioni/*")
    assert visitor.axe() == []
    decision = page.url
    page.get_by_role("link", name="Chiedi un riesame").click()
    assert visitor.axe() == []
    page.goto(decision)
    page.get_by_role("link", name="Correggi e ripubblica").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/modifica")
    page.fill("[name=body]", "Per i lampioni rotti si chiami il Comune.")
    page.fill("[name=reason]", "Tolto il numero.")
    page.locator("main form button[value=submit]").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    with site.app.app_context():
        assert at(path).state is State.PENDING
