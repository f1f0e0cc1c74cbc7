"""A conversation of Polis comes in by a page: looked through first, then made whole, taken back, or let go."""

import io
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import Follow, State
from consult.core import clock, waiting
from consult.core.db import db
from consult.importing import taking
from consult.importing.models import ConversationFile
from consult.notices.models import Happening
from consult.opinions import services as opinions
from consult.opinions import voices
from consult.opinions.models import Conversation, Opinion, Participant, Stance, Statement
from tests.browser import text_of

COMMENTS = """timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1,,0,7,2,1,1,Più treni la sera.
2,,1,7,1,0,-1,Una frase nascosta.
3,,2,8,0,0,0,Il bosco è di tutti.
4,,x,8,0,0,0,Senza numero.
"""
VOTES = """timestamp,datetime,comment-id,voter-id,vote
5,,0,3,-1
9,,0,3,1
6,,2,3,0
7,,0,4,1
8,,9,4,1
"""
PARTICIPANTS = "participant,group-id,0,1,2\n3,0,1,,0\nnobody,0,1,1,1\n"


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def desk(make, office, browser):
    """The office at the page of a percorso."""
    make.phase()
    return browser(office)


def sent(desk, **files):
    """Send files by the page of the percorso; the answer."""
    return desk.post("/ufficio/percorsi/prova/mappa-da-polis", {
        name: (io.BytesIO(text.encode()), f"{name}.csv") for name, text in files.items()},
        content_type="multipart/form-data")


def file():
    return db.session.scalars(sa.select(ConversationFile)).one()


def how_many(model):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model))


def test_the_page_says_what_comes_in_and_what_is_refused_and_nothing_is_there_yet(desk):
    answer = sent(desk, comments=COMMENTS, votes=VOTES)
    page = text_of(desk.get(answer.location))
    for said in ("Affermazioni 3", "Persone che hanno risposto 2", "Risposte 3", "2 righe sono rifiutate",
                 "comments.csv 5", "votes.csv 6", "Più treni la sera."):
        assert said in page, page
    assert how_many(Conversation) == 0
    kept = file().content
    assert kept["votes"] == [[3, 0, 1], [3, 2, 0], [4, 0, 1]]  # the last answer of each, neither time nor order
    assert sent(desk, comments=COMMENTS, votes=VOTES).location == answer.location  # known again
    desk.post(f"/ufficio/mappe-da-file/{file().id}/elimina")
    assert how_many(ConversationFile) == 0


def test_taken_it_is_a_map_and_undone_nothing_of_it_stays(desk, make, office):
    sent(desk, comments=COMMENTS, votes=VOTES, summary="topic,Treni e boschi\n")
    address = f"/ufficio/mappe-da-file/{file().id}"
    assert 'value="Treni e boschi"' in desk.get(address).get_data(as_text=True)
    desk.post(f"{address}/prendi", {"title": "Treni", "phase": str(make.phase().id), "language": "it", "until": ""})
    conversation = db.session.scalars(sa.select(Conversation)).one()
    assert (str(conversation.title), conversation.over(), conversation.participant_count) == ("Treni", True, 2)
    assert sorted(state.value for state in db.session.scalars(sa.select(Statement.state))) == [
        "hidden", "published", "published"]
    assert (how_many(Opinion), file().content, how_many(Happening)) == (3, {}, 0)
    assert "La mappa" in text_of(desk.get(address))
    assert desk.post(f"{address}/prendi").status_code == 403
    desk.post(f"{address}/annulla")
    assert {how_many(model) for model in (Conversation, Statement, Opinion, Participant, Follow, ConversationFile)} == {
        0}
    events = [event for event in db.session.scalars(sa.select(AuditEntry.event).order_by(AuditEntry.id))
              if event.startswith("Conversation")]
    assert events == ["ConversationFileSent", "ConversationImported", "ConversationImportUndone"]


def test_where_people_have_answered_since_it_is_not_undone(desk, make):
    sent(desk, comments=COMMENTS, participants=PARTICIPANTS)
    assert "participants-votes.csv 3" in text_of(desk.get(f"/ufficio/mappe-da-file/{file().id}"))
    with clock.at(clock.now()):
        until = clock.local(clock.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")
    desk.post(f"/ufficio/mappe-da-file/{file().id}/prendi", {
        "title": "Treni", "phase": str(make.phase().id), "language": "it", "until": until})
    conversation = db.session.scalars(sa.select(Conversation)).one()
    statement = db.session.scalars(sa.select(Statement).where(Statement.state == State.PUBLISHED)).first()
    opinions.answer(conversation, voices.of(make.person()), statement, Stance.AGREE)
    db.session.commit()
    page = text_of(desk.post(f"/ufficio/mappe-da-file/{file().id}/annulla", follow_redirects=True))
    assert "Nulla è stato annullato" in page, page
    assert how_many(Conversation) == 1


@pytest.mark.parametrize(("files", "said"), [
    ({"votes": VOTES}, "Scegli il file delle affermazioni."),
    ({"comments": COMMENTS}, "Scegli il file delle risposte."),
    ({"comments": "a,b\n1,2\n", "votes": VOTES}, "comments.csv non ha la colonna comment-body, comment-id."),
    ({"comments": COMMENTS, "votes": "x"}, "votes.csv non ha la colonna"),
])
def test_what_is_no_export_is_refused_with_a_sentence(desk, files, said):
    assert said in text_of(sent(desk, **files))
    assert how_many(ConversationFile) == 0


def test_files_that_nobody_takes_are_forgotten(desk):
    sent(desk, comments=COMMENTS, votes=VOTES)
    file().sent_at = clock.now() - waiting.KEPT - timedelta(minutes=1)
    db.session.flush()
    taking.forget()
    assert how_many(ConversationFile) == 0
