"""A proposal that was merged or split has the outcome of what was made of it."""

import pytest

from consult.accounts.models import Role
from consult.core import clock
from consult.core.policy import can
from consult.lineage import queries as lineage
from consult.lineage import services as merging
from consult.results import counting, queries, services
from consult.results.inherited import heirs_of
from consult.results.models import Verdict
from tests.lineage.test_merging import PARTS, REASON, merged

REASONS = "Entra nel piano con le risorse già previste."


def answered(make, proposal, verdict=Verdict.ACCEPTED):
    return services.propose_outcome(proposal, make.person(Role.STEERING), verdict=verdict, reasons=REASONS,
                                    on=clock.today(), seen=0)


def test_originals_have_the_outcome_of_what_they_were_merged_into(make):
    one, two, three = make.proposal(), make.proposal(), make.proposal()
    office = make.person(Role.PLAN_OFFICE)
    new = merged(make, merged(make, one, two, office=office), three, office=office)
    assert queries.without_outcome(make.process()) == 1
    answered(make, new)
    assert queries.by_verdict(make.process()) == {Verdict.ACCEPTED: 5}
    assert queries.without_outcome(make.process()) == 0
    assert counting.proposals(one.activity).verdicts == {Verdict.ACCEPTED: 5}
    assert {heir.id for heir in heirs_of([one.id])[one.id]} == {new.id}


@pytest.mark.parametrize(("verdicts", "standing"), [
    ((Verdict.ACCEPTED, None), None), ((Verdict.ACCEPTED, Verdict.ACCEPTED), Verdict.ACCEPTED),
    ((Verdict.ACCEPTED, Verdict.NOT_ACCEPTED), Verdict.PARTLY),
    ((Verdict.ACCEPTED, Verdict.UNDER_REVIEW), Verdict.UNDER_REVIEW)])
def test_what_was_split_has_the_outcome_of_its_parts_together(make, verdicts, standing):
    one = make.proposal()
    parts = merging.split(one, make.person(Role.PLAN_OFFICE), PARTS, reason=REASON)
    for part, verdict in zip(parts, verdicts, strict=True):
        if verdict:
            answered(make, part, verdict)
    counted = queries.by_verdict(make.process())
    for verdict in verdicts:
        counted[verdict] -= 1
    assert +counted == {standing: 1}


def test_what_was_merged_is_given_no_outcome_of_its_own(make):
    one, two, steering = make.proposal(), make.proposal(), make.person(Role.STEERING)
    merged(make, one, two)
    assert not can(steering, "outcome.propose", one)
    with pytest.raises(services.OutcomeError):
        answered(make, one)


def test_an_outcome_stands_in_the_way_of_undoing(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    new = merged(make, one, two, office=office)
    answered(make, new)
    assert not can(office, "lineage.undo", lineage.family(new).origin)
