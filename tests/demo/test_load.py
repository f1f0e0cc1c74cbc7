"""Loading brings the whole written demonstration, moved to days on which phase two is under way."""

from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Organisation, Person, Role
from consult.appeals.models import Appeal
from consult.comments import changes
from consult.comments.models import Agreement, Comment
from consult.contributions.models import Contribution, Flag, Side, State
from consult.core import blackout, clock, passwords
from consult.core.db import db
from consult.core.outbox import OutboxMessage
from consult.demo import services, story
from consult.discussions.models import Discussion, Topic
from consult.factory import create_app
from consult.lineage import models as lineage
from consult.lineage.models import Derivation
from consult.lineage.queries import supported_an_original
from consult.moderation import queue, record
from consult.moderation.models import Act, Decision
from consult.notices.queries import happenings
from consult.pact import monitoring
from consult.pact.models import Pact, PactConsultation
from consult.planning.models import Action, Objective, Paragraph, Plan, TraceLink
from consult.processes.models import Activity, Axis, ModerationMode, Phase
from consult.proposals.models import Proposal, ProposalCall
from consult.remarks.models import Remark
from consult.results.models import Outcome, Verdict
from consult.territory.models import Authority, Municipality, StakeholderCategory
from consult.voting import carrying
from consult.voting.models import Ballot, Support, SupportConsent, SupportTally
from tests import recount
from tests.conftest import settings_for


@pytest.fixture
def more():
    """What is told beside: the discussion, and what was merged."""
    return story.read("additions.yaml")


def count(model, *conditions):
    return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(*conditions))


def proposal(told, name):
    """The proposal that the story calls so."""
    title = next(entry["title"] for entry in told["proposals"] if entry["id"] == name)
    return db.session.scalars(sa.select(Proposal).where(Proposal.title == title)).one()


def comment(told, name):
    text = next(entry["text"] for entry in told["comments"] if entry["id"] == name)
    return db.session.scalars(sa.select(Comment).where(Comment.body == text)).one()


def person(email):
    return db.session.scalars(sa.select(Person).where(Person.email == email)).one()


def test_everything_told_is_there(loaded, more):
    assert count(Authority) == 1
    assert count(Municipality) == len(loaded["municipalities"])
    assert count(StakeholderCategory) == len(loaded["stakeholder_categories"])
    assert count(Organisation, Organisation.verified_at.is_not(None)) == len(loaded["stakeholders"]) == 24
    assert count(Phase) == len(loaded["phases"])
    assert count(Axis) == len(loaded["axes"])
    assert count(Objective) == sum(len(axis["objectives"]) for axis in loaded["axes"])
    assert len(loaded["proposals"]) == 12
    assert count(Proposal) == 12 + len(more["merging"]["originals"]) + 1
    assert len(loaded["comments"]) == 42
    assert count(Comment) == 42 + sum(map(len, (
        more["merging"]["comments"], more["moderating"]["comments"], more["pact"]["comments"],
        *(topic["comments"] for topic in more["discussion"]["topics"]),
        *(each.get("comments", ()) for each in more["meetings"]))))
    assert count(Action) == len(loaded["pact"]["commitments"])
    assert Counter(db.session.scalars(sa.select(Activity.kind))) == {
        "proposal_call": 1, "draft_consultation": 1, "pact_consultation": 1, "discussion": 1, "survey": 3, "ballot": 4,
        "conversation": 1, "meeting": len(more["meetings"])}


def test_every_counter_equals_its_recount(loaded):
    assert recount.drift() == []


def test_proposals_are_as_supported_as_told(loaded):
    for entry in loaded["proposals"]:
        assert proposal(loaded, entry["id"]).support_count == entry["supports"]
    told_of = [proposal(loaded, entry["id"]).id for entry in loaded["proposals"]]
    given = count(Support, Support.contribution_id.in_(told_of))
    told = db.session.scalar(sa.select(sa.func.sum(SupportTally.count)).where(
        SupportTally.contribution_id.in_(told_of)))
    assert given + told == sum(entry["supports"] for entry in loaded["proposals"])
    assert given > told > 0


def test_contributions_are_in_the_states_told(loaded):
    assert proposal(loaded, "P12").state is State.PENDING
    assert count(Proposal, Contribution.state == State.PUBLISHED) == count(Proposal) - 1
    assert comment(loaded, "C42").state is State.PENDING
    hidden = comment(loaded, "C29")
    assert hidden.state is State.HIDDEN
    decision = db.session.scalars(sa.select(Decision).where(Decision.contribution_id == hidden.id,
                                                            Decision.act == Act.HIDE)).one()
    assert decision.reason is not None
    assert decision.note
    assert decision.moderator.holds(Role.MODERATOR)
    flagged = comment(loaded, "C36")
    assert flagged.state is State.PUBLISHED
    assert flagged.flag_count == 1
    assert count(Flag, Flag.contribution_id == flagged.id, Flag.decided_at.is_(None)) == 1


def test_the_desk_the_guarantors_and_the_register_have_something_to_show(loaded, more):
    told = more["moderating"]
    redacted = db.session.scalars(sa.select(Comment).where(Comment.body.contains(blackout.MARK))).one()
    assert told["redacted"]["words"] not in redacted.body
    open_ones = {appeal.upheld for appeal in db.session.scalars(sa.select(Appeal))}
    assert open_ones == {None, False}, "one waits, one was confirmed"
    guarantor = person("garante@example.org")
    assert len(queue.queue(guarantor, queue.Wanted(passed_on=True, aside=None)).items) == 1
    assert record.verify() == []
    assert count(OutboxMessage) == 0


def test_what_a_moderator_had_to_read_first_was_approved(loaded):
    approved = set(db.session.scalars(sa.select(Decision.contribution_id).where(Decision.act == Act.APPROVE)))
    unread = [c.code for c in db.session.scalars(sa.select(Contribution).where(Contribution.published_at.is_not(None)))
              if c.activity.moderation is ModerationMode.BEFORE and c.id not in approved
              and not getattr(c, "official", False) and not getattr(c, "derived", False)]
    assert unread == []


def test_replies_stand_under_what_they_answer_and_codes_in_the_order_of_time(loaded):
    for entry in loaded["comments"]:
        parent = comment(loaded, entry["parent"]).id if "parent" in entry else None
        assert comment(loaded, entry["id"]).about_id == parent
    said = db.session.execute(sa.select(Comment.created_at).order_by(Comment.code)).scalars().all()
    assert [instant.date() for instant in said] == sorted(instant.date() for instant in said)
    assert all(instant < clock.now() for instant in said)


def test_a_discussion_has_topics_of_which_one_stands_first_and_one_is_summarised(loaded, more):
    discussion = db.session.scalars(sa.select(Discussion)).one()
    assert discussion.takes()
    topics = db.session.scalars(sa.select(Topic)).all()
    assert {topic.title for topic in topics} == {entry["title"] for entry in more["discussion"]["topics"]}
    assert [topic.thread.columns for topic in topics if topic.pinned] == [True]
    summarised = next(topic for topic in topics if topic.summary)
    assert summarised.summarised_by.holds(Role.FACILITATOR)
    assert summarised.thread.locked
    rests_on = db.session.scalars(sa.select(Comment).where(Contribution.code.in_(summarised.rests_on))).all()
    assert len(rests_on) == 5
    assert {one.thread_id for one in rests_on} == {summarised.thread_id}
    assert all(f'href="/c/{code}"' in summarised.summary_html for code in summarised.rests_on)
    assert [topic for topic in topics if not topic.summary and topic.thread.locked] == []
    heard = happenings(person("cittadina@example.org")).items
    assert {one.subject_id for one in heard} == {topic.id for topic in topics}


def test_comments_of_a_discussion_take_sides_and_are_agreed_with_as_told(loaded, more):
    for entry in (entry for topic in more["discussion"]["topics"] for entry in topic["comments"]):
        found = db.session.scalars(sa.select(Comment).where(Comment.body == entry["text"])).one()
        assert (found.agree_count, found.disagree_count) == (entry.get("agree", 0), entry.get("disagree", 0))
        assert (found.side is not None) == (found.thread.columns and found.about_id is None)
    assert set(db.session.scalars(sa.select(Comment.side).where(Comment.side.is_not(None)))) == set(Side)


def test_a_comment_that_was_changed_after_others_had_relied_on_it_keeps_what_it_said(loaded):
    changed = db.session.scalars(sa.select(Comment).where(Comment.edited_at.is_not(None))).one()
    (change,) = changes.of(changed)
    assert changed.comment_count == 1
    assert changed.version == 2
    assert changed.created_at < change.at < clock.now()
    assert "<ins>" in change.compared


def test_two_proposals_were_merged_and_some_of_their_supporters_went_along(loaded, more):
    derivation = db.session.scalars(sa.select(Derivation)).one()
    originals, (successor,) = derivation.on_the(lineage.Side.ORIGINAL), derivation.on_the(lineage.Side.SUCCESSOR)
    assert {one.title for one in originals} == {entry["title"] for entry in more["merging"]["originals"]}
    assert all(one.public and one.replaced and one.thread.locked for one in originals)
    assert successor.public
    assert 0 < successor.carried_count < successor.support_count < derivation.supporter_count
    answers = Counter(db.session.scalars(sa.select(SupportConsent.carries)))
    assert answers[True] == successor.carried_count
    assert 0 < answers[False] < derivation.supporter_count - answers[True]
    latest = db.session.scalar(sa.select(sa.func.max(Support.given_at)).where(
        Support.contribution_id.in_([one.id for one in originals])))
    assert latest <= derivation.made_at


def test_whoever_tries_the_demonstration_has_not_yet_said_whether_their_support_goes_along(loaded):
    successor = db.session.scalars(sa.select(Proposal).where(Proposal.derived)).one()
    asked, answered = person("cittadina@example.org"), person("cittadino@example.org")
    assert supported_an_original(successor, asked)
    assert carrying.consent_of(successor, asked) is None
    assert carrying.consent_of(successor, answered).carries


def test_outcomes_have_reasons_and_tell_what_was_proposed_from_what_was_decided(loaded):
    answered = [entry for entry in loaded["proposals"] if "response" in entry]
    for entry in answered:
        outcome = db.session.scalars(sa.select(Outcome).where(
            Outcome.contribution_id == proposal(loaded, entry["id"]).id)).one()
        assert outcome.reasons == entry["response"]["text"].strip()
        assert outcome.proposed_on <= clock.today()
    remarked = count(Outcome, Outcome.contribution_id.in_(sa.select(Remark.id)))
    assert count(Outcome, Outcome.verdict != Verdict.UNDER_REVIEW) == len(answered) + remarked
    assert 0 < count(Outcome, Outcome.decided_on.is_not(None)) < len(answered)


def test_comments_on_the_draft_stand_on_its_paragraphs(loaded):
    assert count(Paragraph, Paragraph.thread_id.is_(None), ~Paragraph.text.startswith("{{")) == 0
    thread = comment(loaded, "C37").thread
    paragraph = db.session.scalars(sa.select(Paragraph).where(Paragraph.thread_id == thread.id)).one()
    assert paragraph.text.startswith("Nel 2035")
    assert paragraph.section.title == "Visione"


def test_the_pact_is_in_negotiation_with_three_commitments_under_way(loaded, more):
    told, pact = loaded["pact"], db.session.scalars(sa.select(Pact)).one()
    assert pact.public
    assert [clause.title for clause in pact.clauses] == [clause["title"] for clause in told["clauses"]]
    assert all(clause.body for clause in pact.clauses)
    assert [one.name for one in pact.signatories if one.organisation is None] == [
        entry["name"] for entry in told["signatories"] if entry["kind"] == "ente"]
    assert len(pact.signatories) == len(told["signatories"])
    lines = {line.commitment.code: line for line in monitoring.lines(pact.commitments)}
    assert list(lines) == [entry["id"] for entry in told["commitments"]]
    assert {code for code, line in lines.items() if line.counted} == {"I07", "I09", "I11"}
    assert lines["I09"].measured.value == 3  # as it was corrected
    assert {code for code, line in lines.items() if not line.commitment.public} == set(more["pact"]["drafts"])
    for entry in more["pact"]["comments"]:
        assert lines[entry["target"]].commitment.thread.comment_count == 1
    consultation = db.session.scalars(sa.select(PactConsultation)).one()
    assert consultation.takes()
    assert consultation.phase.current()


def test_actions_say_who_when_and_with_what_within_the_years_of_the_plan(loaded):
    plan = db.session.scalars(sa.select(Plan)).one()
    for action in db.session.scalars(sa.select(Action)):
        assert action.lead
        assert action.description
        assert action.cost
        assert [one.target for one in action.measures]
        assert sum(one.amount for one in action.fundings) == action.cost
        assert plan.first_year <= action.starts_on.year <= action.ends_on.year <= plan.last_year


def test_accepted_proposals_lead_to_actions(loaded):
    linked = set(db.session.scalars(sa.select(TraceLink.contribution_id).where(TraceLink.action_id.is_not(None))))
    accepted = db.session.scalars(sa.select(Outcome.contribution_id).join(Proposal).where(
        Outcome.verdict.in_((Verdict.ACCEPTED, Verdict.PARTLY)))).all()
    assert accepted
    assert set(accepted) <= linked


def test_the_accounts_are_those_promised(loaded):
    notes = {account.email: account.note for account in services.accounts()}
    assert len(notes) == 10
    assert all(notes.values())
    for email in notes:
        assert person(email).is_active
        assert passwords.right(services.PASSWORD, person(email).password_hash)
    roles = {"moderatrice": Role.MODERATOR, "moderatore": Role.MODERATOR, "ufficio": Role.PLAN_OFFICE,
             "regia": Role.STEERING, "garante": Role.GUARANTOR, "sportello": Role.DESK_OPERATOR,
             "admin": Role.PLATFORM_ADMIN}
    for name, role in roles.items():
        assert person(f"{name}@example.org").holds(role)
    assert person("cittadina@example.org").verified
    assert person("cittadina@example.org").municipality.name == "Roccamurata"
    assert not person("cittadino@example.org").verified
    assert [o.slug for o in person("associazione@example.org").organisations] == ["confartigiani-valle"]


def test_nobody_else_can_sign_in(loaded):
    with_password = set(db.session.scalars(sa.select(Person.email).where(Person.password_hash.is_not(None))))
    assert with_password == {account.email for account in services.accounts()}
    assert count(Person, Person.email.is_not(None)) == len(with_password)


@pytest.mark.parametrize("days", [0, 1, 40, 158, 211, 365, 1500])
def test_phase_two_is_under_way_whenever_it_is_loaded(app, days):
    with clock.at(clock.now() + timedelta(days=days)):
        services.load()
        first, second, third = db.session.scalars(sa.select(Phase).order_by(Phase.position))
        assert first.past()
        assert second.current()
        assert not third.current()
        call = db.session.scalars(sa.select(ProposalCall)).one()
        assert call.takes()
        assert sum(bool(activity.takes()) for activity in second.activities) >= 6
        assert not any(activity.takes() for activity in first.activities)
        assert db.session.scalars(sa.select(Plan)).one().last_year == 2035


def test_nothing_made_up_lies_in_the_future_even_just_after_midnight(app):
    midnight = clock.local(clock.now() + timedelta(days=1)).replace(hour=0, minute=20)
    with clock.at(midnight):
        services.load()
        for column in (Person.created_at, Support.given_at, Contribution.created_at, Contribution.published_at,
                       Decision.decided_at, TraceLink.created_at, Outcome.updated_at, Flag.created_at,
                       Agreement.given_at, Derivation.made_at, SupportConsent.answered_at):
            assert db.session.scalar(sa.select(sa.func.max(column))) <= clock.now()


def test_what_has_opened_does_not_open_again_and_what_has_closed_is_left_to_the_schedule(loaded):
    for activity in db.session.scalars(sa.select(Activity)):
        assert activity.opened_event_at == activity.opens_at
        assert activity.closed_event_at is None
    assert count(Ballot, Activity.closes_at < clock.now()) == 3


def test_a_second_loading_is_refused_and_changes_nothing(loaded):
    before = count(Contribution), count(Person)
    with pytest.raises(services.NotEmptyError):
        services.load()
    assert (count(Contribution), count(Person)) == before


def test_a_database_with_one_account_is_not_empty(make):
    assert services.empty()
    make.person(municipality=None)
    assert not services.empty()


class TestCommand:
    def test_load_says_what_to_do_next(self, app):
        done = app.test_cli_runner().invoke(args=["demo", "load"])
        assert done.exit_code == 0
        assert "demo people" in done.output
        listed = app.test_cli_runner().invoke(args=["demo", "people"])
        assert listed.exit_code == 0
        assert "cittadina@example.org" in listed.output

    def test_load_refuses_a_database_that_holds_data(self, app, make):
        make.person()
        done = app.test_cli_runner().invoke(args=["demo", "load"])
        assert done.exit_code == 1
        assert "already holds data" in done.stderr

    def test_people_says_where_there_is_no_demonstration(self, app):
        done = app.test_cli_runner().invoke(args=["demo", "people"])
        assert done.exit_code == 1
        assert "demo load" in done.stderr

    @pytest.mark.parametrize("command", ["load", "people", "grow"])
    def test_each_command_gives_an_example(self, app, command):
        done = app.test_cli_runner().invoke(args=["demo", command, "--help"])
        assert done.exit_code == 0
        assert f"flask --app app demo {command}" in done.output

    def test_a_database_without_tables_is_named_as_such(self, tmp_path):
        app = create_app(settings_for(tmp_path, f"sqlite:///{tmp_path / 'bare.sqlite3'}"))
        for command in ("load", "people"):
            done = app.test_cli_runner().invoke(args=["demo", command])
            assert done.exit_code == 1
            assert "db upgrade" in done.stderr
        with app.app_context():
            db.engine.dispose()
