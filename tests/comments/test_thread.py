"""A thread as it is read: the oldest comments first, replies under them, traces of what was taken away."""

import itertools
import re

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.comments import queries as threads
from consult.comments.models import Stance
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.contributions.queries import FIRST_COMMENTS, FIRST_REPLIES, THREAD_ORDERS, address
from consult.core.db import db
from tests.browser import NAMESPACE, document, text_of

TOMBSTONE = "Questo commento è stato nascosto da un moderatore."
WITHDRAWN = "Questo commento è stato ritirato da chi l’ha scritto."
WAITING = "Lo vedi solo tu: sarà pubblico dopo la lettura di un moderatore."
ABOUT = re.compile(r"\bcontribution(_\d+)?\.about_id\b")


def codes(response):
    """The public codes of the comments on a page, in their order."""
    return [e.get("data-code") for e in document(response).iter(f"{NAMESPACE}li") if e.get("data-code")]


@pytest.fixture
def thread(make):
    return make.proposal().thread


def test_comments_stand_in_the_order_in_which_they_were_written(browser, make, thread):
    first, second = make.comment(thread, body="Prima io."), make.comment(thread, body="Poi io.")
    reply = make.comment(thread, about=first, body="Rispondo al primo.")
    page = browser().get(thread.path)
    assert codes(page) == [first.code, reply.code, second.code]
    assert "Commenti 3" in text_of(page)


def test_a_comment_shows_who_wrote_it_from_where_and_which_side_they_take(browser, make, thread):
    speaker = make.person(display_name="Ada Nascosta", municipality=make.municipality("Pontelungo"))
    make.comment(thread, author=make.person(display_name="Bice Rossi", municipality=make.municipality("Acquaviva")),
                 stance=Stance.FAVOURABLE)
    make.comment(thread, author=speaker, organisation=make.organisation(speaker, name="Pro loco"))
    make.comment(thread, author=make.person(Role.STEERING, title="Direttrice"), official=True)
    text = text_of(browser().get(thread.path))
    assert "Bice Rossi A favore Acquaviva" in text
    assert "Pro loco Organizzazione Pontelungo" in text
    assert "Risposta dell’ente Direttrice" in text
    assert "Ada Nascosta" not in text


def test_what_a_moderator_hid_leaves_a_trace_without_its_text(browser, make, thread):
    author = make.person(display_name="Chi Ha Scritto")
    comment = make.comment(thread, body="Parole da nascondere", author=author)
    reply = make.comment(thread, about=comment, body="Non sono d'accordo")
    contributions.change_state(comment, State.HIDDEN, None)
    for person in (None, author, make.person(Role.MODERATOR)):
        page = browser(person).get(thread.path)
        text = text_of(page)
        assert TOMBSTONE in text
        assert "Parole da nascondere" not in text
        assert codes(page) == [comment.code, reply.code]


def test_what_was_withdrawn_leaves_a_trace_too(browser, make, thread):
    comment = make.comment(thread, body="Ci ho ripensato")
    contributions.change_state(comment, State.WITHDRAWN, comment.author)
    text = text_of(browser().get(thread.path))
    assert WITHDRAWN in text
    assert "Ci ho ripensato" not in text


@pytest.mark.parametrize("state", [State.HIDDEN, State.WITHDRAWN])
def test_what_was_never_public_leaves_no_trace(browser, make, thread, state):
    comment = make.comment(thread, state=State.PENDING)
    contributions.change_state(comment, state, None)
    assert codes(browser().get(thread.path)) == []


def test_what_waits_for_a_moderator_is_seen_by_its_author_only(browser, make, thread):
    author = make.person()
    comment = make.comment(thread, state=State.PENDING, author=author)
    own = browser(author).get(thread.path)
    assert codes(own) == [comment.code]
    assert WAITING in text_of(own)
    for person in (None, make.person(), make.person(Role.MODERATOR)):
        assert codes(browser(person).get(thread.path)) == []


def test_fifty_comments_a_page(browser, make, thread):
    author = make.person()
    comments = [make.comment(thread, author=author).code for _ in range(FIRST_COMMENTS * 2 + 1)]
    page, seen = browser(), []
    path = thread.path
    while path:
        response = page.get(path)
        seen.append(codes(response))
        path = next((a.get("href") for a in document(response).iter(f"{NAMESPACE}a") if a.get("rel") == "next"), None)
    assert [len(part) for part in seen] == [50, 50, 1]
    assert list(itertools.chain(*seen)) == comments


def test_a_cursor_that_somebody_made_up_begins_the_thread_anew(browser, make, thread):
    comment = make.comment(thread)
    for cursor in ("x", "WyJhIl0", "W3RydWVd", "%00", "é", "a" * 900):
        response = browser().get(f"{thread.path}?dopo={cursor}")
        assert response.status_code in {200, 404}
        assert response.status_code == 404 or codes(response) == [comment.code]


def test_twenty_replies_then_a_link_to_all_of_them(browser, make, thread):
    comment, author = make.comment(thread), make.person()
    replies = [make.comment(thread, about=comment, author=author).code for _ in range(FIRST_REPLIES + 35)]
    response = browser().get(thread.path)
    assert codes(response) == [comment.code, *replies[:FIRST_REPLIES]]
    assert f'href="/commenti/{comment.id}"' in response.get_data(as_text=True)
    whole = browser().get(f"/commenti/{comment.id}")
    assert codes(whole) == [comment.code, *replies[:FIRST_COMMENTS]]


def test_exactly_twenty_replies_need_no_link(make, thread):
    comment, author = make.comment(thread), make.person()
    for _ in range(FIRST_REPLIES):
        make.comment(thread, about=comment, author=author)
    [branch] = threads.thread_page(thread, author).items
    assert (len(branch.replies), branch.more) == (FIRST_REPLIES, False)


def test_the_page_of_a_reply_is_that_of_its_branch(browser, make, thread):
    comment = make.comment(thread)
    reply = make.comment(thread, about=comment)
    assert browser().get(f"/commenti/{reply.id}").location == f"/commenti/{comment.id}#c-{reply.code}"


def test_the_branch_of_a_hidden_comment_keeps_its_replies(browser, make, thread):
    comment = make.comment(thread, body="Parole da nascondere")
    reply = make.comment(thread, about=comment)
    contributions.change_state(comment, State.HIDDEN, None)
    page = browser().get(f"/commenti/{comment.id}")
    assert codes(page) == [comment.code, reply.code]
    assert "Parole da nascondere" not in text_of(page)


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_the_branches_of_what_is_not_public_are_unknown(browser, make, state):
    proposal = make.proposal()
    comment = make.comment(proposal.thread)
    contributions.change_state(proposal, state, None)
    assert browser().get(f"/commenti/{comment.id}").status_code == 404
    assert browser(make.person()).get(f"/commenti/{comment.id}/rispondi").status_code in {403, 404}


def test_a_visitor_finds_no_form_and_gets_no_cookie(browser, make, thread):
    make.comment(thread)
    response = browser().get(thread.path)
    assert "Set-Cookie" not in response.headers
    assert 'method="post"' not in response.get_data(as_text=True)
    assert f"/accedi?next={thread.path}%23commenta" in response.get_data(as_text=True)


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_page_costs_as_many_queries_with_ten_times_the_comments(browser, make, queries, signed_in):
    reader = make.person(verified=True) if signed_in else None
    counts = []
    for how_many in (30, 300):
        proposal, authors = make.proposal(call=make.call()), [make.person() for _ in range(10)]
        for number in range(how_many // 3):
            comment = make.comment(proposal.thread, author=authors[number % 10])
            for _ in range(2):
                make.comment(proposal.thread, about=comment, author=authors[(number + 1) % 10])
        page, path = browser(reader), proposal.thread.path
        page.get("/raccolte/1")
        with queries() as seen:
            assert page.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 12


def test_reading_a_thread_is_two_queries(make, queries):
    thread, reader = make.proposal().thread, AnonymousUserMixin()
    for _ in range(5):
        make.comment(thread, about=make.comment(thread))
    db.session.commit()
    id = thread.id
    db.session.expunge_all()
    thread = db.session.get(Thread, id)
    with queries() as seen:
        page = threads.thread_page(thread, reader)
        read = [(c.byline, c.municipality.name, c.body_html) for c in page.comments]
    assert len(read) == 10
    assert len(seen) == 2


def plan_of(statement, parameters):
    """The names of the indexes by which the database would find the rows."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        return [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # a small table would be read whole
    return [row[0] for row in connection.exec_driver_sql(f"EXPLAIN {statement}", parameters)]


def test_a_thread_is_found_by_its_indexes_also_in_a_database_without_statistics(make):
    thread, reader = make.proposal().thread, make.person()
    comments = [make.comment(thread) for _ in range(3)]
    sent = []

    def note(_connection, _cursor, statement, parameters, *_):
        sent.append((statement, parameters))

    sa.event.listen(db.engine, "before_cursor_execute", note)
    for person in (reader, AnonymousUserMixin()):
        threads.thread_page(thread, person)
        threads.replies(comments[0], person)
        threads.columns(thread, person)
        for order in THREAD_ORDERS:
            threads.thread_page(thread, person, order=order)
    for order in THREAD_ORDERS:
        address(comments[-1], order)
    sa.event.remove(db.engine, "before_cursor_execute", note)
    plans = ["\n".join(plan_of(*each)) for each in sent if ABOUT.search(each[0].partition("FROM")[2])]
    assert len(plans) == 32
    for plan in plans:
        assert any(f"ix_contribution_{name}" in plan for name in ("first_", "about", "side")), plan
        assert "ix_contribution_waiting" not in plan, plan
