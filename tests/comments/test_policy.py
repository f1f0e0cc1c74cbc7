"""Who may speak in a thread, change what they said, and take it back."""

import pytest
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.policy import can
from consult.processes.models import Audience


@pytest.mark.parametrize(("who", "when", "audience", "locked", "granted"), [
    ("someone", "open", Audience.SIGNED_IN, False, True),
    ("someone", "open", Audience.ANYONE, False, True),
    ("someone", "open", Audience.VERIFIED, False, False),
    ("resident", "open", Audience.VERIFIED, False, True),
    ("visitor", "open", Audience.SIGNED_IN, False, False),
    ("visitor", "open", Audience.ANYONE, False, False),
    ("someone", "closed", Audience.SIGNED_IN, False, False),
    ("someone", "coming", Audience.SIGNED_IN, False, False),
    ("someone", "open", Audience.SIGNED_IN, True, False),
])
def test_who_may_comment(make, who, when, audience, locked, granted):
    people = {"visitor": AnonymousUserMixin(), "someone": make.person(), "resident": make.person(verified=True)}
    thread = make.proposal(call=make.call(when, audience=audience)).thread
    thread.locked = locked
    assert bool(can(people[who], "comment.post", thread)) is granted
    assert bool(can(people[who], "comment.reply", make.comment(thread))) is granted


def test_the_refused_learn_why(make):
    person, visitor = make.person(), AnonymousUserMixin()
    closed = make.proposal(call=make.call("closed")).thread
    assert "Si poteva partecipare fino a" in str(can(person, "comment.post", closed).reason)
    assert not can(visitor, "comment.post", closed).sign_in_helps
    assert can(visitor, "comment.post", make.proposal(call=make.call()).thread).sign_in_helps
    residents = make.proposal(call=make.call(audience=Audience.VERIFIED)).thread
    assert "verificata" in str(can(person, "comment.post", residents).reason)


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_nobody_comments_on_what_is_not_public(make, state):
    assert not can(make.person(), "comment.post", make.proposal(state=state).thread)


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_nobody_replies_to_what_is_not_public(make, state):
    comment = make.comment(make.proposal().thread, state=state)
    assert not can(make.person(), "comment.reply", comment)


@pytest.mark.parametrize(("who", "state", "answered", "when", "edits", "withdraws"), [
    ("author", State.PUBLISHED, False, "open", True, True),
    ("author", State.PENDING, False, "open", True, True),
    ("author", State.PUBLISHED, True, "open", True, True),
    ("author", State.PUBLISHED, False, "closed", False, True),
    ("author", State.HIDDEN, False, "open", True, False),
    ("author", State.WITHDRAWN, False, "open", False, False),
    ("someone", State.PUBLISHED, False, "open", False, False),
    ("moderator", State.PUBLISHED, False, "open", False, False),
    ("visitor", State.PUBLISHED, False, "open", False, False),
])
def test_who_may_edit_and_withdraw(make, who, state, answered, when, edits, withdraws):
    author = make.person()
    comment = make.comment(make.proposal(call=make.call(when)).thread, state=state, author=author)
    if answered:
        make.comment(comment.thread, about=comment)
    people = {"author": author, "someone": make.person(), "moderator": make.person(Role.MODERATOR),
              "visitor": AnonymousUserMixin()}
    assert bool(can(people[who], "comment.edit", comment)) is edits
    assert bool(can(people[who], "comment.withdraw", comment)) is withdraws


@pytest.mark.parametrize(("role", "granted"), [
    (Role.PLAN_OFFICE, True), (Role.STEERING, True), (Role.MODERATOR, False), (None, False)])
def test_who_may_answer_for_the_authority(make, role, granted):
    person = make.person(role) if role else make.person()
    assert bool(can(person, "comment.official", make.proposal().thread)) is granted
