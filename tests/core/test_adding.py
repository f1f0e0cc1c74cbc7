"""A new thing is kept as the ORM would keep it."""

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.comments.models import Comment, Stance
from consult.contributions.models import Contribution, State, Thread
from consult.core import adding, clock
from consult.core.db import db, table
from consult.processes.models import Channel
from consult.proposals.models import CoAuthor, Proposal


def _comment(make, code, **values):
    proposal = make.proposal()
    return Comment(code=code, activity=proposal.activity, thread=proposal.thread, author=make.person(), body="Sì",
                   body_html="<p>Sì</p>", stance=Stance.FAVOURABLE, state=State.PUBLISHED, created_at=clock.now(),
                   **values)


def _row(thing):
    row = {}
    for own in (table(Contribution), table(Comment)):
        row.update(db.session.execute(sa.select(own).where(own.c.id == thing.id)).one()._mapping)
    return {name: value for name, value in row.items() if name not in {"id", "code", "created_at"}}


def test_the_rows_are_those_of_a_flush(make):
    one, other = _comment(make, "ROV-C-0001", language="de"), _comment(make, "ROV-C-0002", language="de")
    other.activity, other.thread, other.author = one.activity, one.thread, one.author
    db.session.add(one)
    db.session.flush()
    adding.add(other)
    db.session.commit()
    assert other.id > one.id
    assert _row(other) == _row(one)


def test_keys_and_defaults_are_known_without_asking(make, queries):
    comment = _comment(make, "ROV-C-0001")
    db.session.flush()
    with queries() as seen:
        adding.add(comment)
        known = (comment.version, comment.channel, comment.support_count, comment.official, comment.organisation_id,
                 comment.kind, comment.author_id, comment.thread_id)
    assert known == (1, Channel.ONLINE, 0, False, None, "comment", comment.author.id, comment.thread.id)
    assert [statement.split()[0] for statement in seen] == ["INSERT", "INSERT"]
    assert db.session.get(Comment, comment.id) is comment


def test_what_is_changed_afterwards_is_written(make):
    comment = _comment(make, "ROV-C-0001")
    adding.add(comment)
    comment.state, comment.body = State.PENDING, "No"
    db.session.commit()
    assert (_row(comment)["state"], _row(comment)["body"]) == (State.PENDING, "No")


def test_nothing_stays_where_the_transaction_fails(make):
    comment = _comment(make, "ROV-C-0001")
    db.session.commit()
    adding.add(comment)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Comment)) == 0


def test_a_number_is_given_anew_where_its_row_is_gone(make):
    first, second = _comment(make, "ROV-C-0001"), _comment(make, "ROV-C-0002")
    adding.add(first)
    id = second.id = first.id
    for own in (table(Comment), table(Contribution)):
        db.session.execute(sa.delete(own).where(own.c.id == id))
    adding.add(second)
    assert db.session.get(Comment, id) is second
    assert first not in db.session


def test_what_is_to_be_written_with_it_is_written_too(make):
    call = make.call()
    thread = Thread(activity=call, label=call.title)
    proposal = Proposal(code="ROV-P-0077", activity=call, author=make.person(), state=State.PUBLISHED, thread=thread,
                        title="Un parco", body="Alberi", body_html="<p>Alberi</p>", slug="un-parco",
                        coauthors=[CoAuthor(person=make.person())])
    adding.add(proposal)
    db.session.commit()
    db.session.expire_all()
    assert proposal.thread.activity is call
    assert len(proposal.coauthors) == 1


def test_what_the_session_has_already_is_not_written_twice(make):
    person = Person(email="una@example.org", display_name="Una")
    db.session.add(person)
    for _ in range(2):
        adding.add(person)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Person)) == 1
