"""A thread is locked at the instant at which somebody speaks in it: nothing is kept that came after."""

from threading import Event
from threading import Thread as Alongside

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.comments import locking, services
from consult.comments.models import Comment, ThreadVisit
from consult.contributions.models import Thread
from consult.core.db import db, table
from consult.core.policy import can
from consult.discussions import services as discussions
from consult.discussions.models import Topic
from consult.processes.models import ModerationMode
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once

WHY = "Ha risposto il consiglio."


@pytest.fixture(params=ModerationMode)
def thread(request, make):
    """One in which comments are public at once, and one in which a moderator reads them first."""
    found = make.proposal().thread
    found.activity.moderation = request.param
    db.session.flush()
    return found


def locked_by_others(id):
    """Have it locked as by another connection: nothing that is loaded here knows of it."""
    rows = table(Thread)
    db.session.execute(sa.update(rows).where(rows.c.id == id).values(locked=True, lock_reason=WHY))


def test_what_comes_just_after_a_thread_was_locked_is_refused(make, thread):
    person = make.person()
    locked_by_others(thread.id)
    assert can(person, "comment.post", thread)
    with pytest.raises(services.LockedError), db.session.begin_nested():
        services.post(thread, person, body="Troppo tardi.")
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0
    assert not can(person, "comment.post", thread)
    assert recount.drift() == []


def test_the_authority_answers_also_there(make, thread):
    locked_by_others(thread.id)
    assert services.post(thread, make.person(Role.PLAN_OFFICE), body="Ecco la risposta.", official=True).public


def test_whoever_speaks_has_read_as_far_as_that_and_never_less(make, thread):
    person = make.person()
    first = services.post(thread, person, body="Uno.")
    assert db.session.scalar(sa.select(ThreadVisit.seen_id)) == first.id
    locking.visit(thread.id, person, upto=first.id + 100)
    services.post(thread, person, body="Due.")
    assert db.session.scalar(sa.select(ThreadVisit.seen_id)) == first.id + 100


@pytest.mark.parametrize("answer", [False, True])
def test_whoever_is_too_late_reads_why_and_gets_their_words_back(browser, make, thread, answer, monkeypatch):
    comment, page, id = make.comment(thread), browser(make.person()), thread.id
    path = f"/commenti/{comment.id}/rispondi" if answer else f"/discussioni/{id}/commenti"
    body = "Parole che a nessuno piace scrivere due volte, e che per questo tornano indietro intere."
    take = services.contributions.begin

    def while_locked(*arguments, **named):
        take(*arguments, **named)
        locked_by_others(id)

    monkeypatch.setattr(services.contributions, "begin", while_locked)
    refused = page.post(path, {"body": body})
    assert refused.status_code == 403
    assert WHY in text_of(refused)
    assert body in refused.get_data(as_text=True)
    db.session.expire_all()
    assert db.session.scalars(sa.select(Comment.body).where(Comment.body == body)).all() == []


def test_of_a_lock_and_a_comment_under_way_at_once_the_comment_is_refused(bare_app, cluster, make, thread):
    if cluster is None:
        pytest.skip("on SQLite one transaction writes at a time")
    id, person, moderator = thread.id, make.person().id, make.person(Role.MODERATOR).id
    db.session.commit()
    read, locked = Event(), Event()
    told = []

    def speak():
        with bare_app.app_context():
            there, who = db.session.get(Thread, id), db.session.get(Person, person)
            told.append(bool(can(who, "comment.post", there)))
            read.set()
            locked.wait(10)
            try:
                services.post(there, who, body="Nello stesso istante.")
                db.session.commit()
            except services.LockedError:
                told.append("refused")
            db.session.remove()

    speaking = Alongside(target=speak)
    speaking.start()
    read.wait(10)
    locking.lock(db.session.get(Thread, id), db.session.get(Person, moderator), reason=WHY)
    locked.set()
    speaking.join(0.5)
    assert speaking.is_alive()  # it waits to know
    db.session.commit()
    speaking.join(10)
    assert told == [True, "refused"]
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0
    assert recount.drift() == []


def test_a_comment_under_way_is_kept_and_the_lock_comes_after_it(bare_app, cluster, make, thread):
    if cluster is None:
        pytest.skip("on SQLite one transaction writes at a time")
    id, person, moderator = thread.id, make.person().id, make.person(Role.MODERATOR).id
    db.session.commit()
    services.post(db.session.get(Thread, id), db.session.get(Person, person), body="Un istante prima.")

    def lock():
        with bare_app.app_context():
            locking.lock(db.session.get(Thread, id), db.session.get(Person, moderator), reason=WHY)
            db.session.commit()
            db.session.remove()

    locking_it = Alongside(target=lock)
    locking_it.start()
    locking_it.join(0.5)
    assert locking_it.is_alive()
    db.session.commit()
    locking_it.join(10)
    assert db.session.get(Thread, id).locked
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 1
    assert recount.drift() == []


def test_a_topic_summarised_while_people_speak_in_it_waits_in_no_circle(bare_app, make):
    topic, lead = make.topic(), make.person(Role.FACILITATOR).id
    people = [make.person().id for _ in range(11)]
    id, seen = topic.id, topic.version
    db.session.commit()

    def act(number):
        found = db.session.get(Topic, id)
        try:
            if number == len(people):
                discussions.summarise(found, db.session.get(Person, lead), seen=seen, summary="Che cosa ne è emerso.")
            else:
                services.post(found.thread, db.session.get(Person, people[number]), body=f"Commento {number}")
        except services.LockedError:
            db.session.rollback()

    at_once(bare_app, act, range(len(people) + 1))
    db.session.expire_all()
    assert topic.thread.locked
    assert recount.drift() == []
