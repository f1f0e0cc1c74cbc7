"""Who may read and report a contribution, whatever its kind."""

import pytest
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.db import db
from consult.core.policy import can


@pytest.fixture
def people(make):
    """One of each kind, by how the tests call them."""
    return {
        "visitor": AnonymousUserMixin(), "author": make.person(), "someone": make.person(),
        "moderator": make.person(Role.MODERATOR),
        "moderator of the percorso": make.person(Role.MODERATOR, process=make.process()),
        "plan office": make.person(Role.PLAN_OFFICE),
    }


READERS = {
    State.DRAFT: {"author"},
    State.PENDING: {"author", "moderator", "moderator of the percorso"},
    State.PUBLISHED: {"visitor", "author", "someone", "moderator", "moderator of the percorso", "plan office"},
    State.HIDDEN: {"author", "moderator", "moderator of the percorso"},
    State.WITHDRAWN: {"author", "moderator", "moderator of the percorso"},
}


@pytest.mark.parametrize("state", READERS)
@pytest.mark.parametrize("action", ["contribution.read", "proposal.read"])
def test_who_may_read(make, people, state, action):
    proposal = make.proposal(state=state, author=people["author"])
    assert {name for name, person in people.items() if can(person, action, proposal)} == READERS[state]


def test_what_belongs_to_an_activity_that_is_not_public_is_read_by_nobody_else(make, people):
    proposal = make.proposal(call=make.call(published=False), author=people["author"])
    readers = {name for name, person in people.items() if can(person, "contribution.read", proposal)}
    assert readers == {"author", "moderator", "moderator of the percorso"}


@pytest.mark.parametrize(("who", "state", "granted"), [
    ("someone", State.PUBLISHED, True),
    ("moderator", State.PUBLISHED, True),
    ("author", State.PUBLISHED, False),
    ("visitor", State.PUBLISHED, False),
    ("someone", State.HIDDEN, False),
    ("someone", State.PENDING, False),
])
def test_who_may_report(make, people, who, state, granted):
    proposal = make.proposal(state=state, author=people["author"])
    assert bool(can(people[who], "contribution.flag", proposal)) is granted


def test_a_visitor_who_would_report_is_told_that_signing_in_helps(make, people):
    assert can(people["visitor"], "contribution.flag", make.proposal()).sign_in_helps


def test_a_moderator_of_another_percorso_reads_like_anybody(make, people):
    person = make.person()
    proposal = make.proposal(state=State.PENDING)
    db.session.flush()
    assert not can(person, "contribution.read", proposal)
