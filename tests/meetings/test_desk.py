"""The desk: a meeting from its first day to its approved minutes, without scripts."""

import io
from datetime import timedelta

import pytest

from consult.accounts.models import Role
from consult.core import clock, files
from consult.core.db import db
from consult.meetings.models import Meeting, MeetingDocument, Minutes, MinutesState, Stance
from tests import enclosures
from tests.browser import text_of
from tests.factories import DAY


@pytest.fixture
def office(browser, make):
    return browser(make.person(Role.FACILITATOR))


def typed(begins, **changes):
    local = [clock.local(begins + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M") for hours in (0, 2)]
    return {"title_it": "Tavolo del bus", "intro_it": "Si parla di corse.", "begins_at": local[0], "ends_at": local[1],
            "place": "Sala civica", "agenda-0-title": "Orari", **changes}


def test_from_preparing_to_approved_minutes(browser, make):
    make.process()
    facilitator = make.person(Role.FACILITATOR)
    office = browser(facilitator)
    province = make.organisation(name="Provincia")
    body = make.body(province)
    answer = office.submit("/ufficio/percorsi/prova/nuovo-incontro", typed(clock.now() + 8 * DAY, body=str(body.id)))
    assert answer.status_code == 303
    meeting = db.session.query(Meeting).one()
    desk = f"/ufficio/incontri/{meeting.id}"
    assert browser().get(f"/incontri/{meeting.id}").status_code == 404
    office.submit(f"{desk}/convoca")
    assert "Sala civica" in text_of(browser().get(f"/incontri/{meeting.id}"))
    clock.shift(9 * DAY)
    office = browser(facilitator)
    office.submit(f"{desk}/presenze", {"attended": "12", "online": "", "organisations": [str(province.id)]})
    item = meeting.agenda[0]
    office.submit(f"{desk}/punti/{item.id}", {
        "positions-0-stance": "conditional", "positions-0-note": "Se costa poco."})
    assert [(one.organisation_id, one.stance) for one in item.positions] == [(province.id, Stance.CONDITIONAL)]
    office.submit(f"{desk}/verbale", {"body": "Si parla di corse: la Provincia è d'accordo, se costa poco."})
    minutes = db.session.query(Minutes).one()
    office.submit(f"/ufficio/verbali/{minutes.id}/invia")
    assert office.get(f"/ufficio/verbali/{minutes.id}/approva").status_code == 403
    clock.shift(17 * DAY)
    office = browser(facilitator)
    office.submit(f"/ufficio/verbali/{minutes.id}/approva")
    page = text_of(browser().get(f"/incontri/{meeting.id}/verbale"))
    assert "la Provincia è d'accordo, se costa poco" in page
    office.submit(f"/ufficio/verbali/{minutes.id}/note", {"text": "La corsa parte il lunedì."})
    assert "La corsa parte il lunedì." in text_of(browser().get(f"/incontri/{meeting.id}/verbale"))
    assert office.get(f"{desk}/verbale").status_code == 403


def test_rows_of_the_agenda_are_added_and_moved_by_buttons_and_what_was_typed_stays(make, office):
    make.process()
    path = "/ufficio/percorsi/prova/nuovo-incontro"
    fields = typed(clock.now() + 8 * DAY, **{"agenda-1-title": "Biglietti", "agenda-1-text": "Uno solo."})
    shown = office.submit(path, fields, button=("act", "row:agenda"))
    assert shown.get_data(as_text=True).count('type="text"') > 0
    assert "agenda-3-title" in shown.get_data(as_text=True)
    moved = office.submit(path, fields, button=("act", "up:1")).get_data(as_text=True)
    assert moved.index('value="Biglietti"') < moved.index('value="Orari"')
    assert db.session.query(Meeting).count() == 0
    office.submit(path, fields)
    assert [(item.title, item.text) for item in db.session.query(Meeting).one().agenda] == [
        ("Orari", ""), ("Biglietti", "Uno solo.")]


@pytest.mark.parametrize(("changes", "sentence"), [
    ({"online": "http://stanza.example"}, "Scrivi un indirizzo che comincia con https://"),
    ({"online": "javascript:alert(1)"}, "Scrivi un indirizzo che comincia con https://"),
    ({"ends_at": "2026-01-01T10:00"}, "La fine deve venire dopo l'inizio."),
    ({"agenda-0-title": "", "agenda-0-text": "Senza titolo."}, "svuota tutta la riga"),
    ({"title_it": ""}, "Dai un titolo all'incontro.")])
def test_what_cannot_be_is_said_at_its_field(make, office, changes, sentence):
    make.process()
    answer = office.submit("/ufficio/percorsi/prova/nuovo-incontro", typed(clock.now() + 8 * DAY, **changes))
    assert answer.status_code == 200
    assert sentence in text_of(answer).replace("’", "'")
    assert db.session.query(Meeting).count() == 0


def test_with_few_days_left_the_desk_warns_and_asks_why(make, office):
    meeting = make.meeting(begins_at=clock.now() + 2 * DAY, convened_at=None)
    assert "Mancano meno di cinque giorni" in text_of(office.get(f"/ufficio/incontri/{meeting.id}"))
    path = f"/ufficio/incontri/{meeting.id}/convoca"
    assert "perché non si è potuto convocare prima" in text_of(office.submit(path))
    office.submit(path, {"reason": "La Provincia decide gli orari lunedì."})
    assert (meeting.published, meeting.short_notice) == (True, "La Provincia decide gli orari lunedì.")


def test_two_who_change_a_meeting_see_both_versions(make, office):
    meeting = make.meeting()
    path = f"/ufficio/incontri/{meeting.id}/modifica"
    form = office.form(path)
    office.post(path, {**form["fields"], "place": "Teatro", "act": "save"})
    stale = office.post(path, {**form["fields"], "place": "Palestra", "act": "save"})
    assert stale.status_code == 409
    assert all(word in text_of(stale) for word in ("Teatro", "Palestra"))
    assert meeting.place == "Teatro"


def test_two_who_write_minutes_see_both_texts(make, office):
    meeting = make.meeting("past")
    path = f"/ufficio/incontri/{meeting.id}/verbale"
    form = office.form(path)
    assert form["fields"]["body"] == "# 1. Orari del bus"
    office.post(path, {**form["fields"], "body": "Il primo testo, lungo abbastanza."})
    stale = office.post(path, {**form["fields"], "body": "Il secondo testo, lungo abbastanza."})
    assert stale.status_code == 409
    assert all(words in text_of(stale) for words in ("Il primo testo", "Il secondo testo"))


@pytest.mark.parametrize(("row", "sentence"), [
    ({"stance": "agreement"}, "Scegli un'organizzazione oppure scrivi il nome"),
    ({"name": "Comitato", "stance": "conditional"}, "Scrivi la condizione: senza"),
    ({"name": "Comitato", "note": "Forse."}, "Scegli la posizione")])
def test_a_position_without_subject_stance_or_condition_is_not_taken(make, office, row, sentence):
    meeting = make.meeting("past")
    path = f"/ufficio/incontri/{meeting.id}/punti/{meeting.agenda[0].id}"
    answer = office.submit(path, {f"positions-0-{name}": value for name, value in row.items()})
    assert sentence in text_of(answer)
    assert meeting.agenda[0].positions == []


def test_minutes_with_personal_words_stay_and_the_page_says_which_and_where(make, office):
    minutes = make.minutes(body="Si parla di corse. Chiamare il 333 1234567, chiede la dott.ssa Verdi.")
    path = f"/ufficio/verbali/{minutes.id}/invia"
    page = text_of(office.get(path))
    assert "È un numero di telefono." in page
    assert "nessuna è il nome di una persona" in page
    answer = office.submit(path, {"harmless": "y"})
    assert "Prima toglile." in text_of(answer)
    assert minutes.state is MinutesState.DRAFT


def test_a_document_goes_with_a_meeting_is_downloaded_and_goes(browser, make, office):
    meeting = make.meeting()
    desk = f"/ufficio/incontri/{meeting.id}"
    office.post(f"{desk}/documenti", {"title": "La proposta", "files": (io.BytesIO(enclosures.pdf()), "bozza.pdf")})
    document = db.session.query(MeetingDocument).one()
    path = f"/incontri/{meeting.id}/documenti/{document.id}/scarica"
    sent = browser().get(path)
    assert sent.data == enclosures.pdf()
    sent.close()
    assert "La proposta" in text_of(browser().get(f"/incontri/{meeting.id}"))
    meeting.published = False
    assert browser().get(path).status_code == 404
    assert files.named([document.token]) == {document.token}
    office.post(f"{desk}/documenti/{document.id}/togli")
    assert db.session.query(MeetingDocument).count() == 0


def test_only_those_who_lead_come_to_the_desk(browser, make):
    meeting = make.meeting()
    for role in (Role.MODERATOR, Role.STEERING, Role.OBSERVER):
        assert browser(make.person(role)).get(f"/ufficio/incontri/{meeting.id}").status_code == 403
    assert browser().get(f"/ufficio/incontri/{meeting.id}").location.startswith("/accedi")
