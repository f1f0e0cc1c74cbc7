"""The plan office brings the Documento di proposta partecipata to the deciding body: by keyboard, on a telephone."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.concluding import queries, services
from consult.concluding.models import Part
from consult.concluding.words import PARTS
from consult.core.db import db
from consult.processes import queries as processes
from tests.journeys.proposing import process_of

OFFICE = "ufficio@example.org"
SENTENCE = "Un testo scritto dall'ufficio, lungo abbastanza per essere letto da chi decide."
WHY = "È il nome di una sala del municipio, non di una persona."
NAMED = f"{SENTENCE} La riunione si è tenuta in Teresa Galli."
NAME = "Documento di proposta partecipata"


def press(page, name, role="button"):
    """Reach a button or a link with the keyboard alone and press it."""
    page.get_by_role(role, name=name).first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def typed(page, name, text):
    """Go to a field with the keyboard and write into it."""
    page.locator(f"[name={name}]").focus()
    page.keyboard.press("Control+A")
    page.keyboard.insert_text(text)


def prepared(site, slug):
    """All parts written, but for what happens next; the ways to the desk and to the public page."""
    with site.app.app_context():
        process = processes.process_called(slug)
        person = db.session.scalar(sa.select(Person).where(Person.email == OFFICE))
        for part, (_title, fields) in PARTS.items():
            known = queries.part(process, part)
            if part is not Part.AFTER and not (known and all(known.texts.values())):
                services.save(process, part, person, {field.name: SENTENCE for field in fields},
                              seen=known.version if known else 0)
        db.session.commit()
    return f"/ufficio/percorsi/{slug}/documento-di-proposta", f"/percorsi/{slug}/documento-di-proposta"


def test_the_office_writes_it_answers_an_alarm_and_sends_it(site, visit):
    slug = process_of(site)
    desk, public = prepared(site, slug)
    office = visit(375)
    office.sign_in(OFFICE)
    page = office.open(f"/ufficio/percorsi/{slug}")
    press(page, NAME, "link")
    press(page, "Che cosa succede ora", "link")
    typed(page, "monitoring", SENTENCE)
    press(page, "Salva")
    assert office.says("Salvato")
    _answers_an_alarm(office, desk)
    page = office.open(desk)
    press(page, "Registra l'invio via PEC", "link")
    press(page, "Registra")
    assert office.says("Scrivi il numero con cui la lettera")
    typed(page, "protocol", "4512/2027")
    press(page, "Registra")
    _records_that_it_came_back(office, page)
    passer = visit(375)
    passer.open(f"/percorsi/{slug}")
    press(passer.page, NAME, "link")
    assert passer.page.url.endswith(public)
    assert passer.says("4512/2027")
    assert not passer.says(SENTENCE), "the text is read once it is validated"
    assert passer.axe() == []


def _records_that_it_came_back(office, page):
    press(page, "Registra la restituzione", "link")
    typed(page, "note", "Manca")
    press(page, "Registra")
    assert office.says("Scrivi con almeno una frase")
    assert page.locator("[name=note]").input_value() == "Manca"
    assert office.axe() == []
    typed(page, "note", "Mancano le date della seconda fase: vanno aggiunte.")
    press(page, "Registra")
    assert office.says("Restituito con rilievi")


def test_without_scripts_it_is_validated_and_goes_to_the_deciding_body(site, visit):
    desk, public = prepared(site, process_of(site))
    office = visit(375, scripts=False)
    office.sign_in(OFFICE)
    page = office.open(f"{desk}/parti/seguito")
    typed(page, "monitoring", SENTENCE)
    press(page, "Salva")
    press(page, "Registra l'invio via PEC", "link")
    typed(page, "protocol", "4602/2027")
    press(page, "Registra")
    for act in ("Registra la validazione", "Registra l'invio a chi decide"):
        press(page, act, "link")
        press(page, "Registra")
    assert office.says("In corso")
    assert office.says("trenta giorni dall'invio a chi decide")
    passer = visit(375)
    passer.open(public)
    assert passer.says(SENTENCE)
    assert passer.axe() == []


def _answers_an_alarm(office, desk):
    page = office.open(f"{desk}/parti/percorso")
    typed(page, "methods", NAMED)
    press(page, "Salva")
    page = office.open(f"{desk}/passaggi/invio")
    assert office.says("1 punto da guardare")
    assert page.locator("main form").count() == 0
    page = office.open(f"{desk}/dati-personali")
    assert office.says("Teresa Galli")
    assert office.axe() == []
    press(page, "Non è un dato personale", "link")
    typed(page, "reason", "No.")
    press(page, "Metti agli atti")
    assert office.says("Spiega perché, con almeno una frase")
    assert office.axe() == []
    typed(page, "reason", WHY)
    press(page, "Metti agli atti")
    assert office.says(WHY)
    assert office.says("Non resta niente da guardare")
