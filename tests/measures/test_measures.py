"""Closing discussions, laying aside, passing on, doubles, moving, splitting: each with its page and its undoing."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Role
from consult.comments import services as comments
from consult.contributions import services as contributions
from consult.contributions.models import Contribution, FlagReason, State, Thread
from consult.core import clock
from consult.core.db import db
from consult.core.languages import Localized
from consult.core.outbox import OutboxMessage
from consult.lineage import mails as lineage
from consult.measures import mails
from consult.measures.models import Double
from consult.measures.views import FORMS
from consult.moderation import acts, contributed, queue, record, services
from consult.moderation.acts import Order
from consult.moderation.models import Act, Aside, Decision, Reason
from consult.notices import mails as notices
from consult.processes.models import ParticipationCount, PhaseParticipant, Process
from consult.proposals import services as proposals
from consult.proposals.models import Proposal
from consult.redactions import passages
from consult.redactions.models import CoveredCopy, Redaction
from consult.search.models import SearchDocument
from consult.voting import services as voting
from consult.voting.models import Support
from tests import recount
from tests.browser import text_of
from tests.factories import DAY, WHY

SENT = ("lock", "snooze", "escalate", "duplicate", "move", "split")


@pytest.fixture
def moderator(make):
    return make.person(Role.MODERATOR)


@pytest.fixture
def reported(make):
    proposal = make.proposal(title="Panchine lungo il viale")
    proposal.reworded()
    contributions.flag(proposal, make.person(), reason=FlagReason.SPAM, note="")
    comments.post(proposal.thread, make.person(), body="Buona idea.")
    voting.support(proposal, make.person())
    db.session.commit()
    return proposal


def sent(browser, moderator, proposal, act, **fields):
    answer = browser(moderator).submit(f"/moderazione/{proposal.id}/{act}", {"note": WHY, **fields})
    db.session.expire_all()
    return answer


def undo(moderator, thing):
    decision = db.session.scalars(sa.select(Decision).order_by(Decision.id.desc())).first()
    services.take_back(decision, contributed.of(thing), moderator)
    db.session.flush()


def codes(person, **wanted):
    return [row.matter.code for row in queue.queue(person, queue.Wanted(**wanted)).items]


def test_a_discussion_is_closed_with_a_sentence_for_all_and_opened_again(browser, make, moderator, reported):
    assert sent(browser, moderator, reported, "lock", reason="off_topic", note="No.").status_code == 200
    assert sent(browser, moderator, reported, "lock", reason="off_topic").status_code == 303
    assert WHY in text_of(browser().get(reported.thread.path))
    undo(moderator, reported)
    assert not reported.thread.locked
    sent(browser, moderator, reported, "lock", reason="off_topic")
    services.decide(reported, moderator, act=Act.UNLOCK, seen=services.mark(reported))
    assert (reported.thread.locked, reported.thread.lock_reason) == (False, "")
    undo(moderator, reported)
    assert (reported.thread.locked, reported.thread.lock_reason) == (True, WHY)


def test_what_is_laid_aside_comes_back_by_itself_or_when_it_is_reported_again(browser, make, moderator, reported):
    assert "Scegli" in text_of(sent(browser, moderator, reported, "snooze", until="day", day="2001-01-01"))
    assert sent(browser, moderator, reported, "snooze", until="3d", note="").status_code == 303
    assert (codes(moderator), codes(moderator, aside=True)) == ([], [reported.code])
    with clock.at(clock.now() + 4 * DAY):
        assert codes(moderator) == [reported.code]
    undo(moderator, reported)
    assert codes(moderator) == [reported.code]
    sent(browser, moderator, reported, "snooze", until="7d", note="")
    contributions.flag(reported, make.person(), reason=FlagReason.OFFENCE, note="")
    assert codes(moderator) == [reported.code]


def test_whoever_runs_the_site_and_the_guarantors_are_asked_and_others_still_decide(browser, make, moderator, reported,
                                                                                    monkeypatch):
    monkeypatch.setattr(services, "UNDOING", DAY)  # however busy the machine is
    assert "nessun altro" in text_of(sent(browser, moderator, reported, "escalate"))
    administrator, guarantor = make.person(Role.PLATFORM_ADMIN), make.person(Role.GUARANTOR)
    elsewhere = Process(authority=make.authority(), slug="altro", code="ALT", title=Localized.of("Altro"), summary={},
                        vision={})
    db.session.add(elsewhere)
    db.session.flush()
    make.person(Role.GUARANTOR, process=elsewhere)
    desk = browser(guarantor)
    assert desk.get(f"/moderazione/{reported.id}").status_code == 404
    sent(browser, moderator, reported, "snooze", until="7d", note="")
    sent(browser, moderator, reported, "escalate")
    assert codes(administrator, passed_on=True, aside=None) == [reported.code]
    assert browser(guarantor).get("/moderazione").status_code == 403
    assert reported.code in text_of(desk.get("/moderazione/passati"))
    names = f"{administrator.shown_name}, {guarantor.shown_name}"
    assert f"Si chiede di decidere a: {names}" in text_of(browser(moderator).get(f"/moderazione/{reported.id}"))
    assert mailed() == {}
    with clock.at(clock.now() + DAY):
        notices.write()
    assert set(mailed()) == {administrator.email, guarantor.email}
    assert f"/moderazione/contribution/{reported.id}" in mailed()[guarantor.email]
    assert WHY not in mailed()[guarantor.email]
    answer = desk.submit(f"/moderazione/{reported.id}", {"decision": "keep"})
    assert (answer.status_code, answer.location) == (303, f"/moderazione/passati?annulla=contribution:{reported.id}")
    assert f"{reported.code}: per " in text_of(desk.get(answer.location))


def mailed():
    db.session.expire_all()
    return {row.recipient: row.text for row in db.session.scalars(sa.select(OutboxMessage).where(
        OutboxMessage.key.startswith("notices-"), OutboxMessage.text.contains("/moderazione/")))}


def test_what_is_taken_back_nobody_is_asked_and_what_was_laid_aside_stays_so(browser, make, moderator, reported):
    make.person(Role.GUARANTOR)
    sent(browser, moderator, reported, "snooze", until="7d", note="")
    sent(browser, moderator, reported, "escalate")
    undo(moderator, reported)
    aside = db.session.get_one(Aside, f"contribution:{reported.id}")
    assert aside.passed_on_at is None
    assert aside.until is not None
    with clock.at(clock.now() + DAY):
        notices.write()
    assert mailed() == {}


def test_a_double_leads_to_the_other_and_its_supporters_are_invited(browser, make, moderator, reported):
    other = make.proposal(title="Panchine", author=reported.author)
    address = reported.thread.path
    for code in ("", "XX-P-0001", reported.code, make.proposal(state=State.HIDDEN).code):
        assert sent(browser, moderator, reported, "duplicate", reason="duplicate", code=code).status_code == 200, code
    assert sent(browser, moderator, reported, "duplicate", reason="duplicate", code=other.code.lower()
                ).status_code == 303
    page = browser().get(address)
    assert page.status_code == 404
    assert f"{other.code}: Panchine" in text_of(page)
    assert recount.drift() == []
    mails.invite_supporters()
    assert not db.session.scalars(sa.select(Double.told)).one()
    with clock.at(clock.now() + DAY):
        mails.invite_supporters()
        mails.invite_supporters()
    assert db.session.scalars(sa.select(OutboxMessage.subject).where(
        OutboxMessage.subject.contains("doppione di"))).all() == [
            f"Una proposta che sostieni è un doppione di {other.code}"]
    undo(moderator, reported)
    assert browser().get(address).status_code == 200
    assert db.session.scalars(sa.select(Double)).all() == []


def test_a_comment_that_is_a_double_says_of_which(browser, make, moderator, reported):
    first = comments.post(reported.thread, make.person(), body="Prima.")
    again = comments.post(reported.thread, make.person(), body="Di nuovo.")
    assert sent(browser, moderator, again, "duplicate", reason="duplicate", code=first.code).status_code == 303
    page = text_of(browser().get(reported.thread.path))
    assert f"doppione di {first.code}" in page
    assert "Di nuovo." not in page


def test_it_is_moved_with_all_that_hangs_on_it_and_every_count(browser, make, moderator, reported):
    elsewhere, axis = make.call(), make.axis()
    make.call("closed")
    make.amendment(reported, "Altro.")
    before = reported.activity_id, reported.axis_id
    page = browser(moderator).get(f"/moderazione/{reported.id}/move").get_data(as_text=True)
    assert page.count('value="activity:') == 1
    assert sent(browser, moderator, reported, "move", reason="misplaced", where="activity:999").status_code == 200
    sent(browser, moderator, reported, "move", reason="misplaced", where=f"activity:{elsewhere.id}")
    assert reported.activity_id == elsewhere.id
    assert recount.drift() == []
    assert set(db.session.scalars(sa.select(SearchDocument.activity_id).where(
        SearchDocument.contribution_id == reported.id))) <= {elsewhere.id}
    assert browser().get(reported.thread.path).status_code == 200
    undo(moderator, reported)
    assert (reported.activity_id, reported.axis_id) == before
    assert recount.drift() == []
    sent(browser, moderator, reported, "move", reason="misplaced", where=f"axis:{axis.id}")
    assert reported.axis_id == axis.id
    undo(moderator, reported)
    assert (reported.activity_id, reported.axis_id) == before


def test_it_is_moved_to_another_phase_and_its_author_reads_where(browser, make, moderator, reported):
    later, over = make.call(phase=make.phase(3)), make.call(phase=make.phase(1))
    shut = make.call(phase=make.phase(3), closes_at=clock.now() - DAY, opens_at=clock.now() - 2 * DAY)
    people = participants()
    page = browser(moderator).get(f"/moderazione/{reported.id}/move").get_data(as_text=True)
    assert f'value="activity:{later.id}"' in page
    assert not any(f'value="activity:{one.id}"' in page for one in (over, shut))
    assert "spam" not in page  # what is moved breaks no rule
    sent(browser, moderator, reported, "move", reason="misplaced", where=f"activity:{later.id}")
    assert (reported.activity.phase_id, recount.drift()) == (later.phase_id, [])
    told = db.session.scalars(sa.select(OutboxMessage.text).where(
        OutboxMessage.recipient == reported.author.email)).one()
    assert f"{later.phase.title}: {later.title}" in told
    assert participants() == people | {(later.phase_id, person) for _phase, person in people}
    undo(moderator, reported)
    assert (participants(), recount.drift()) == (people, [])


def participants():
    return {tuple(row) for row in db.session.execute(sa.select(PhaseParticipant.phase_id, PhaseParticipant.person_id))}


PARTS = {"title_1": "Panchine", "body_1": "Panchine all'ombra lungo tutto il viale della stazione.",
         "title_2": "Fontane", "body_2": "Una fontanella per chi aspetta, accanto ad ogni panchina del viale.",
         "reason": "several"}


def test_a_moderator_splits_and_who_is_concerned_is_told_once_it_stands(browser, make, moderator, reported):
    supporter = db.session.scalars(sa.select(Person).join(Support, Support.person_id == Person.id)).one()
    wrong = sent(browser, moderator, reported, "split", **{**PARTS, "body_2": "", "note": "No."})
    assert (wrong.status_code, wrong.get_data(as_text=True).count('id="error-summary"')) == (200, 1)
    assert "2 cose da correggere" in text_of(wrong)
    assert sent(browser, moderator, reported, "split", **{**PARTS, "reason": "spam"}).status_code == 200
    assert not reported.replaced
    assert sent(browser, moderator, reported, "split", **PARTS).status_code == 303
    parts = db.session.scalars(sa.select(Proposal).where(Proposal.derived).order_by(Proposal.id)).all()
    assert ([one.title for one in parts], reported.replaced) == (["Panchine", "Fontane"], True)
    page = text_of(browser().get(parts[0].thread.path))
    assert moderator.shown_name not in page  # it is in nobody's name
    assert "Un moderatore ha creato questa proposta" in page
    statement = db.session.scalars(sa.select(OutboxMessage).where(
        OutboxMessage.recipient == reported.author.email)).one()
    assert "diviso" in statement.subject
    assert WHY in statement.text
    lineage.tell_of_moderated()
    assert told(supporter) == []
    with clock.at(clock.now() + DAY):
        lineage.tell_of_moderated()
        lineage.tell_of_moderated()
    assert told(supporter) == [f"Una proposta è stata divisa: {reported.code}"]
    assert len(told(reported.author)) == 1
    assert recount.drift() == []


def told(person):
    db.session.expire_all()
    return db.session.scalars(sa.select(OutboxMessage.subject).where(
        OutboxMessage.recipient == person.email).order_by(OutboxMessage.id)).all()


def test_a_split_is_undone_before_anybody_heard_of_it_and_not_once_somebody_acted(browser, make, moderator, reported):
    supporter = db.session.scalars(sa.select(Person).join(Support, Support.person_id == Person.id)).one()
    sent(browser, moderator, reported, "split", **PARTS)
    undo(moderator, reported)
    with clock.at(clock.now() + DAY):
        lineage.tell_of_moderated()
    assert (told(supporter), told(reported.author)) == ([], [])
    assert (reported.replaced, reported.thread.locked) == (False, False)
    assert {one.state for one in db.session.scalars(sa.select(Proposal).where(Proposal.derived))} == {State.WITHDRAWN}
    assert recount.drift() == []
    sent(browser, moderator, reported, "split", **PARTS)
    part = db.session.scalars(sa.select(Proposal).where(
        Proposal.derived, Contribution.state == State.PUBLISHED)).first()
    voting.support(part, make.person())
    with pytest.raises(services.TooLateError):
        undo(moderator, reported)


@pytest.mark.parametrize("act", SENT)
def test_nobody_does_it_where_they_are_concerned(browser, make, act, reported):
    person = make.person(Role.MODERATOR)
    for own in (make.proposal(author=person), make.proposal(organisation=make.organisation(person)), reported):
        if own is reported:
            contributions.flag(own, person, reason=FlagReason.SPAM, note="")
        db.session.commit()
        for path in (f"/moderazione/{own.id}/{act}", f"/moderazione/contribution/{own.id}/{act}"):
            assert browser(person).get(path).status_code == 403, path
    assert browser(make.person(Role.MODERATOR)).get(f"/moderazione/{reported.id}/approve").status_code == 404


def everything():
    """All rows that an act could leave otherwise than they were."""
    db.session.flush()
    db.session.expire_all()
    tables = (Contribution, Thread, ParticipationCount, SearchDocument, Aside, Double, Redaction, CoveredCopy)
    ignored = {"version"}
    return {model.__tablename__: sorted(
        repr({key: value for key, value in row._mapping.items() if key not in ignored})
        for row in db.session.execute(sa.select(model.__table__)) if not (
            model is ParticipationCount and row.count == 0)) for model in tables}


@pytest.mark.parametrize("act", [*(act for act in FORMS if act is not Act.SPLIT), Act.REDACT, Act.HIDE, Act.REVISE,
                                 Act.KEEP])
def test_whatever_is_done_and_undone_leaves_all_as_it_was(make, act, moderator, reported):
    twin, elsewhere = make.proposal(), make.call()
    said, again = (comments.post(reported.thread, make.person(), body=body) for body in ("Una fontana.", "Due."))
    contributions.flag(said, make.person(), reason=FlagReason.SPAM, note="")
    for thing, other in ((reported, twin), (said, again)):
        matter = contributed.of(thing)
        word = passages.found(matter.passages(), matter.passages()[-1].text.split()[0])[0]
        details = {"of": other.id, "until": clock.now().isoformat(), "activity": elsewhere.id,
                   "from_activity": thing.activity_id, "from_category": None,
                   "places": [[word.field, word.start, word.length]]}
        before, order = everything(), Order(act=act, reason=Reason.SPAM, note=WHY, details=details)
        if acts.rule(act).offered(matter):
            decision = services.decide(matter, moderator, order, seen=services.mark(matter))
            db.session.flush()
            assert recount.drift() == []
            services.take_back(decision, matter, moderator)
        assert everything() == before
        assert recount.drift() == []
    assert record.verify() == []


def test_a_text_that_was_moved_can_still_be_edited(browser, make, moderator, reported):
    elsewhere = make.call()
    sent(browser, moderator, reported, "move", reason="misplaced", where=f"activity:{elsewhere.id}")
    proposals.edit(reported, reported.author, replace(proposals.worded(reported), body="Altro testo, qui."),
                   seen=reported.version, reason="Meglio.")
    assert recount.drift() == []
