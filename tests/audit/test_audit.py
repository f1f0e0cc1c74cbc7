"""Whatever happens leaves a line that nobody changes, with ids and no words."""

from dataclasses import fields

import pytest
import sqlalchemy as sa
from flask import Flask

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.core import events
from consult.core.db import UnchangeableError, db
from consult.core.web import access
from consult.proposals.services import ProposalSubmitted
from consult.territory.models import Municipality
from tests.audited import Watch
from tests.factories import WHY

WORDS = {"title", "body", "text", "note", "name", "email", "password", "token", "choice", "choices", "option",
         "options", "answer", "answers", "vote"}
"""What an event never carries: words of people, secrets, and how somebody voted."""


def kinds(of=events.Event):
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_event_leaves_a_line_with_who_when_and_where(browser, make):
    moderator = make.person(Role.MODERATOR)
    proposal = make.proposal()
    browser(moderator).submit(f"/moderazione/{proposal.id}", {"decision": "hide", "reason": "spam", "note": WHY})
    lines = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.actor_id == moderator.id).order_by(AuditEntry.id))
    assert [line.event for line in lines][-2:] == ["ContributionStateChanged", "Decided"]
    last = db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert len(last.request_id) == 16
    assert last.facts["contribution_id"] == proposal.id


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=lambda kind: kind.__name__), ids=lambda kind: kind.__name__)
def test_an_event_carries_ids_and_no_words(kind):
    assert {field.name for field in fields(kind)} & WORDS == set()


def test_what_is_recorded_together_is_kept_in_one_go_and_in_its_order(make, queries):
    person = make.person()
    db.session.flush()
    with queries() as seen, events.together():
        for number in (7, 5, 6):
            events.record(ProposalSubmitted(actor_id=person.id, proposal_id=number))
        assert [statement for statement in seen if "audit_entry" in statement] == []
    assert len([statement for statement in seen if "INSERT INTO audit_entry" in statement]) == 1
    kept = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "ProposalSubmitted")
                              .order_by(AuditEntry.id))
    assert [entry.facts["proposal_id"] for entry in kept] == [7, 5, 6]


def test_of_what_fails_together_nothing_is_kept(make):
    person = make.person()

    def fail():
        with events.together():
            events.record(ProposalSubmitted(actor_id=person.id, proposal_id=7))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    events.record(ProposalSubmitted(actor_id=person.id, proposal_id=8))
    kept = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "ProposalSubmitted")).all()
    assert [entry.facts["proposal_id"] for entry in kept] == [8]


@pytest.mark.parametrize("change", ["change", "remove"])
def test_a_line_is_never_changed_or_removed(make, change):
    events.record(events.Event(actor_id=None))
    db.session.flush()
    line = db.session.scalars(sa.select(AuditEntry)).first()
    if change == "change":
        line.event = "Other"
    else:
        db.session.delete(line)
    with pytest.raises(UnchangeableError):
        db.session.flush()


def test_an_act_that_fails_leaves_no_line(browser, make):
    proposal = make.proposal()
    db.session.commit()
    before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    moderator = browser(make.person(Role.MODERATOR))
    signed_in = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry))
    assert moderator.post(f"/moderazione/{proposal.id}", {"decision": "keep", "version": "1"}).status_code == 409
    assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == signed_in == before + 1


def test_a_request_that_changes_something_and_says_nothing_is_noticed(bare_app: Flask, make, browser):
    """The watch that every test keeps does see what it is there to see."""
    id = make.town().id

    @access("page.read")
    def rename():
        db.session.get(Municipality, id).name = "Altrove"
        return "done"

    bare_app.add_url_rule("/rinomina", "rename", rename, methods=["POST"])
    watch = Watch(bare_app)
    assert browser().post("/rinomina").status_code == 200
    assert watch.silent == ["POST rename wrote ['municipality']"]
    bare_app.extensions["watch"].silent.clear()
