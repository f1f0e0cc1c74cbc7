"""Contributions of every kind, read at once."""

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role, RoleGrant
from consult.contributions import queries
from consult.contributions.models import Contribution, State
from consult.core import paging
from consult.core.db import db


def visible(person):
    return set(db.session.scalars(sa.select(Contribution.id).where(queries.visible_to(person))))


def test_a_list_shows_to_each_what_each_may_read(make):
    author = make.person()
    by_state = {state: make.proposal(state=state, author=author).id for state in State}
    sent_in = {id for state, id in by_state.items() if state is not State.DRAFT}
    assert visible(AnonymousUserMixin()) == {by_state[State.PUBLISHED]}
    assert visible(make.person()) == {by_state[State.PUBLISHED]}
    assert visible(author) == set(by_state.values())
    assert visible(make.person(Role.MODERATOR)) == sent_in
    assert visible(make.person(Role.MODERATOR, process=make.process())) == sent_in
    assert visible(make.person(Role.PLAN_OFFICE)) == {by_state[State.PUBLISHED]}


def test_a_moderator_of_another_percorso_sees_nothing_more_here(make):
    proposal = make.proposal(state=State.PENDING)
    other = make.other_process() if hasattr(make, "other_process") else None
    person = make.person()
    if other is not None:
        db.session.add(RoleGrant(person=person, role=Role.MODERATOR, process_id=other.id))
        db.session.flush()
    assert proposal.id not in visible(person)


@pytest.mark.parametrize("how_many", [2, 20])
def test_texts_of_every_kind_come_in_one_query_in_the_order_asked_for(make, queries_seen, how_many):
    organisation = make.organisation(make.person())
    proposals = [make.proposal(organisation=organisation) for _ in range(how_many)]
    comments = [make.comment(proposal.thread) for proposal in proposals]
    wanted = [thing.id for pair in zip(comments, proposals, strict=True) for thing in pair]
    db.session.commit()
    db.session.expunge_all()
    with queries_seen() as seen:
        found = queries.with_text(wanted)
        read = [(c.heading, c.byline, c.municipality.name, c.activity.takes().open, c.thread.path) for c in found]
    assert [c.id for c in found] == wanted
    assert len(read) == 2 * how_many
    assert len(seen) == 1


def test_ids_that_do_not_exist_are_left_out(make):
    proposal = make.proposal()
    assert [c.id for c in queries.with_text([proposal.id, 999_999])] == [proposal.id]
    assert queries.with_text([]) == []


@pytest.fixture
def queries_seen(request):
    return request.getfixturevalue("queries")


def test_the_address_of_a_comment_leads_to_the_page_on_which_it_stands(make):
    thread = make.proposal().thread
    author = make.person()
    comments = [make.comment(thread, author=author) for _ in range(queries.FIRST_COMMENTS + 2)]
    early, late = comments[queries.FIRST_COMMENTS - 1], comments[queries.FIRST_COMMENTS]
    assert queries.address(early) == f"{thread.path}#c-{early.code}"
    assert queries.address(late) == f"{thread.path}?dopo={paging.cursor(late.id - 1)}#c-{late.code}"


def test_the_address_of_a_late_reply_is_the_page_of_its_branch(make):
    comment = make.comment(make.proposal().thread)
    author = make.person()
    replies = [make.comment(comment.thread, about=comment, author=author) for _ in range(queries.FIRST_REPLIES + 1)]
    assert queries.address(replies[0]) == f"{comment.thread.path}#c-{replies[0].code}"
    last = replies[-1]
    assert queries.address(last) == f"/commenti/{comment.id}?dopo={paging.cursor(last.id - 1)}#c-{last.code}"
