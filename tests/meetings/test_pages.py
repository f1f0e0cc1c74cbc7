"""The pages of meetings: what everyone reads, and what only the table and the staff do."""

import csv
import io

import pytest

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.meetings.models import MinutesCorrection, MinutesState, Position, Stance
from tests.browser import text_of
from tests.factories import DAY


@pytest.fixture
def told(make):
    """A meeting that took place, at which two organisations and a committee spoke."""
    province, growers = make.organisation(name="Provincia"), make.organisation(name="Coltivatori")
    meeting = make.meeting("past", "Orari", "Biglietti", body=make.body(province, growers), attended=27,
                           attended_online=9, directions="In piazza, senza gradini.")
    meeting.organisations = [province, growers]
    meeting.agenda[0].positions = [
        Position(organisation=province, stance=Stance.CONDITIONAL, note="Se non costa."),
        Position(organisation=growers, stance=Stance.DISAGREEMENT), Position(name="=Comitato", stance=Stance.AGREEMENT)]
    db.session.flush()
    return meeting


def test_a_meeting_says_when_where_what_who_came_and_who_said_what(browser, told):
    page = text_of(browser().get(f"/incontri/{told.id}"))
    for words in ("Sala civica, Roccaprova", "In piazza, senza gradini.", "Persone in sala 27", "Persone in rete 9",
                  "D'accordo: 1 · D'accordo, a una condizione: 1 · Contrario: 1",
                  "Provincia D'accordo, a una condizione Se non costa.", "Si è svolto"):
        assert words in page
    assert "Mettilo nel tuo calendario" not in page


def test_what_is_not_convened_is_unknown_but_to_the_staff(browser, make):
    meeting = make.meeting(convened_at=None)
    assert browser().get(f"/incontri/{meeting.id}").status_code == 404
    assert browser().get(f"/incontri/{meeting.id}/calendario/scarica").status_code == 404
    lead = browser(make.person(Role.FACILITATOR))
    assert "Non ancora convocato" in text_of(lead.get(f"/incontri/{meeting.id}"))
    assert str(meeting.title) not in text_of(browser().get("/percorsi/prova/incontri"))
    assert str(meeting.title) in text_of(lead.get("/percorsi/prova/incontri"))


def test_short_notice_and_cancellation_are_told_with_their_reasons(browser, make):
    meeting = make.meeting(short_notice="La Provincia decide lunedì.", cancelled_at=clock.now(),
                           cancelled_reason="Strada chiusa per neve.")
    page = text_of(browser().get(f"/incontri/{meeting.id}"))
    assert "La Provincia decide lunedì." in page
    assert "Strada chiusa per neve." in page


def test_one_comments_on_a_meeting_as_on_anything(browser, make):
    meeting = make.meeting()
    person = browser(make.person())
    answer = person.submit(f"/incontri/{meeting.id}", {"body": "Arrivo in autobus: c'è una corsa dopo?"},
                           action=f"/discussioni/{meeting.thread_id}/commenti")
    assert answer.status_code == 303
    assert "c'è una corsa dopo?" in text_of(browser().get(f"/incontri/{meeting.id}"))


def test_the_calendar_file_comes_under_its_own_type(browser, make):
    meeting = make.meeting()
    answer = browser().get(f"/incontri/{meeting.id}/calendario/scarica")
    assert answer.mimetype == "text/calendar"
    assert f"URL:http://localhost:8000/incontri/{meeting.id}".encode() in answer.data.replace(b"\r\n ", b"")


def test_meetings_of_a_percorso_come_first_to_come_then_past_and_by_body(browser, make):
    one, other = make.body(), make.body()
    later, sooner = make.meeting(begins_at=clock.now() + 20 * DAY, body=one), make.meeting(body=other)
    past = make.meeting("past", body=one)
    page = text_of(browser().get("/percorsi/prova/incontri"))
    assert page.index(f"{sooner.title} Convocato") < page.index(f"{later.title} Convocato") < page.index(
        f"{past.title} Si è svolto")
    narrowed = text_of(browser().get(f"/percorsi/prova/incontri?organo={one.id}"))
    assert str(later.title) in narrowed
    assert str(sooner.title) not in narrowed
    assert str(past.title) in text_of(browser().get("/percorsi/prova/governance"))


def test_the_pages_ask_as_many_queries_for_many_meetings_as_for_few(browser, make, queries):
    def asked(path):
        browser().get(path)
        with queries() as seen:
            assert browser().get(path).status_code == 200
        return len(seen)

    body = make.body(make.organisation())
    first = make.meeting("past", body=body)
    make.minutes(MinutesState.APPROVED, meeting=first)
    first.agenda[0].positions = [Position(name="Comitato", stance=Stance.AGREEMENT)]
    paths = ["/percorsi/prova/incontri", "/percorsi/prova/posizioni", "/percorsi/prova/governance",
             "/percorsi/prova/fasi/2", "/", f"/incontri/{first.id}"]
    before = [asked(f"{path}?lingua=en") for path in paths]
    for _each in range(3):
        more = make.meeting("past", "Orari", "Biglietti", body=make.body(make.organisation()))
        make.minutes(MinutesState.APPROVED, meeting=more)
        more.agenda[0].positions = [Position(organisation=make.organisation(), stance=Stance.AGREEMENT)]
        make.meeting(body=body)
        first.agenda[0].positions.append(Position(organisation=make.organisation(), stance=Stance.ABSTENTION))
    assert [asked(f"{path}?lingua=de") for path in paths] == before


def test_all_positions_stand_side_by_side_and_in_a_file_that_runs_nothing(browser, told):
    page = text_of(browser().get("/percorsi/prova/posizioni"))
    assert "Provincia D'accordo, a una condizione Se non costa." in page
    assert "Biglietti" not in page
    content = browser().get("/percorsi/prova/posizioni/scarica").data.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content), delimiter=";"))
    assert [row[3:5] + row[6:] for row in rows[1:]] == [
        ["Orari", "Provincia", "D'accordo, a una condizione", "Se non costa."],
        ["Orari", "Coltivatori", "Contrario", ""], ["Orari", "'=Comitato", "D'accordo", ""]]


@pytest.mark.parametrize(("who", "state", "status"), [
    ("visitor", MinutesState.DRAFT, 404), ("visitor", MinutesState.CIRCULATED, 404),
    ("visitor", MinutesState.APPROVED, 200), ("member", MinutesState.DRAFT, 404),
    ("member", MinutesState.CIRCULATED, 200), ("someone", MinutesState.CIRCULATED, 404),
    ("facilitator", MinutesState.DRAFT, 200)])
def test_who_reads_minutes_in_each_state(browser, make, who, state, status):
    member = make.person()
    meeting = make.meeting("past", body=make.body(make.organisation(member)))
    make.minutes(state, meeting=meeting)
    people = {"visitor": None, "member": member, "someone": make.person(), "facilitator": make.person(Role.FACILITATOR)}
    assert browser(people[who]).get(f"/incontri/{meeting.id}/verbale").status_code == status


def test_a_member_corrects_for_the_organisation_that_sits_and_reads_the_answer(browser, make):
    speaker = make.person()
    organisation = make.organisation(speaker, name="Provincia")
    meeting = make.meeting("past", body=make.body(organisation))
    minutes = make.minutes(MinutesState.CIRCULATED, meeting=meeting)
    path = f"/incontri/{meeting.id}/verbale/correzioni"
    assert browser().get(path).location.startswith("/accedi")
    assert browser(make.person()).get(path).status_code == 403
    member = browser(speaker)
    assert "Il verbale aspetta le tue correzioni" in text_of(member.get(f"/incontri/{meeting.id}"))
    assert member.submit(path, {"text": "Le corse sono due."}).status_code == 303
    correction = db.session.query(MinutesCorrection).one()
    assert (correction.organisation_id, correction.written_by_id) == (organisation.id, speaker.id)
    lead = browser(make.person(Role.FACILITATOR))
    assert "Provincia" in text_of(lead.get(f"/ufficio/verbali/{minutes.id}/correzioni"))
    lead.submit(f"/ufficio/correzioni/{correction.id}", {"taken": "no", "answer": "Ne risulta una sola."})
    assert "Ne risulta una sola." in text_of(member.get(path))
    minutes.corrections_until = clock.now() - DAY
    assert member.post(path, {"text": "Ancora una cosa."}).status_code == 403
