"""Who may send, change and withdraw a proposal, and when."""

import pytest
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.policy import can
from consult.processes.models import Audience


@pytest.mark.parametrize(("who", "when", "audience", "granted"), [
    ("someone", "open", Audience.SIGNED_IN, True),
    ("someone", "open", Audience.ANYONE, True),
    ("someone", "open", Audience.VERIFIED, False),
    ("resident", "open", Audience.VERIFIED, True),
    ("visitor", "open", Audience.ANYONE, False),
    ("visitor", "open", Audience.SIGNED_IN, False),
    ("someone", "closed", Audience.SIGNED_IN, False),
    ("someone", "coming", Audience.SIGNED_IN, False),
    ("resident", "closed", Audience.VERIFIED, False),
])
def test_who_may_propose(make, who, when, audience, granted):
    people = {"visitor": AnonymousUserMixin(), "someone": make.person(), "resident": make.person(verified=True)}
    assert bool(can(people[who], "proposal.submit", make.call(when, audience=audience))) is granted


def test_a_visitor_is_told_to_sign_in_only_where_it_helps(make):
    visitor = AnonymousUserMixin()
    assert can(visitor, "proposal.submit", make.call("open")).sign_in_helps
    assert not can(visitor, "proposal.submit", make.call("closed")).sign_in_helps


@pytest.mark.parametrize(("who", "state", "when", "supports", "edits", "withdraws"), [
    ("author", State.DRAFT, "open", 0, True, True),
    ("author", State.PENDING, "open", 0, True, True),
    ("author", State.PUBLISHED, "open", 0, True, True),
    ("author", State.PUBLISHED, "open", 1, True, True),
    ("author", State.PUBLISHED, "closed", 0, False, False),
    ("author", State.DRAFT, "closed", 0, False, False),
    ("author", State.HIDDEN, "open", 0, True, False),
    ("author", State.WITHDRAWN, "open", 0, False, False),
    ("someone", State.PUBLISHED, "open", 0, False, False),
    ("moderator", State.PUBLISHED, "open", 0, False, False),
    ("visitor", State.PUBLISHED, "open", 0, False, False),
])
def test_who_may_edit_and_withdraw(make, who, state, when, supports, edits, withdraws):
    author = make.person()
    proposal = make.proposal(call=make.call(when), state=state, author=author, support_count=supports)
    people = {"author": author, "someone": make.person(), "moderator": make.person(Role.MODERATOR),
              "visitor": AnonymousUserMixin()}
    assert bool(can(people[who], "proposal.edit", proposal)) is edits
    assert bool(can(people[who], "proposal.withdraw", proposal)) is withdraws


@pytest.mark.parametrize(("who", "published", "granted"), [
    ("visitor", True, True), ("visitor", False, False), ("someone", False, False), ("office", False, True)])
def test_who_may_read_a_call(make, who, published, granted):
    people = {"visitor": AnonymousUserMixin(), "someone": make.person(), "office": make.person(Role.PLAN_OFFICE)}
    assert bool(can(people[who], "call.read", make.call(published=published))) is granted
