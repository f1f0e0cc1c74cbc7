"""Proposals are merged and split without losing anything: texts, lineage, supports, discussions."""

import pytest
import sqlalchemy as sa
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core import jobs
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.lineage import mails, queries, services
from consult.lineage.models import Derivation, Descent
from consult.lineage.services import Draft, LineageError
from consult.voting import carrying
from consult.voting import services as voting
from consult.voting.models import Support, SupportConsent
from tests import recount

REASON_TO_LOCK = "la discussione prosegue lì"
REASON = "Chiedono la stessa cosa con parole diverse."
TEXT = Draft(title="Una panchina per scuola", body="Una panchina all'ombra davanti a ogni scuola dell'Unione.")
PARTS = [Draft(title="Le panchine", body="Una panchina all'ombra davanti alla scuola."),
         Draft(title="Gli alberi", body="Tre alberi davanti alla scuola.")]


def merged(make, *originals, office=None):
    office = office or make.person(Role.PLAN_OFFICE)
    return services.merge(originals[0].activity, office, originals, TEXT, reason=REASON)


def supported(make, proposal, how_many=1):
    people = [make.person() for _ in range(how_many)]
    for person in people:
        voting.support(proposal, person)
    return people


def derivation_of(successor):
    return queries.family(successor).origin


def test_merging_makes_a_public_proposal_and_leaves_the_originals_readable(make):
    one, two = make.proposal(), make.proposal()
    new = merged(make, one, two)
    assert (new.state, new.derived, new.title) == (State.PUBLISHED, True, TEXT.title)
    assert [one.state, two.state] == [State.PUBLISHED] * 2
    assert [one.replaced, two.replaced, new.replaced] == [True, True, False]
    assert queries.family(new).originals == [one, two]
    assert queries.family(one).successors == [new]
    assert queries.family(one).fate.reason == REASON
    assert recount.drift() == []


def test_splitting_makes_several_of_one(make):
    one = make.proposal()
    made = services.split(one, make.person(Role.PLAN_OFFICE), PARTS, reason=REASON)
    assert [part.title for part in made] == ["Le panchine", "Gli alberi"]
    assert queries.family(one).successors == made
    assert all(queries.family(part).originals == [one] for part in made)


def test_what_was_merged_no_longer_changes_and_takes_neither_supports_nor_comments(make):
    one, two, reader = make.proposal(), make.proposal(), make.person()
    merged(make, one, two)
    assert not can(one.author, "proposal.edit", one)
    assert not can(reader, "support.give", one)
    verdict = can(reader, "comment.post", one.thread)
    assert not verdict
    assert REASON_TO_LOCK in str(verdict.reason)
    with pytest.raises(voting.RefusedError):
        voting.support(one, reader)


def test_no_support_moves_by_itself_and_whoever_supported_two_originals_counts_once(make):
    one, two = make.proposal(), make.proposal()
    both = supported(make, one)[0]
    voting.support(two, both)
    supported(make, two, 2)
    new = merged(make, one, two)
    assert (new.support_count, derivation_of(new).supporter_count) == (0, 3)
    carrying.answer(new, both, carries=True)
    assert (new.support_count, new.carried_count) == (1, 1)
    assert (one.support_count, two.support_count) == (1, 3)
    assert recount.drift() == []


def test_a_support_that_was_carried_names_its_consent(make):
    one, two, person = make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    new = merged(make, one, two)
    carrying.answer(new, person, carries=True)
    support = db.session.get(Support, (new.id, person.id))
    consent = db.session.get(SupportConsent, support.consent_id)
    assert (consent.successor_id, consent.person_id, consent.carries) == (new.id, person.id, True)


def test_the_database_takes_no_carried_support_with_the_consent_of_another(make):
    one, two, person, other = make.proposal(), make.proposal(), make.person(), make.person()
    voting.support(one, person)
    new = merged(make, one, two)
    consent = SupportConsent(successor_id=new.id, person_id=person.id, carries=True)
    db.session.add(consent)
    db.session.flush()
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.insert(Support).values(
            contribution_id=new.id, person_id=other.id, verified=False, consent_id=consent.id))
    with pytest.raises(sa.exc.IntegrityError), db.session.begin_nested():
        db.session.execute(sa.insert(Support).values(
            contribution_id=two.id, person_id=person.id, verified=False, consent_id=consent.id))


def test_declining_is_kept_and_can_be_thought_over(make):
    one, two, person = make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    new = merged(make, one, two)
    carrying.answer(new, person, carries=False)
    assert (carrying.consent_of(new, person).carries, new.support_count) == (False, 0)
    carrying.answer(new, person, carries=True)
    assert (carrying.consent_of(new, person).carries, new.support_count) == (True, 1)
    carrying.answer(new, person, carries=False)
    assert (new.support_count, new.carried_count) == (0, 0)
    assert recount.drift() == []


def test_a_support_given_here_stays_one_of_those_given_here(make):
    one, two, person = make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    new = merged(make, one, two)
    voting.support(new, person)
    carrying.answer(new, person, carries=True)
    assert (new.support_count, new.carried_count) == (1, 0)
    carrying.answer(new, person, carries=False)
    assert (new.support_count, new.carried_count) == (1, 0)


def test_taking_a_carried_support_back_takes_the_consent_back(make):
    one, two, person = make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    new = merged(make, one, two)
    carrying.answer(new, person, carries=True)
    assert voting.withdraw_support(new, person)
    assert not carrying.consent_of(new, person).carries
    assert (new.support_count, new.carried_count) == (0, 0)


@pytest.mark.parametrize(("who", "granted"), [
    ("supporter", True), ("someone else", False), ("visitor", False)])
def test_whose_support_may_go_along(make, who, granted):
    one, two = make.proposal(), make.proposal()
    people = {"supporter": supported(make, one)[0], "someone else": make.person(), "visitor": AnonymousUserMixin()}
    new = merged(make, one, two)
    assert bool(can(people[who], "support.carry", new)) is granted


def test_over_two_steps_the_first_supporters_are_asked_too(make):
    one, two, three, person = make.proposal(), make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    office = make.person(Role.PLAN_OFFICE)
    second = merged(make, one, two, office=office)
    third = merged(make, second, three, office=office)
    assert derivation_of(third).supporter_count == 1
    assert can(person, "support.carry", third)
    assert not can(person, "support.carry", second)
    assert {p.id for p in queries.family(third).further} == {one.id, two.id}
    assert set(db.session.execute(sa.select(Descent.ancestor_id, Descent.descendant_id)).all()) == {
        (one.id, second.id), (two.id, second.id), (one.id, third.id), (two.id, third.id), (second.id, third.id),
        (three.id, third.id)}


@pytest.mark.parametrize("fault", ["one alone", "no reason", "another call", "hidden", "merged already"])
def test_what_cannot_be_merged_changes_nothing(make, fault):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    if fault == "merged already":
        merged(make, two, make.proposal(), office=office)
    originals = {"one alone": [one, one], "another call": [one, make.proposal(call=make.call())],
                 "hidden": [one, make.proposal(state=State.HIDDEN)]}.get(fault, [one, two])
    with pytest.raises(LineageError):
        services.merge(one.activity, office, originals, TEXT, reason="" if fault == "no reason" else REASON)
    assert not one.replaced
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Derivation)) == (fault == "merged already")


def test_undoing_puts_everything_back(make):
    one, two = make.proposal(), make.proposal()
    supported(make, one)
    locked = two.thread
    locked.locked, locked.lock_reason = True, "Era già chiusa."
    new = merged(make, one, two)
    services.undo(derivation_of(new), make.person(Role.PLAN_OFFICE))
    assert [one.replaced, two.replaced] == [False, False]
    assert not one.thread.locked
    assert (two.thread.locked, two.thread.lock_reason) == (True, "Era già chiusa.")
    assert new.state is State.WITHDRAWN
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Derivation)) == 0
    assert recount.drift() == []
    merged(make, one, two)


@pytest.mark.parametrize("act", ["support", "carry", "decline", "comment", "merge on"])
def test_nothing_is_undone_once_somebody_has_acted_on_it(make, act):
    one, two = make.proposal(), make.proposal()
    person, office = supported(make, one)[0], make.person(Role.PLAN_OFFICE)
    new = merged(make, one, two, office=office)
    derivation = derivation_of(new)
    assert can(office, "lineage.undo", derivation)
    {"support": lambda: voting.support(new, make.person()), "comment": lambda: make.comment(new.thread),
     "carry": lambda: carrying.answer(new, person, carries=True),
     "decline": lambda: carrying.answer(new, person, carries=False),
     "merge on": lambda: merged(make, new, make.proposal(), office=office)}[act]()
    db.session.flush()
    assert not can(office, "lineage.undo", derivation)
    with pytest.raises(LineageError):
        services.undo(derivation, office)
    assert one.replaced


def test_every_act_is_in_the_register(make):
    one, two, person = make.proposal(), make.proposal(), make.person()
    voting.support(one, person)
    office = make.person(Role.PLAN_OFFICE)
    new = merged(make, one, two, office=office)
    services.undo(derivation_of(new), office)
    services.split(one, office, PARTS, reason=REASON)
    names = set(db.session.scalars(sa.select(AuditEntry.event)))
    assert names >= {"ProposalsMerged", "DerivationUndone", "ProposalSplit", "ThreadLocked", "ThreadUnlocked"}


def told(derivation):
    mails.tell_those_concerned(derivation.id)
    return list(db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id)))


def test_supporters_authors_and_followers_are_told_once_each(make):
    one, two = make.proposal(), make.proposal()
    both = supported(make, one)[0]
    both.language = "de"
    voting.support(two, both)
    new = merged(make, one, two)
    told(derivation_of(new))
    letters = told(derivation_of(new))
    assert sorted(mail.recipient for mail in letters) == sorted([both.email, one.author.email, two.author.email])
    (mail,) = [mail for mail in letters if mail.recipient == both.email]
    assert (mail.language, REASON in mail.text, new.thread.path in mail.text) == ("de", True, True)


def test_telling_waits_for_the_commit_and_undoing_is_told_too(app, make):
    one, two = make.proposal(), make.proposal()
    person = supported(make, one)[0]
    new = merged(make, one, two)
    assert run(app, person) == 1
    services.undo(derivation_of(new), make.person(Role.PLAN_OFFICE))
    assert run(app, person) == 2


def run(app, person):
    """How many letters somebody got once what waits for the commit is done."""
    address = person.email
    db.session.commit()
    jobs.release()
    jobs.queue(app).run_waiting()
    return db.session.scalar(sa.select(sa.func.count()).where(OutboxMessage.recipient == address))
