"""What an organisation says of itself, and a file beside a text: decided without scripts and by keyboard."""

import io

from consult.attachments import services as attachments
from consult.attachments.models import Attachment
from consult.contributions.models import State
from consult.core import files
from consult.core.db import db
from consult.organisations import queries as organisations
from tests.enclosures import picture
from tests.journeys.people import PHONE, newcomer
from tests.journeys.proposing import at, moderated_after, person, proposed

NOTE = "È pubblicità: dite che cosa fate, senza offerte."


def pressed(visitor, locator):
    """Press Enter on what the keyboard has reached, and wait for the page that follows."""
    locator.focus()
    with visitor.page.expect_navigation():
        visitor.page.keyboard.press("Enter")


def decided(visitor, decision, reason=""):
    """Decide on the open page of the desk by keyboard alone."""
    page = visitor.page
    page.locator(f"[name=decision][value={decision}]").focus()
    page.keyboard.press("Space")
    if reason:
        page.select_option("[name=reason]", reason)
        page.fill("[name=note]", NOTE)
    pressed(visitor, page.get_by_role("button", name="Decidi", exact=True))


def reported(visitor, link, reason):
    """Report what the open page shows, by keyboard alone."""
    page = visitor.page
    pressed(visitor, page.get_by_role("link", name=link))
    page.locator(f"[name=reason][value={reason}]").focus()
    page.keyboard.press("Space")
    pressed(visitor, page.get_by_role("button", name="Invia la segnalazione"))


def test_a_description_waits_is_published_reported_and_hidden_without_scripts(visit, site):
    with site.app.app_context():
        speaker = person("associazione@example.org")
        organisation = speaker.organisations[0]
        describe = f"/profilo/organizzazioni/{organisation.id}/descrizione"
        public = f"/organizzazioni/{organisation.slug}"
    voice = visit(PHONE, scripts=False)
    voice.sign_in("associazione@example.org")
    voice.open(describe).fill("textarea[name=description]", "Sconti per tutti, solo oggi.")
    voice.press("Salva")
    assert voice.says("Una nuova descrizione è in attesa di chi modera.")
    moderator = visit(PHONE, scripts=False)
    moderator.sign_in("moderatrice@example.org")
    pressed(moderator, moderator.open("/moderazione?tipo=description").locator("ol.queue h2 a").first)
    assert moderator.says("Sconti per tutti, solo oggi.")
    decided(moderator, "approve")
    reader = visit(375, scripts=False)
    reader.sign_in("cittadina@example.org")
    reader.open(public)
    assert reader.says("Sconti per tutti, solo oggi.")
    reported(reader, "Segnala questa descrizione", "spam")
    assert reader.says("Descrizione di un'organizzazione D-")
    pressed(moderator, moderator.open("/moderazione?tipo=description").locator("ol.queue h2 a").first)
    decided(moderator, "hide", "spam")
    reader.open(public)
    assert not reader.says("Sconti per tutti")
    page = voice.open(describe)
    pressed(voice, page.get_by_role("link", name="Leggi la decisione"))
    assert voice.says(NOTE)
    assert voice.says("Sconti per tutti, solo oggi.")


def test_a_file_is_reported_and_hidden_by_keyboard_and_its_text_stays(visit, site):
    moderated_after(site)
    path = proposed(site, newcomer(site, "allegante"), "La targa da togliere", "Nella foto si legge una targa privata.")
    with site.app.app_context():
        proposal = at(path)
        one = attachments.receive(proposal.author, files.keep(io.BytesIO(picture()), "targa.jpg"))
        attachments.add(proposal, [one], proposal.author, most=5)
        attachments.describe(one, proposal, proposal.author, "Un’auto davanti alla scuola")
        db.session.commit()
        file, number = f"/allegati/{one.token}", one.id
    reader = visit(375)
    reader.sign_in("cittadina@example.org")
    reader.open(path)
    reported(reader, "Segnala questo file", "personal_data")
    reader.open(f"/segnala/attachment/{number}")
    assert reader.axe() == []
    moderator = visit(375)
    moderator.sign_in("moderatrice@example.org")
    moderator.open(f"/moderazione/attachment/{number}")
    assert moderator.axe() == []
    decided(moderator, "hide", "personal_data")
    assert reader.page.request.get(site.url + file).status == 404
    reader.open(path)
    assert reader.says("Nella foto si legge una targa privata.")
    assert not reader.says("targa.jpg")
    with site.app.app_context():
        assert db.session.get(Attachment, number).moderated is State.HIDDEN
        assert at(path).state is State.PUBLISHED
        assert organisations.read_first()
