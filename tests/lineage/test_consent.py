"""Whatever people and the plan office do, no support changes proposal without a consent, and every count is true."""

import random

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.core.policy import can
from consult.lineage import queries, services
from consult.lineage.services import Draft
from consult.privacy import erasure
from consult.proposals.models import Proposal
from consult.voting import carrying
from consult.voting import services as voting
from consult.voting.models import Support, SupportConsent
from tests import recount
from tests.lineage.test_merging import REASON

TEXT = Draft(title="Insieme", body="Quello che chiedono tutte, in un solo testo.")


class Story:
    """Some people, a plan office and a call, and what they do at random; it keeps who said which yes."""

    def __init__(self, make, seed):
        self.make, self.dice = make, random.Random(seed)  # noqa: S311 - a story told again
        self.office = make.person(Role.PLAN_OFFICE)
        self.call = make.call()
        self.people = [make.person() for _ in range(5)]
        for _ in range(4):
            make.proposal(call=self.call)
        self.given, self.consented = set(), set()

    def proposals(self, *conditions):
        return list(db.session.scalars(sa.select(Proposal).where(
            Proposal.activity_id == self.call.id, *conditions).order_by(Proposal.id)))

    def support(self):
        proposal, person = self.dice.choice(self.proposals()), self.dice.choice(self.people)
        if can(person, "support.give", proposal) and voting.support(proposal, person):
            self.given.add((proposal.id, person.id))

    def take_back(self):
        proposal, person = self.dice.choice(self.proposals()), self.dice.choice(self.people)
        if can(person, "support.withdraw", proposal) and voting.withdraw_support(proposal, person):
            self.given.discard((proposal.id, person.id))
            self.consented.discard((proposal.id, person.id))

    def answer(self):
        for proposal in self.proposals(Proposal.derived):
            person, carries = self.dice.choice(self.people), self.dice.random() < .7
            if can(person, "support.carry", proposal):
                carrying.answer(proposal, person, carries=carries)
                (self.consented.add if carries else self.consented.discard)((proposal.id, person.id))

    def merge(self):
        free = [one for one in self.proposals(Proposal.replaced_at.is_(None)) if one.public]
        if len(free) > 2:
            services.merge(self.call, self.office, self.dice.sample(free, 2), TEXT, reason=REASON)

    def split(self):
        free = [one for one in self.proposals(Proposal.replaced_at.is_(None)) if one.public]
        services.split(self.dice.choice(free), self.office, [TEXT, TEXT], reason=REASON)

    def undo(self):
        for proposal in self.proposals(Proposal.derived):
            derivation = queries.family(proposal).origin
            if derivation and can(self.office, "lineage.undo", derivation):
                services.undo(derivation, self.office)
                return

    def leave(self):
        person = self.people.pop(self.dice.randrange(len(self.people)))
        erasure.erase(person, withdraw=False, actor=None)
        self.people.append(self.make.person())
        self.given = {pair for pair in self.given if pair[1] != person.id}
        self.consented = {pair for pair in self.consented if pair[1] != person.id}

    def go_on(self):
        acts = [self.support] * 5 + [self.answer] * 4 + [self.take_back, self.merge, self.split, self.undo]
        self.dice.choice(acts)()


@pytest.mark.parametrize("seed", range(12))
def test_no_support_changes_proposal_without_a_consent(make, seed):
    story = Story(make, seed)
    for _ in range(40):
        story.go_on()
    rows = db.session.execute(sa.select(Support.contribution_id, Support.person_id, Support.consent_id)).all()
    carried = {(row.contribution_id, row.person_id) for row in rows if row.consent_id is not None}
    here = {(row.contribution_id, row.person_id) for row in rows if row.consent_id is None}
    assert here == story.given
    assert carried <= story.consented
    yes = set(db.session.execute(sa.select(SupportConsent.successor_id, SupportConsent.person_id)
                                 .where(SupportConsent.carries)).all())
    assert carried <= yes
    assert recount.drift() == []


@pytest.mark.parametrize("seed", range(4))
def test_people_who_leave_change_no_count(make, seed):
    story = Story(make, seed)
    for step in range(24):
        story.go_on()
        if step % 8 == 7:
            before = {one.id: (one.support_count, one.carried_count) for one in story.proposals()}
            story.leave()
            db.session.expire_all()
            assert {one.id: (one.support_count, one.carried_count) for one in story.proposals()} == before
    with clock.at(story.call.closes_at):
        assert recount.drift() == []


@pytest.mark.parametrize("withdraw", [False, True])
def test_what_the_office_made_stays_when_whoever_made_it_leaves(make, withdraw):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    person = make.person()
    voting.support(one, person)
    new = services.merge(one.activity, office, [one, two], TEXT, reason=REASON)
    carrying.answer(new, person, carries=False)
    erasure.erase(office, withdraw=withdraw, actor=None)
    erasure.erase(person, withdraw=withdraw, actor=None)
    assert new.public
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SupportConsent)) == 0
    assert recount.drift() == []
