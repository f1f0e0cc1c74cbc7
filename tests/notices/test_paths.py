"""A notice leads to a page that stays: also a year later, once what it tells of is closed, adopted, decided or gone."""

from datetime import timedelta

import pytest

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock
from consult.core.db import db
from consult.meetings.models import MinutesState
from consult.moderation import services as moderation
from consult.moderation.models import Act, Aside
from consult.notices import queries as hearing
from consult.notices import services, words
from consult.notices.models import HappeningKind
from consult.pact.models import CommitmentState, PactState
from consult.planning.models import PlanState
from consult.processes.models import ResultsVisible
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument

YEAR = timedelta(days=365)


def in_activity(name, **values):
    return lambda make, _reader: {"activity_id": getattr(make, name)(**values).id}


def in_process(make, _reader):
    return {"process_id": make.process().id}


def by_text(name, *, about=None):
    """A text that somebody wrote, in an activity or about another text."""

    def told(make, _reader):
        text = getattr(make, name)()
        return {"activity_id": text.activity_id, "subject_id": text.id, "contribution_id": about and text.id}

    return told


def on_a_draft_that_is_adopted(make, reader):
    section = make.section()
    consultation = make.consultation()
    comment = make.comment(section.paragraphs[0].thread)
    reply = make.comment(section.paragraphs[0].thread, about=comment)
    make.plan().state = PlanState.ADOPTED
    return {"activity_id": consultation.id, "subject_id": reply.id, "person_id": reader.id}


def an_amendment(make, _reader):
    proposal = make.proposal()
    amendment = make.amendment(proposal, "Un altro testo.")
    return {"activity_id": proposal.activity_id, "contribution_id": proposal.id, "subject_id": amendment.id}


def an_outcome_of(name):
    def told(make, _reader):
        make.section()
        text = getattr(make, name)()
        make.outcome(text)
        return {"activity_id": text.activity_id, "contribution_id": text.id}

    return told


def results(visible):
    def told(make, _reader):
        call = make.call("closed", results_visible=visible)
        make.result(call)
        return {"activity_id": call.id}

    return told


def a_consultation_on_a_pact_that_is_still_written(make, _reader):
    make.pact(PactState.DRAFT)
    return {"activity_id": make.pact_consultation().id}


def a_commitment_withdrawn_since(make, _reader):
    return {"process_id": make.process().id, "commitment_id": make.commitment(CommitmentState.WITHDRAWN).id}


def minutes(state):
    def told(make, reader):
        meeting = make.meeting("past", body=make.body(reader))
        make.minutes(state, meeting=meeting)
        return {"activity_id": meeting.id, "person_id": reader.id, "matter": f"meeting:{meeting.id}"}

    return told


def approved(make, _reader):
    meeting = make.meeting("past")
    make.minutes(MinutesState.APPROVED, meeting=meeting)
    return {"activity_id": meeting.id}


def passed_on_and_decided(make, reader):
    """It came back since, for the moderators alone."""
    proposal = make.proposal(state=State.PENDING)
    moderation.decide(proposal, make.person(Role.MODERATOR), act=Act.APPROVE, seen=moderation.mark(proposal))
    assert db.session.get(Aside, f"contribution:{proposal.id}") is None
    return {"person_id": reader.id, "matter": f"contribution:{proposal.id}"}


def a_document(*, kept):
    def told(make, reader):
        made = make._add(MadeDocument(
            process=make.plan().process, kind="plan", subject="plan:1", format=DocumentFormat.PDF,
            state=DocumentState.READY, asked_by_id=reader.id, finished_at=clock.now()))
        if not kept:
            db.session.delete(made)
        return {"person_id": reader.id, "matter": f"document:{made.id}"}

    return told


CASES = [
    (HappeningKind.OPENED, in_activity("call"), "/raccolte/"),
    (HappeningKind.OPENED, in_activity("survey"), "/questionari/"),
    (HappeningKind.OPENED, in_activity("ballot"), "/votazioni/"),
    (HappeningKind.OPENED, in_activity("consultation"), "/consultazioni/"),
    (HappeningKind.OPENED, a_consultation_on_a_pact_that_is_still_written, "/percorsi/prova"),
    (HappeningKind.CONVENED, in_activity("meeting"), "/incontri/"),
    (HappeningKind.CANCELLED, in_activity("meeting", cancelled_at=clock.now(), cancelled_reason="Neve."), "/incontri/"),
    (HappeningKind.MINUTES, approved, "/incontri/"),
    (HappeningKind.CIRCULATED, minutes(MinutesState.CIRCULATED), "/incontri/"),
    (HappeningKind.CIRCULATED, minutes(MinutesState.APPROVED), "/incontri/"),
    (HappeningKind.PROPOSED, by_text("proposal"), "/proposte/"),
    (HappeningKind.CHANGED, by_text("proposal", about=True), "/proposte/"),
    (HappeningKind.AMENDED, an_amendment, "/"),
    (HappeningKind.TOPIC, by_text("topic"), "/argomenti/"),
    (HappeningKind.STATEMENT, by_text("statement"), "/affermazioni/"),
    (HappeningKind.COMMENTED, on_a_draft_that_is_adopted, "/commenti/"),
    (HappeningKind.REPLIED, on_a_draft_that_is_adopted, "/commenti/"),
    (HappeningKind.ANSWERED, on_a_draft_that_is_adopted, "/commenti/"),
    (HappeningKind.MENTIONED, on_a_draft_that_is_adopted, "/commenti/"),
    (HappeningKind.OUTCOME_PROPOSED, an_outcome_of("proposal"), "/proposte/"),
    (HappeningKind.OUTCOME_DECIDED, an_outcome_of("remark"), "/osservazioni/"),
    (HappeningKind.RESULTS, results(ResultsVisible.AFTER_CLOSE), "/risultati/"),
    (HappeningKind.RESULTS, results(ResultsVisible.STAFF), "/raccolte/"),
    (HappeningKind.PLAN, in_process, "/percorsi/prova"),
    *((kind, a_commitment_withdrawn_since, "/patti/patto/impegni/") for kind in (
        HappeningKind.PROGRESS, HappeningKind.AGREED, HappeningKind.UNDER_WAY, HappeningKind.KEPT,
        HappeningKind.NOT_KEPT, HappeningKind.WITHDRAWN)),
    (HappeningKind.PASSED_ON, passed_on_and_decided, "/ufficio"),
    (HappeningKind.DOCUMENT, a_document(kept=True), "/documenti/"),
    (HappeningKind.DOCUMENT, a_document(kept=False), "/ufficio"),
]
ROLES = {HappeningKind.PASSED_ON: [Role.GUARANTOR], HappeningKind.DOCUMENT: [Role.PLAN_OFFICE]}


def test_each_kind_is_asked_for():
    assert {kind for kind, _told, _place in CASES} == set(HappeningKind)


@pytest.mark.parametrize(("kind", "told", "place"), CASES)
def test_a_notice_leads_to_a_page_that_stays(make, browser, kind, told, place):
    reader = make.person(*ROLES.get(kind, []))
    services.follow(make.process(), reader)
    db.session.commit()
    about = told(make, reader)
    db.session.flush()
    services.note(kind, **{"process_id": None if "person_id" in about else make.process().id, **about})
    with clock.at(clock.now() + YEAR):
        (one,) = hearing.happenings(reader).items
        path = words.told(one).path
        assert path.startswith(place)
        assert browser(reader).get(path, follow_redirects=True).status_code == 200


@pytest.mark.parametrize("closed", ["activity", "process"])
def test_what_only_the_staff_can_read_now_is_not_heard_of(make, closed):
    reader, call = make.person(), make.call()
    services.follow(make.process(), reader)
    services.note(HappeningKind.OPENED, activity_id=call.id, process_id=call.process_id)
    assert len(hearing.happenings(reader).items) == 1
    (call if closed == "activity" else make.process()).published = False
    db.session.flush()
    assert (hearing.happenings(reader).items, hearing.new_for(reader)) == ([], 0)
