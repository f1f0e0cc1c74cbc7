"""The files of Polis: what goes out comes in again as the same counts; small numbers of answers stay inside."""

import csv
import io
import json

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.importing import polis as importing
from consult.importing import reading
from consult.importing.services import ImportRefusedError
from consult.opinions import bulk, maps, polis, services, voices
from consult.opinions.models import Conversation, Opinion, Participant, Stance, Statement, StatementTally


@pytest.fixture
def folder(tmp_path):
    """`folder(conversation)`: its files, as they are handed out."""

    def write(conversation):
        for name in polis.FILES:
            (tmp_path / f"{name}.csv").write_text(polis.written(polis.rows(conversation, name, address="http://x/")))
        return tmp_path

    return write


def counts(conversation):
    """Agreed, disagreed and passed of each statement by its words, from the answers."""
    rows = db.session.execute(
        sa.select(Statement.text, Opinion.stance, sa.func.count()).join(Opinion, Opinion.statement_id == Statement.id)
        .where(Opinion.conversation_id == conversation.id).group_by(Statement.text, Opinion.stance))
    return {(text, stance): number for text, stance, number in rows}


def test_what_goes_out_comes_in_again_and_is_taken_back(valley, places, make, folder):
    make.statement(conversation=valley.conversation, text="=cmd: una frase che comincia come una formula")
    bulk.take_in(valley.conversation, valley.voices(40, places))
    office = make.person(Role.PLAN_OFFICE)
    files = folder(valley.conversation)
    found = reading.read(reading.in_folder(files))
    assert (len(found.remarks), found.participants, len(found.votes), found.refused) == (9, 40, 320, [])
    assert reading.Reading.of(json.loads(json.dumps(found.record()))) == found
    brought = importing.bring(found, importing.place("prova"), office, name="giro")
    assert counts(brought) == counts(valley.conversation)
    assert "=cmd: una frase che comincia come una formula" in set(db.session.scalars(sa.select(Statement.text)))
    assert maps.drawn(brought).content.count('"letters":["A","B"]') == 2  # as does the projection
    with pytest.raises(ImportRefusedError):
        importing.bring(found, importing.place("prova"), office, name="giro")
    removed = importing.undo(importing.called("giro"))
    assert (removed["opinion"], removed["statement"], removed["conversation"]) == (320, 9, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Conversation)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(StatementTally)) > 0


def test_an_import_in_which_somebody_has_answered_since_is_not_taken_back(valley, places, make, folder):
    bulk.take_in(valley.conversation, valley.voices(10, places))
    until = clock.now() + clock.timedelta(days=3)
    found = reading.read(reading.in_folder(folder(valley.conversation)))
    brought = importing.bring(found, importing.place("prova"), make.person(Role.PLAN_OFFICE), name="giro", until=until)
    statement = db.session.scalars(sa.select(Statement).where(Statement.activity == brought)).first()
    services.answer(brought, voices.of(make.person()), statement, Stance.PASS)
    with pytest.raises(ImportRefusedError, match="answers"):
        importing.undo(brought)


def test_statements_that_few_have_answered_give_no_single_answer_away(valley, places, make, folder):
    rare = make.statement(conversation=valley.conversation)
    people = valley.voices(12, places)
    bulk.take_in(valley.conversation, [
        bulk.Voice(tag=one.tag, municipality_id=one.municipality_id,
                   stances={**one.stances, **({rare.id: 1} if number < 4 else {})})
        for number, one in enumerate(people)])
    files = folder(valley.conversation)
    votes = list(csv.DictReader(io.StringIO((files / "votes.csv").read_text())))
    assert {int(row["comment-id"]) for row in votes} == set(range(8))
    assert {row["timestamp"] for row in votes} == {"0"}
    comments = list(csv.DictReader(io.StringIO((files / "comments.csv").read_text())))
    assert {row["author-id"] for row in comments} == {""}
    tags = set(db.session.scalars(sa.select(Participant.tag)))
    assert not any(tag in path.read_text() for path in files.glob("*.csv") for tag in tags)


def test_answers_are_handed_out_once_all_is_over(valley, places, make, browser):
    bulk.take_in(valley.conversation, valley.voices(12, places))
    path = f"/opinioni/{valley.conversation.id}/polis/votes.csv"
    assert browser(make.person(Role.PLAN_OFFICE)).get(path).status_code == 403
    valley.conversation.closes_at = clock.now()
    answer = browser().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/csv")
    assert browser().get(path.replace("votes", "people")).status_code == 404
