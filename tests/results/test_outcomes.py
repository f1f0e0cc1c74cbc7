"""What becomes of a proposal is said with reasons, by whom and when, and those concerned are told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.audit.models import AuditEntry
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.core.policy import can
from consult.processes.models import Process
from consult.results import queries, services
from consult.results.models import Outcome, Verdict

REASONS = "La proposta risponde a un bisogno di molte famiglie."


def propose(proposal, person, **changes):
    return services.propose_outcome(proposal, person, **{
        "verdict": Verdict.PARTLY, "reasons": REASONS, "on": clock.today(), "seen": 0, **changes})


def decide(outcome, person, **changes):
    return services.decide_outcome(outcome, person, **{
        "verdict": Verdict.ACCEPTED, "reasons": REASONS, "decided_by": "Consiglio dell'Unione, delibera 12/2026",
        "on": clock.today(), "seen": outcome.version, **changes})


def mails():
    return {mail.recipient: mail for mail in db.session.scalars(sa.select(OutboxMessage))}


def test_an_outcome_is_proposed_and_then_decided(make):
    proposal, steering, office = make.proposal(), make.person(Role.STEERING), make.person(Role.PLAN_OFFICE)
    outcome = propose(proposal, steering)
    assert (outcome.verdict, outcome.proposed, outcome.proposed_by, outcome.version, outcome.decided) == (
        Verdict.PARTLY, Verdict.PARTLY, steering, 1, False)
    decide(outcome, office)
    assert (outcome.verdict, outcome.proposed, outcome.version, outcome.decided) == (
        Verdict.ACCEPTED, Verdict.PARTLY, 2, True)
    entries = db.session.execute(sa.select(AuditEntry.event, AuditEntry.actor_id)
                                 .where(AuditEntry.event.startswith("Outcome")).order_by(AuditEntry.id)).all()
    assert entries == [("OutcomeProposed", steering.id), ("OutcomeDecided", office.id)]


def test_the_author_is_told_in_their_language(make):
    proposal = make.proposal(author=make.person(language="de"))
    propose(proposal, make.person(Role.STEERING))
    [mail] = mails().values()
    assert (mail.recipient, mail.language) == (proposal.author.email, "de")
    assert proposal.code in mail.subject
    assert REASONS in mail.text
    assert proposal.thread.path in mail.text


def test_each_version_is_told_once(make):
    proposal, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    outcome = propose(proposal, office)
    decide(outcome, office)
    assert len(db.session.scalars(sa.select(OutboxMessage.key)).all()) == 2


@pytest.mark.parametrize("reasons", ["", "Sì.", " " * 40, "troppo breve"])
def test_an_outcome_without_reasons_is_refused(make, reasons):
    proposal = make.proposal()
    with pytest.raises(services.OutcomeError) as fault:
        propose(proposal, make.person(Role.STEERING), reasons=reasons)
    assert fault.value.field == "reasons"
    assert queries.outcome_of(proposal) is None


@pytest.mark.parametrize("days", [1, 400, -1])
def test_a_day_that_cannot_be_is_refused(make, days):
    with pytest.raises(services.OutcomeError) as fault:
        propose(make.proposal(), make.person(Role.STEERING), on=clock.today() + timedelta(days=days))
    assert fault.value.field == "on"


def test_two_who_propose_at_the_same_time_do_not_overwrite_each_other(make):
    proposal, steering = make.proposal(), make.person(Role.STEERING)
    propose(proposal, steering)
    with pytest.raises(StaleVersionError):
        propose(proposal, steering, verdict=Verdict.NOT_ACCEPTED)
    with pytest.raises(StaleVersionError):
        propose(proposal, steering, verdict=Verdict.NOT_ACCEPTED, seen=7)
    assert queries.outcome_of(proposal).verdict is Verdict.PARTLY
    assert propose(proposal, steering, verdict=Verdict.NOT_ACCEPTED, seen=1).version == 2


def test_what_is_decided_is_no_longer_proposed(make):
    proposal, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    outcome = propose(proposal, office)
    decide(outcome, office)
    with pytest.raises(services.OutcomeError):
        propose(proposal, office, seen=2)


@pytest.mark.parametrize(("changes", "field"), [
    ({"verdict": Verdict.UNDER_REVIEW}, "verdict"), ({"decided_by": "  "}, "decided_by"),
    ({"on": clock.today() - timedelta(days=1)}, "on"), ({"reasons": "Sì."}, "reasons"),
])
def test_a_decision_that_cannot_be_is_refused(make, changes, field):
    proposal, office = make.proposal(), make.person(Role.PLAN_OFFICE)
    outcome = propose(proposal, office)
    with pytest.raises(services.OutcomeError) as fault:
        decide(outcome, office, **changes)
    assert fault.value.field == field
    assert not outcome.decided


@pytest.mark.parametrize(("role", "propose_it", "decide_it"), [
    (None, False, False), (Role.MODERATOR, False, False), (Role.GUARANTOR, False, False),
    (Role.STEERING, True, False), (Role.PLAN_OFFICE, True, True), (Role.PLATFORM_ADMIN, True, True),
])
def test_who_may_propose_and_decide(make, role, propose_it, decide_it):
    proposal = make.proposal()
    make.outcome(proposal)
    person = make.person(role) if role else make.person()
    assert bool(can(person, "outcome.propose", proposal)) is propose_it
    assert bool(can(person, "outcome.decide", proposal)) is decide_it


def test_the_staff_of_another_percorso_has_no_say(make):
    elsewhere = Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"),
                        summary=Localized(), vision=Localized(), published=True)
    db.session.add(elsewhere)
    db.session.flush()
    assert not can(make.person(Role.PLAN_OFFICE, process=elsewhere), "outcome.propose", make.proposal())


@pytest.mark.parametrize("state", [State.HIDDEN, State.PENDING, State.WITHDRAWN])
def test_what_is_not_public_gets_no_outcome(make, state):
    assert not can(make.person(Role.PLAN_OFFICE), "outcome.propose", make.proposal(state=state))


def test_outcomes_of_a_page_are_one_query_and_those_without_are_counted(make, queries):
    from_here = [make.proposal() for _ in range(5)]
    make.outcome(from_here[0])
    make.outcome(from_here[1], Verdict.NOT_ACCEPTED)
    make.outcome(make.proposal(state=State.HIDDEN))
    db.session.flush()
    with queries() as seen:
        found = outcomes(from_here)
    assert (set(found), len(seen)) == ({from_here[0].id, from_here[1].id}, 1)
    process = from_here[0].activity.phase.process
    assert counted(process) == {Verdict.ACCEPTED: 1, Verdict.NOT_ACCEPTED: 1, None: 3}


def outcomes(proposals):
    return queries.outcomes_for([proposal.id for proposal in proposals])


def counted(process):
    assert queries.without_outcome(process) == queries.by_verdict(process)[None]
    return queries.by_verdict(process)


def test_one_outcome_for_each_contribution_is_a_promise_of_the_schema(make):
    proposal = make.proposal()
    make.outcome(proposal)
    with pytest.raises(sa.exc.IntegrityError):
        make.outcome(proposal)
    db.session.rollback()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Outcome)) == 0
