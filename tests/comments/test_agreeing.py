"""Agreeing and disagreeing with one click: once each, taken back at will, and always counted as it is."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.comments import agreeing, services
from consult.comments.models import Agreement, Comment
from consult.contributions import services as contributions
from consult.contributions.models import State, Thread
from consult.core.db import StaleVersionError, db
from consult.privacy import erasure
from consult.processes.models import Agreements
from tests import recount
from tests.browser import text_of
from tests.voting.together import at_once


@pytest.fixture
def thread(make):
    return make.proposal().thread


def counts(comment):
    db.session.refresh(comment)
    return comment.agree_count, comment.disagree_count


def test_one_agrees_changes_ones_mind_and_takes_it_back_without_javascript(browser, make, thread):
    comment, page = make.comment(thread), browser(make.person())
    action = f"/commenti/{comment.id}/accordo"
    answer = page.submit(thread.path, action=action, button=("agrees", "yes"))
    assert (answer.status_code, answer.location) == (303, f"{thread.path}#c-{comment.code}")
    assert counts(comment) == (1, 0)
    assert 'value="none" aria-pressed="true"' in page.get(thread.path).get_data(as_text=True)
    page.post(action, {"agrees": "no"})
    assert counts(comment) == (0, 1)
    page.post(action, {"agrees": "none"})
    assert counts(comment) == (0, 0)
    assert recount.drift() == []


def test_the_same_click_many_times_is_one(browser, make, thread):
    comment, page = make.comment(thread), browser(make.person())
    for _ in range(3):
        assert page.post(f"/commenti/{comment.id}/accordo", {"agrees": "yes"}).status_code == 303
    assert counts(comment) == (1, 0)
    recorded = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "AgreementChanged")).all()
    assert [entry.facts for entry in recorded] == [{"comment_id": comment.id}]


@pytest.mark.parametrize(("mode", "said", "status"), [
    (Agreements.BOTH, "no", 303), (Agreements.AGREE, "no", 403), (Agreements.AGREE, "yes", 303),
    (Agreements.OFF, "yes", 403), (Agreements.BOTH, "maybe", 400), (Agreements.BOTH, "", 400),
    (Agreements.BOTH, "\x00", 400)])
def test_the_activity_says_what_can_be_said_with_a_click(browser, make, mode, said, status):
    comment = make.comment(make.proposal(call=make.call(agreements=mode)).thread)
    assert browser(make.person()).post(f"/commenti/{comment.id}/accordo", {"agrees": said}).status_code == status


@pytest.mark.parametrize(("mode", "agree", "disagree"), [
    (Agreements.BOTH, True, True), (Agreements.AGREE, True, False), (Agreements.OFF, False, False)])
def test_the_page_offers_what_the_activity_allows(browser, make, mode, agree, disagree):
    thread = make.proposal(call=make.call(agreements=mode)).thread
    make.comment(thread)
    page = browser(make.person()).get(thread.path).get_data(as_text=True)
    assert ('value="yes"' in page, 'value="no"' in page) == (agree, disagree)


def test_nobody_agrees_with_themselves_nor_with_what_is_not_public_nor_in_a_locked_thread(browser, make, thread):
    author, person = make.person(), make.person()
    own, hidden, late = make.comment(thread, author=author), make.comment(thread), make.comment(thread)
    contributions.change_state(hidden, State.HIDDEN, None)
    assert browser(author).post(f"/commenti/{own.id}/accordo", {"agrees": "yes"}).status_code == 403
    assert browser(person).post(f"/commenti/{hidden.id}/accordo", {"agrees": "yes"}).status_code == 404
    thread.locked = True
    assert browser(person).post(f"/commenti/{late.id}/accordo", {"agrees": "yes"}).status_code == 403
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Agreement)) == 0


def test_a_visitor_sees_the_numbers_and_no_buttons(browser, make, thread):
    comment = make.comment(thread)
    agreeing.agree(comment, make.person(), True)
    agreeing.agree(comment, make.person(), True)
    agreeing.agree(comment, make.person(), False)
    page = browser().get(thread.path)
    assert "2 persone sono d’accordo · 1 persona non è d’accordo" in text_of(page)
    assert 'accordo" class' not in page.get_data(as_text=True)


def test_whoever_leaves_is_no_longer_counted(make, thread):
    comment, other, person = make.comment(thread), make.comment(thread), make.person()
    agreeing.agree(comment, person, True)
    agreeing.agree(other, person, False)
    agreeing.agree(comment, make.person(), True)
    erasure.erase(person, withdraw=False, actor=person, say_goodbye=False)
    assert (counts(comment), counts(other)) == ((1, 0), (0, 0))
    assert recount.drift() == []


def test_fifty_people_click_and_comment_at_once_and_nothing_is_lost_or_doubled(bare_app, make, thread):
    people = [make.person().id for _ in range(10)]
    comment_id, thread_id = make.comment(thread).id, thread.id
    db.session.commit()

    def act(number):
        person = db.session.get(Person, people[number % 10])
        comment = db.session.get(Comment, comment_id)
        if number < 30:
            agreeing.agree(comment, person, number % 10 < 6)
        else:
            about = comment if number % 2 else None
            services.post(db.session.get(Thread, thread_id), person, body=f"Commento {number}", about=about)

    at_once(bare_app, act, range(50))
    db.session.expire_all()
    assert counts(db.session.get(Comment, comment_id)) == (6, 4)
    assert db.session.get(Thread, thread_id).comment_count == 21
    assert recount.drift() == []


def test_of_two_who_edit_the_same_comment_one_is_told(bare_app, make, thread):
    comment_id = make.comment(thread, body="Come era.").id
    db.session.commit()

    def act(number):
        comment = db.session.get(Comment, comment_id)
        try:
            services.edit(comment, comment.author, seen=1, body=f"Testo {number}")
        except StaleVersionError:
            db.session.rollback()
            return "stale"
        return "kept"

    assert sorted(at_once(bare_app, act, range(2))) == ["kept", "stale"]
    db.session.expire_all()
    assert db.session.get(Comment, comment_id).version == 2


ACTS = st.lists(st.tuples(
    st.sampled_from(("yes", "no", "none", "comment", "reply", "hide", "restore", "withdraw", "edit", "erase")),
    st.integers(0, 3), st.integers(0, 5)), max_size=25)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_counters_are_what_the_rows_say_after_any_acts(make, acts):
    thread = make.topic(columns=True).thread
    people = [make.person() for _ in range(4)]
    comments = [make.comment(thread, author=people[0])]
    for act, who, which in acts:
        person, comment = people[who], comments[which % len(comments)]
        try:
            if act in ("yes", "no", "none"):
                agreeing.agree(comment, person, {"yes": True, "no": False, "none": None}[act])
            elif act in ("comment", "reply"):
                about = comment if act == "reply" else None
                comments.append(services.post(thread, person, body="Parole.", about=about))
            elif act == "edit":
                services.edit(comment, comment.author, seen=comment.version, body=f"Parole {which}.")
            elif act == "erase":
                people[who] = make.person()
                erasure.erase(person, withdraw=bool(which % 2), actor=None, say_goodbye=False)
            elif act == "withdraw":
                services.withdraw(comment, comment.author)
            else:
                state = State.HIDDEN if act == "hide" else State.PUBLISHED
                contributions.change_state(comment, state, None)
        except StaleVersionError:
            continue
    assert recount.drift() == []
