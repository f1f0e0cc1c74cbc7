"""Answering statements: one opinion each whatever arrives at once, in an order that can be drawn again, and whose it is
nobody can tell."""

from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events, keys
from consult.core.db import db
from consult.opinions import queries, services, voices
from consult.opinions.models import Conversation, Opinion, Participant, Stance, Statement, StatementTally
from consult.processes.models import ParticipationCount
from consult.processes.services import ActivityClosed
from tests.browser import text_of
from tests.voting.together import at_once

AGREE, DISAGREE, PASS = Stance.AGREE, Stance.DISAGREE, Stance.PASS


def answer(conversation, person, statement, stance, organisation=None):
    services.answer(conversation, voices.of(person, organisation), statement, stance)


def stances():
    return sorted(db.session.scalars(sa.select(Opinion.stance)))


def totals(statement):
    db.session.expire(statement)
    return statement.agreed, statement.disagreed, statement.passed


def tallies():
    rows = db.session.execute(sa.select(StatementTally.municipality_id, StatementTally.category_id,
                                        StatementTally.agreed, StatementTally.disagreed, StatementTally.passed))
    return {tuple(row)[:2]: tuple(row)[2:] for row in rows}


def test_the_last_answer_of_a_voice_counts_and_the_counters_follow(make):
    statement, person = make.statement(), make.person()
    conversation = statement.activity
    for stance in (AGREE, PASS, DISAGREE, DISAGREE):
        answer(conversation, person, statement, stance)
    assert stances() == [DISAGREE]
    assert totals(statement) == (0, 1, 0)
    assert tallies() == {(person.municipality_id, 0): (0, 1, 0)}
    db.session.refresh(conversation)
    assert conversation.participant_count == 1
    assert db.session.scalar(sa.select(ParticipationCount.count).where(ParticipationCount.kind == "opinion")) == 1


def test_an_organisation_has_one_voice_beside_those_who_speak_for_it(make):
    statement, person, colleague = make.statement(), make.person(), make.person()
    organisation = make.organisation(person)
    make.organisation(colleague)
    answer(statement.activity, person, statement, AGREE)
    answer(statement.activity, person, statement, DISAGREE, organisation)
    assert totals(statement) == (1, 1, 0)
    assert (0, organisation.category_id) in tallies()
    with pytest.raises(voices.NotTheirsError):
        answer(statement.activity, colleague, statement, AGREE, organisation)


def test_answers_can_be_taken_back_until_the_end(make):
    statement, person = make.statement(), make.person()
    conversation = statement.activity
    answer(conversation, person, statement, AGREE)
    assert services.take_back(conversation, voices.of(person))
    assert not services.take_back(conversation, voices.of(person))
    assert (stances(), totals(statement)) == ([], (0, 0, 0))
    conversation.closes_at = clock.now()
    with pytest.raises(services.RefusedError):
        answer(conversation, person, statement, AGREE)


def test_ten_answers_of_one_person_at_the_same_instant_are_one(make, app):
    statement, person = make.statement(), make.person()
    answer(statement.activity, make.person(), statement, PASS)  # the key is there
    ids = statement.activity_id, person.id, statement.id
    db.session.commit()

    def act(number):
        conversation, who = db.session.get(Conversation, ids[0]), db.session.get(Person, ids[1])
        answer(conversation, who, db.session.get(Statement, ids[2]), Stance(number % 3 - 1))

    at_once(app, act, list(range(10)))
    assert len(stances()) == 2
    assert sum(totals(db.session.get(Statement, ids[2]))) == 2
    assert sum(sum(counts) for counts in tallies().values()) == 2
    assert db.session.get(Conversation, ids[0]).participant_count == 2


def test_no_row_leads_from_a_person_to_an_opinion_and_after_the_end_no_tag_does(make):
    statement, person = make.statement(), make.person(verified=True)
    conversation = statement.activity
    answer(conversation, person, statement, AGREE)
    for model in (Opinion, Participant, StatementTally):
        leads = {key.column.table.name for key in model.__table__.foreign_keys}
        assert not leads & {"person", "mandate", "organisation"}
        assert not any("_at" in column.name or "time" in str(column.type).lower() for column in model.__table__.columns)
    assert keys.exists(conversation.id)
    conversation.closes_at = clock.now()
    db.session.flush()
    events.record(ActivityClosed(actor_id=None, activity_id=conversation.id))
    assert not keys.exists(conversation.id)


def test_who_answered_with_two_accounts_that_become_one_keeps_one_voice(make):
    statement, first, second = make.statement(), make.person(), make.person()
    conversation = statement.activity
    answer(conversation, first, statement, AGREE)
    answer(conversation, second, statement, DISAGREE)

    both = SimpleNamespace(identities=[*second.identities, *first.identities], residence_id=None)
    services.leave_one(conversation, both)
    assert stances() == [DISAGREE]
    assert totals(statement) == (0, 1, 0)


def test_what_is_asked_next_is_drawn_by_weight_and_can_be_drawn_again(make):
    conversation = make.conversation()
    plain = [make.statement(conversation=conversation, agreed=30, disagreed=30) for _ in range(5)]
    telling = make.statement(conversation=conversation, agreed=30, disagreed=30, extremity=9.0)
    drawn = [queries.next_for(conversation, f"{number:032x}").statement.id for number in range(200)]
    assert drawn == [queries.next_for(conversation, f"{number:032x}").statement.id for number in range(200)]
    assert drawn.count(telling.id) > 150
    assert {one.id for one in plain} & set(drawn)


def test_the_number_of_queries_does_not_grow_with_statements_and_answers(make, browser, queries):
    conversation = make.conversation()
    person = make.person()
    statement = make.statement(conversation=conversation)
    make.statement(conversation=conversation)
    answer(conversation, person, statement, AGREE)
    reader = browser(person)

    def asked():
        reader.get(f"/opinioni/{conversation.id}/rispondi")  # what is cached is there
        counts = []
        for path in ("rispondi", "risposte", "affermazioni"):
            with queries() as seen:
                assert reader.get(f"/opinioni/{conversation.id}/{path}").status_code == 200
            counts.append(len(seen))
        return counts

    before = asked()
    for _ in range(8):
        answer(conversation, person, make.statement(conversation=conversation), PASS)
        make.statement(conversation=conversation)
    assert asked() == before


def test_one_answers_on_the_page_sees_ones_answers_and_changes_them(make, browser):
    conversation = make.conversation()
    statements = [make.statement(conversation=conversation) for _ in range(2)]
    hidden = make.statement(conversation=conversation, text="Di questa si occupa il moderatore, non si risponde.")
    hidden.state = type(hidden.state).HIDDEN
    reader = browser(make.person())
    path = f"/opinioni/{conversation.id}/rispondi"
    for _ in statements:
        assert reader.submit(path, button=("stance", "agree")).status_code == 303
    assert "Hai risposto a tutto" in text_of(reader.get(path))
    assert stances() == [AGREE, AGREE]
    again = reader.submit(f"{path}?su={statements[0].id}", button=("stance", "disagree"))
    assert again.location.endswith("/risposte")
    assert stances() == [DISAGREE, AGREE]
    own = reader.get(f"/opinioni/{conversation.id}/risposte")
    assert own.headers["Cache-Control"] == "private, no-store"
    assert "Non sei d'accordo" in text_of(own).replace("’", "'")
    assert reader.post(path, {"statement": hidden.id, "stance": "agree"}).status_code == 303
    assert len(stances()) == 2
    assert browser().get(path).status_code in {302, 303}
