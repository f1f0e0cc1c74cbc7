"""One person, one support, whatever arrives at the same instant."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.audit.models import AuditEntry
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State
from consult.core import clock
from consult.core.db import db
from consult.core.policy import can
from consult.processes import services as processes
from consult.processes.models import Audience, Channel, PhaseParticipant
from consult.voting import divided, services
from consult.voting.models import Support, SupportTally
from tests.voting.together import at_once, counted


def test_a_support_is_counted_for_the_proposal_the_phase_and_the_municipality(make):
    proposal, person = make.proposal(), make.person()
    assert services.support(proposal, person)
    assert proposal.support_count == 1
    assert counted() == {person.municipality_id: 1}
    assert db.session.get(PhaseParticipant, (proposal.activity.phase_id, person.id))
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "SupportGiven")).one()
    assert (entry.actor_id, entry.facts) == (person.id, {"contribution_id": proposal.id})


def test_a_second_support_changes_nothing(make):
    proposal, person = make.proposal(), make.person()
    services.support(proposal, person)
    assert not services.support(proposal, person)
    assert proposal.support_count == 1
    assert counted() == {person.municipality_id: 1}


def test_a_support_can_be_taken_back_once(make):
    proposal, person = make.proposal(), make.person()
    services.support(proposal, person)
    assert services.withdraw_support(proposal, person)
    assert not services.withdraw_support(proposal, person)
    assert proposal.support_count == 0
    assert counted() == {}


def test_a_support_is_taken_back_from_the_municipality_it_came_from(make):
    proposal, person, elsewhere = make.proposal(), make.person(), make.municipality()
    before = person.municipality_id
    services.support(proposal, person)
    person.municipality = elsewhere
    services.withdraw_support(proposal, person)
    assert counted() == {}
    assert before != elsewhere.id


def test_a_hundred_supports_of_one_person_at_once_are_one(bare_app, make):
    proposal, person = make.proposal(), make.person()
    ids = (proposal.id, person.id)
    db.session.commit()

    def give(_):
        return services.support(db.session.get_one(Contribution, ids[0]), db.session.get_one(Person, ids[1]))

    assert sum(at_once(bare_app, give, range(100))) == 1
    db.session.expire_all()
    assert proposal.support_count == 1
    assert sum(counted().values()) == 1
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Support)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(AuditEntry.event == "SupportGiven")) == 1


def test_giving_and_taking_back_at_once_keeps_counter_and_rows_equal(bare_app, make):
    proposal, person = make.proposal(), make.person()
    ids = (proposal.id, person.id)
    db.session.commit()

    def waver(number):
        act = services.support if number % 2 else services.withdraw_support
        return act(db.session.get_one(Contribution, ids[0]), db.session.get_one(Person, ids[1]))

    at_once(bare_app, waver, range(40))
    db.session.expire_all()
    assert proposal.support_count == db.session.scalar(sa.select(sa.func.count()).select_from(Support))
    assert proposal.support_count == sum(counted().values())


def test_no_support_is_taken_once_the_call_has_closed(make):
    proposal, person = make.proposal(), make.person()
    with clock.at(proposal.activity.closes_at + timedelta(seconds=1)), pytest.raises(services.RefusedError):
        services.support(proposal, person)
    assert proposal.support_count == 0


def test_supports_of_a_hidden_proposal_leave_the_public_count_and_come_back_with_it(make):
    proposal, person, other = make.proposal(), make.person(), make.person(municipality=None)
    services.support(proposal, person)
    services.support(proposal, other)
    db.session.add(SupportTally(contribution_id=proposal.id, channel=Channel.PAPER, municipality_id=0, count=3))
    processes.count(proposal.activity, "support", None, 3)
    contributions.change_state(proposal, State.HIDDEN, None)
    assert counted() == {}
    contributions.change_state(proposal, State.PUBLISHED, None)
    assert counted() == {0: 4, person.municipality_id: 1}


def test_supports_are_told_for_every_municipality_of_the_percorso(make):
    town, borgo, proposal = make.town(), make.municipality("Borgo"), make.proposal(support_count=4)
    services.support(proposal, make.person())
    db.session.add(SupportTally(contribution_id=proposal.id, channel=Channel.PAPER, municipality_id=borgo.id, count=2))
    db.session.flush()
    assert divided.divided(proposal).places == [
        divided.From(town.name, 1), divided.From("Borgo", 2), divided.From(None, 2)]


@pytest.mark.parametrize(("who", "call", "granted"), [
    ("someone", {}, True),
    ("visitor", {}, False),
    ("author", {}, False),
    ("someone", {"supports_open": False}, False),
    ("someone", {"when": "closed"}, False),
    ("someone", {"when": "coming"}, False),
    ("someone", {"suspended_reason": "Verifica in corso"}, False),
    ("someone", {"audience": Audience.VERIFIED}, False),
    ("resident", {"audience": Audience.VERIFIED}, True),
])
def test_who_may_support(make, visitor, who, call, granted):
    proposal = make.proposal(call=make.call(**call))
    people = {"someone": make.person(), "resident": make.person(verified=True), "author": proposal.author,
              "visitor": visitor}
    verdict = can(people[who], "support.give", proposal)
    assert bool(verdict) is granted
    assert granted or str(verdict.reason)


@pytest.mark.parametrize("state", [State.PENDING, State.HIDDEN, State.WITHDRAWN, State.DRAFT])
def test_what_is_not_public_takes_no_support(make, state):
    assert not can(make.person(), "support.give", make.proposal(state=state))
