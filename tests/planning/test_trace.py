"""The trace is true both ways, and its figures are those one gets by counting."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning import candidates, ends, trace, tracing
from consult.planning.coverage import coverage
from consult.planning.models import Action, Relation, Section, TraceLink
from consult.processes.models import Phase, PhaseKind, Process, ResultsVisible
from consult.results.models import Outcome, ResultSheet, Verdict


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


def link(make, office, source, target, **values):
    return tracing.link(make.plan(), office, **{"source": source, "target": target, "relation": Relation.ADAPTED,
                                                "reason": "Chiesto da molti.", **values})


@pytest.fixture
def elsewhere(make):
    """Another percorso, with a call of its own."""
    process = make._add(Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"),
                                summary=Localized(), vision=Localized(), published=True))
    mine = make.phase()
    phase = make._add(Phase(process=process, position=1, kind=PhaseKind.ANALYSIS, title=Localized.of("Fase"),
                            purpose=Localized(), starts_at=mine.starts_at, ends_at=mine.ends_at))
    return make.call(phase=phase)


def test_a_public_contribution_is_linked_with_relation_and_reason(make, office):
    proposal, action = make.proposal(), make.action()
    id = link(make, office, proposal, action)
    made = db.session.get(TraceLink, id)
    assert (made.contribution_id, made.action_id, made.section_id) == (proposal.id, action.id, None)
    assert (made.relation, made.reason, made.created_by_id) == (Relation.ADAPTED, "Chiesto da molti.", office.id)


def test_results_are_linked_too(make, office):
    sheet, section = make.result(), make.section()
    assert db.session.get(TraceLink, link(make, office, sheet, section)).result_sheet_id == sheet.id


def test_the_same_two_are_linked_once(make, office):
    proposal, action, section = make.proposal(), make.action(), make.section()
    link(make, office, proposal, action)
    with pytest.raises(tracing.LinkError, match="già collegati"):
        link(make, office, proposal, action, relation=Relation.INSPIRED)
    link(make, office, proposal, section)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TraceLink)) == 2


@pytest.mark.parametrize("state", [State.DRAFT, State.PENDING, State.HIDDEN, State.WITHDRAWN])
def test_what_is_not_public_is_not_linked(make, office, state):
    with pytest.raises(tracing.LinkError, match="pubblici"):
        link(make, office, make.proposal(state=state), make.action())


def test_what_belongs_to_another_percorso_is_not_linked(make, office, elsewhere):
    with pytest.raises(tracing.LinkError, match="altro percorso"):
        link(make, office, make.proposal(call=elsewhere), make.action())
    foreign = make.action(objective=None)
    foreign.objective.axis.process = elsewhere.phase.process
    db.session.flush()
    with pytest.raises(tracing.LinkError, match="altro piano"):
        link(make, office, make.proposal(), foreign)


def test_a_link_can_be_taken_away_and_made_again(make, office):
    proposal, action = make.proposal(), make.action()
    tracing.unlink(db.session.get(TraceLink, link(make, office, proposal, action)), office)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(TraceLink)) == 0
    link(make, office, proposal, action)


def test_a_part_names_its_sources_and_a_proposal_its_places(make, office):
    speaker = make.person()
    cooperative = make.organisation(speaker, name="Cooperativa del Rovano")
    proposal = make.proposal(title="Più autobus", author=speaker, organisation_id=cooperative.id)
    citizen = make.proposal(title="Una panchina")
    action = make.action()
    for source in (proposal, citizen, make.result()):
        link(make, office, source, action)
    found = trace.sources([], [action.id])["action", action.id]
    assert [(source.code, str(source.title)) for source in found.items[:2]] == [
        (proposal.code, "Più autobus"), (citizen.code, "Una panchina")]
    assert [str(source.voice) for source in found.items[:2]] == ["Cooperativa del Rovano", "un cittadino di Roccaprova"]
    assert found.items[2].voice is None
    assert found.total == 3
    row = next(row for row in trace.every_proposal(make.plan()) if row.id == proposal.id)
    assert [(place.action_id, place.code) for place in row.places] == [(action.id, action.code)]


def test_comments_are_sources_by_how_they_begin(make, office):
    comment = make.comment(make.proposal().thread, body="Servono **corse serali** per chi lavora su turni.")
    action = make.action()
    link(make, office, comment, action)
    source = trace.sources([], [action.id])["action", action.id].items[0]
    assert (source.code, str(source.title)) == (comment.code, "Servono corse serali per chi lavora su turni.")


def test_only_the_first_sources_are_fetched_where_asked_but_all_are_counted(make, office):
    action, other = make.action(), make.action()
    for _ in range(5):
        link(make, office, make.proposal(), action)
    link(make, office, make.proposal(), other)
    found = trace.sources([], [action.id, other.id], each=2)
    assert (len(found["action", action.id].items), found["action", action.id].total) == (2, 5)
    assert (len(found["action", other.id].items), found["action", other.id].total) == (1, 1)


def test_what_is_hidden_later_is_no_source_and_no_row(make, office):
    proposal, action = make.proposal(), make.action()
    link(make, office, proposal, action)
    contributions.change_state(proposal, State.HIDDEN, None)
    assert trace.sources([], [action.id]) == {}
    assert trace.every_proposal(make.plan()) == []
    assert coverage(make.plan()).sourced_actions == 0


def test_results_for_the_staff_only_are_not_shown(make, office):
    action, sheet = make.action(), make.result(make.survey(when="closed", results_visible=ResultsVisible.STAFF))
    make.link(sheet, action)
    assert trace.sources([], [action.id]) == {}
    assert trace.results(make.plan()) == []
    assert coverage(make.plan()).results == 0


def naive(plan):
    """The figures, counted the slow way."""
    proposals = [c for c in db.session.scalars(sa.select(Contribution)).all()
                 if c.kind == "proposal" and c.state is State.PUBLISHED and c.process_id == plan.process_id]
    outcomes = {o.contribution_id: o.verdict for o in db.session.scalars(sa.select(Outcome)).all()}
    links = db.session.scalars(sa.select(TraceLink)).all()
    shown = [one for one in links if one.contribution is None or one.contribution.public]
    sections = [s for s in db.session.scalars(sa.select(Section)).all() if s.plan_id == plan.id]
    actions = [a for a in db.session.scalars(sa.select(Action)).all() if a.process_id == plan.process_id]
    sheets = [s for s in db.session.scalars(sa.select(ResultSheet)).all()
              if s.activity.process_id == plan.process_id]
    final = [p for p in proposals if outcomes.get(p.id) not in (None, Verdict.UNDER_REVIEW)]
    return {
        "proposals": len(proposals), "answered": len(final), "unanswered": len(proposals) - len(final),
        "under_review": sum(outcomes.get(p.id) is Verdict.UNDER_REVIEW for p in proposals),
        "linked": sum(any(one.contribution_id == p.id for one in links) for p in proposals),
        "sections": len(sections), "actions": len(actions), "results": len(sheets),
        "sourced_sections": sum(any(one.section_id == s.id for one in shown) for s in sections),
        "sourced_actions": sum(any(one.action_id == a.id for one in shown) for a in actions),
        "linked_results": sum(any(one.result_sheet_id == s.id for one in links) for s in sheets),
    }


def test_coverage_is_what_one_counts_by_hand(make, office, elsewhere, queries):
    sections, actions = [make.section() for _ in range(3)], [make.action() for _ in range(4)]
    proposals = [make.proposal() for _ in range(9)]
    for proposal, verdict in zip(proposals, [*Verdict, Verdict.ACCEPTED], strict=False):
        make.outcome(proposal, verdict)
    hidden = make.proposal(state=State.HIDDEN)
    make.outcome(hidden)
    make.proposal(state=State.PENDING)
    make.proposal(call=elsewhere)
    make.comment(proposals[0].thread)
    for source, target in [(proposals[0], actions[0]), (proposals[0], sections[0]), (proposals[1], actions[0]),
                           (proposals[8], actions[1]), (hidden, actions[2]), (make.result(), sections[1])]:
        make.link(source, target)
    make.result()
    db.session.commit()
    plan = make.plan()
    expected = naive(plan)
    with queries() as seen:
        found = coverage(plan)
    assert {name: getattr(found, name) for name in expected} == expected
    assert len([s for s in seen if s.startswith("SELECT")]) <= 4
    assert expected["answered"] == 5
    assert expected["linked"] == 3
    assert expected["sourced_actions"] == 2


def test_coverage_of_an_empty_plan_is_all_noughts(make):
    found = coverage(make.plan())
    assert (found.proposals, found.unanswered, found.actions, found.unsourced_sections) == (0, 0, 0, 0)


@pytest.mark.parametrize(("wanted", "expected"), [
    ({}, ["linked", "refused", "silent", "waiting"]),
    ({"decided": Verdict.ACCEPTED}, ["linked"]),
    ({"decided": Verdict.NOT_ACCEPTED}, ["refused"]),
    ({"undecided": True}, ["silent", "waiting"]),
    ({"traced": True}, ["linked"]),
    ({"traced": False}, ["refused", "silent", "waiting"]),
    ({"text": "REFUSED"}, ["refused"]),
    ({"text": "prv-p-0001"}, ["linked"]),
    ({"text": "%"}, []),
    ({"text": "_"}, []),
])
def test_the_trace_is_filtered(make, wanted, expected):
    linked, refused, _silent, waiting = (make.proposal(title=t) for t in ("linked", "refused", "silent", "waiting"))
    make.outcome(linked)
    make.outcome(refused, Verdict.NOT_ACCEPTED)
    make.outcome(waiting, Verdict.UNDER_REVIEW)
    make.link(linked, make.section())
    page = trace.proposals(make.plan(), trace.Wanted(**wanted))
    assert [row.title for row in page.items] == expected


def test_the_trace_goes_on_where_a_page_ends(make, monkeypatch):
    monkeypatch.setattr(trace, "PAGE", 2)
    made = [make.proposal().code for _ in range(5)]
    found, after = [], None
    while True:
        page = trace.proposals(make.plan(), trace.Wanted(), after=after)
        found += [row.code for row in page.items]
        after = page.next
        if after is None:
            break
    assert found == made


def test_a_search_takes_signs_as_signs(make):
    make.proposal(title="Sconto del 50% sul bus")
    make.proposal(title="Sconto del 500 sul bus")
    make.proposal(title="a_b")
    make.proposal(title="axb")
    plan = make.plan()
    assert [str(c.title) for c in candidates.candidates(plan, "50%")] == ["Sconto del 50% sul bus"]
    assert [str(c.title) for c in candidates.candidates(plan, "A_B")] == ["a_b"]


def test_a_search_finds_codes_titles_and_results_of_this_percorso_only(make, elsewhere):
    proposal = make.proposal(title="Una panchina")
    make.proposal(call=elsewhere, title="Una panchina altrove")
    make.proposal(state=State.PENDING, title="Una panchina in attesa")
    comment = make.comment(proposal.thread)
    make.result(make.survey(when="closed", title=Localized.of("Sondaggio sulle panchine")))
    plan = make.plan()
    assert [c.ref[0] for c in candidates.candidates(plan, "panchin")] == ["c", "r"]
    assert [c.code for c in candidates.candidates(plan, comment.code.lower())] == [comment.code]
    assert [c.ref[0] for c in candidates.candidates(plan, "")] == ["r"]


@pytest.mark.parametrize("ref", ["", "c", "x1", "c0", "c-1", "c99999999999", "r1e3", "c١", "s1"])
def test_names_that_mean_nothing_find_nothing(make, ref):
    make.proposal()
    assert ends.source_called(make.plan(), ref) is None
    assert ends.target_called(make.plan(), ref.replace("s", "x")) is None
