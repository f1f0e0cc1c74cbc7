"""The trace follows what was merged and split: it is answered, and in the plan, through what was made of it."""

from consult.accounts.models import Role
from consult.core.policy import can
from consult.lineage import queries as lineage
from consult.planning import trace
from consult.planning.coverage import coverage
from consult.results.models import Verdict
from tests.browser import text_of
from tests.lineage.test_merging import merged


def test_originals_are_answered_and_linked_through_their_successor(browser, make):
    one, two, other = make.proposal(), make.proposal(), make.proposal()
    plan, office = make.plan(), make.person(Role.PLAN_OFFICE)
    new = merged(make, one, two, office=office)
    before = coverage(plan)
    assert (before.proposals, before.answered, before.linked) == (4, 0, 0)
    make.outcome(new, Verdict.ACCEPTED)
    make.link(new, make.action())
    after = coverage(plan)
    assert (after.answered, after.linked, after.unanswered) == (3, 3, 1)
    traced = {one.code: one for one in trace.every_proposal(plan)}
    assert (traced[one.code].verdict, traced[one.code].heirs) == (Verdict.ACCEPTED, (new.code,))
    assert (traced[other.code].verdict, traced[other.code].heirs) == (None, ())
    undecided = trace.proposals(plan, trace.Wanted(undecided=True, traced=False))
    assert [row.code for row in undecided.items] == [other.code]
    assert new.code in text_of(browser().get(f"/piani/{plan.slug}/filo?q={one.code}"))


def test_a_link_to_the_plan_stands_in_the_way_of_undoing(make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    make.plan()
    new = merged(make, one, two, office=office)
    assert can(office, "lineage.undo", lineage.family(new).origin)
    make.link(new, make.action())
    assert not can(office, "lineage.undo", lineage.family(new).origin)
