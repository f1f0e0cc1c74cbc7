"""Minutes are sources of the plan; commitments of the pact say what they come from, and a contribution where it led."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.core import clock
from consult.core.db import db
from consult.editions import services as editions
from consult.meetings.models import Meeting, Minutes, MinutesState
from consult.pact.models import Commitment, CommitmentState, Pact, PactState, Progress, ProgressReport, Signatory
from consult.pact.words import PROGRESS
from consult.planning import candidates, ends, gaps, mapped, promised, trace, tracing
from consult.planning.coverage import coverage
from consult.planning.models import PlanState, Relation, TraceLink
from tests.browser import text_of

REASON = "L'impegno attua l'azione per intero."
PLAN = "/piani/prova-2035"


@pytest.fixture
def office(make):
    make.plan()
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def commit(make):
    """Makes commitments of one pact, public ones if nothing else is said."""
    def one(code="I01", state=CommitmentState.UNDER_WAY, pact_state=PactState.IN_FORCE, **values):
        pact = db.session.scalar(sa.select(Pact)) or make._add(Pact(
            process=make.process(), slug="patto-di-prova", title="Patto di prova", state=pact_state,
            in_force_since=clock.today()))
        pact.state = pact_state
        party = db.session.scalar(sa.select(Signatory)) or make._add(Signatory(
            pact=pact, position=1, written_name="Consorzio di prova"))
        return make._add(Commitment(pact=pact, code=code, position=len(code), title=f"Impegno {code}", state=state,
                                    signatory=party, **values))
    return one


@pytest.fixture
def record(make):
    """Makes the minutes of a meeting that was held."""
    def one(state=MinutesState.APPROVED, **values):
        now = clock.now()
        meeting = make._activity(Meeting, "closed", begins_at=now - timedelta(days=9), ends_at=now - timedelta(days=8),
                                 convened_at=now - timedelta(days=20), **values)
        passed = now - timedelta(days=2)
        sent = {} if state is MinutesState.DRAFT else {"circulated_at": passed, "corrections_until": passed}
        return make._add(Minutes(meeting=meeting, body="Si è deciso.", body_html="<p>Si è deciso.</p>", state=state,
                                 approved_at=passed if state is MinutesState.APPROVED else None, **sent))
    return one


def link(make, office, source, target):
    return tracing.link(make.plan(), office, source=source, target=target, relation=Relation.ADOPTED, reason=REASON)


def report(make, office, commitment, standing=Progress.ON_TIME, **values):
    return make._add(ProgressReport(**{
        "commitment": commitment, "on": clock.today(), "standing": standing, "text": "Le corse sono partite.",
        "written_by_id": office.id, **values}))


def test_minutes_are_a_source_and_say_where_they_went(make, office, record, browser):
    minutes, section = record(), make.section()
    made = db.session.get(TraceLink, link(make, office, minutes, section))
    assert (made.minutes_id, made.section_id, made.contribution_id) == (minutes.id, section.id, None)
    source = trace.sources([section.id], [])["section", section.id].items[0]
    assert (source.meeting_id, str(source.title), source.voice) == (minutes.meeting_id, str(minutes.title), None)
    assert [place.code for place in trace.places_of(minutes_ids=[minutes.id])["minutes", minutes.id]] == [section.code]
    assert coverage(make.plan()).unsourced_sections == 0
    page = browser().get(f"/incontri/{minutes.meeting_id}/verbale")
    assert section.title in text_of(page)


@pytest.mark.parametrize("state", [MinutesState.DRAFT, MinutesState.CIRCULATED])
def test_minutes_that_were_not_approved_are_no_source(make, office, record, state):
    minutes, section = record(state), make.section()
    with pytest.raises(tracing.LinkError, match="approvati"):
        link(make, office, minutes, section)
    make.link(minutes, section)
    assert trace.sources([section.id], []) == {}
    assert coverage(make.plan()).sourced_sections == 0
    assert [one.ref for one in candidates.candidates(make.plan(), "")] == []


def test_minutes_of_a_meeting_that_is_no_longer_public_are_no_source(make, office, record):
    minutes, section = record(), make.section()
    link(make, office, minutes, section)
    minutes.meeting.published = False
    db.session.flush()
    assert trace.sources([section.id], []) == {}
    assert coverage(make.plan()).sourced_sections == 0
    edition = editions.make(make.plan(), office, name="0.1", kind=PlanState.DRAFT)
    assert REASON not in edition.content


def test_an_action_goes_into_a_commitment_and_nowhere_else(make, office, commit):
    action, commitment = make.action(), commit()
    with pytest.raises(tracing.LinkError, match="impegno del patto"):
        link(make, office, action, make.section())
    link(make, office, action, commitment)
    source = trace.sources([], [], [commitment.id])["commitment", commitment.id].items[0]
    assert (source.action, str(source.title), source.code) == (action.code, action.title, "")
    with pytest.raises(sa.exc.IntegrityError, match=r"(?i)check"):
        db.session.execute(sa.update(TraceLink).values(commitment_id=None, section_id=make.section().id))


def test_figures_and_gaps_tell_of_commitments_and_of_actions_that_nobody_took_on(make, office, commit):
    kept, alone, draft = commit("I01"), commit("I02"), commit("I03", CommitmentState.DRAFT)
    carried, free, waits = make.action(), make.action(), make.action()
    link(make, office, carried, kept)
    link(make, office, waits, draft)
    plan = make.plan()
    found, missing = coverage(plan), gaps.gaps(plan)
    rows = db.session.scalars(sa.select(Commitment)).all()
    public = [one for one in rows if one.public]
    linked = {one.commitment_id for one in db.session.scalars(sa.select(TraceLink))}
    assert (found.commitments, found.sourced_commitments) == (len(public), sum(one.id in linked for one in public))
    assert [part.ref for part in missing.commitments] == [f"k{alone.id}"]
    assert [part.ref for part in missing.uncarried] == [f"a{free.id}", f"a{waits.id}"]


def test_a_commitment_that_is_not_public_shows_nowhere(make, office, commit, browser):
    proposal, draft = make.proposal(), commit(state=CommitmentState.DRAFT)
    action = make.action()
    for source in (proposal, action):
        link(make, office, source, draft)
    plan = make.plan()
    assert trace.places_of(contributions=[proposal.id], actions=[action.id]) == {}
    assert trace.places_of(plan=plan) == {}
    assert promised.became(proposal).promises == []
    assert mapped.matrix(plan, by_activity=False).promised == {}
    for path in (f"/proposte/{proposal.id}-{proposal.slug}", f"{PLAN}/azioni/{action.code}", f"{PLAN}/filo",
                 f"{PLAN}/filo?luogo=k{draft.id}", f"{PLAN}/mappa", f"{PLAN}/filo?vista=lacune"):
        assert draft.title not in browser().get(path).text, path
    assert draft.title in browser(office).get(f"{PLAN}/collegamenti").text


def test_a_proposal_tells_of_the_commitment_and_of_how_far_it_is(make, office, commit, browser):
    proposal, action, commitment = make.proposal(), make.action(), commit()
    link(make, office, proposal, action)
    link(make, office, action, commitment)
    wrong = report(make, office, commitment, Progress.LATE, text="Siamo in ritardo.")
    report(make, office, commitment, corrects=wrong, organisation=make.organisation(name="Consorzio di prova"))
    text = text_of(browser().get(f"/proposte/{proposal.id}-{proposal.slug}"))
    assert "I01 Impegno I01" in text
    assert f"Attua l'azione {action.code}." in text
    assert f"Impegno I01: {str(PROGRESS[Progress.ON_TIME][0]).lower()}" in text
    assert "Le corse sono partite." in text
    assert "Consorzio di prova" in text
    assert "Siamo in ritardo." not in text
    assert text.index("I01 Impegno I01") < text.index("Le corse sono partite.")


def test_commitments_and_their_reports_cost_a_proposal_no_query_more(make, office, commit, browser, queries):
    plain, traced, action = make.proposal(), make.proposal(), make.action()
    for proposal in (plain, traced):
        link(make, office, proposal, action)
    other = make.action()
    link(make, office, traced, other)
    for number in range(3):
        one = commit(f"I0{number}")
        link(make, office, other, one)
        report(make, office, one)
    db.session.commit()
    counts = []
    for proposal in (plain, traced):
        with queries() as seen:
            assert browser().get(f"/proposte/{proposal.id}-{proposal.slug}").status_code == 200
        counts.append(len([one for one in seen if one.lstrip().startswith(("SELECT", "WITH"))]))
    assert counts[1] == counts[0], counts


def test_the_map_has_a_row_for_each_commitment(make, office, commit):
    action, commitment, proposal = make.action(), commit(), make.proposal()
    link(make, office, action, commitment)
    link(make, office, proposal, commitment)
    found = mapped.matrix(make.plan(), by_activity=False)
    ref = f"k{commitment.id}"
    assert ref in dict(found.parts)
    assert found.others[ref, mapped.ACTIONS] == 1
    assert [many for (part, _of), many in found.cells.items() if part == ref] == [1]


def test_a_link_to_a_commitment_is_made_and_undone_at_the_desk(make, office, commit, browser):
    action, commitment, window = make.action(title="Corse serali"), commit(), browser(office)
    page = f"{PLAN}/collegamenti?q=serali&parte=I01"
    form = window.form(page, f"{PLAN}/collegamenti")
    fields = {**form["fields"], "source": f"a{action.id}", "target": f"k{commitment.id}", "relation": "adopted",
              "reason": REASON}
    assert window.post(form["action"], fields).status_code == 303
    made = db.session.scalars(sa.select(TraceLink)).one()
    assert (made.carried_action_id, made.commitment_id) == (action.id, commitment.id)
    assert commitment.title in text_of(browser().get(f"{PLAN}/azioni/{action.code}"))
    assert "Corse serali" in text_of(browser().get(commitment.path))
    undo = window.submit(page, action=f"{PLAN}/collegamenti/{made.id}/togli")
    assert undo.status_code == 303
    assert db.session.scalars(sa.select(TraceLink)).all() == []


def test_ends_of_another_percorso_are_unknown(make, office, commit, record):
    commitment, minutes, plan = commit(), record(), make.plan()
    assert ends.end_called(plan, f"k{commitment.id}") is commitment
    assert ends.source_called(plan, f"v{minutes.id}") is minutes
    for ref in ("k999999", "v999999", "k", "v²"):
        assert ends.end_called(plan, ref) is None
        assert ends.source_called(plan, ref) is None
