"""How long data are kept: one table, applied once a day in small steps, with what went written down and shown."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts import registration
from consult.accounts.addresses import AddressChange
from consult.accounts.guesses import WrongGuesses
from consult.accounts.models import BrowserSession, MailToken, Person, Role
from consult.accounts.second_step import PendingSignIn
from consult.audit.models import AuditEntry
from consult.contributions.models import Flag, FlagReason
from consult.core import clock, jobs, outbox
from consult.core.config import Settings, SettingsError
from consult.core.db import db
from consult.core.held import HeldForm
from consult.core.once import OnceKey
from consult.core.outbox import OutboxMessage
from consult.factors.models import CodeApp, FactorTry
from consult.privacy import exports, retention
from consult.privacy.models import RetentionRun
from consult.publishing import services as publishing
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument
from tests import recount
from tests.browser import text_of
from tests.conftest import settings_for

DAY = timedelta(days=1)


def later(days):
    """Apply the rules as on a day to come; answers how many things went by which rule, those of which none left out."""
    db.session.commit()
    with clock.at(clock.now() + days * DAY):
        went = {code: count for code, count in retention.run(clock.today()).items() if count}
    db.session.expire_all()
    return went


def test_every_rule_is_applied_once_a_day(app, make):
    make.authority()
    assert set(retention.run(clock.today())) == {rule.code for rule in retention.RULES if rule.apply}
    assert retention.run(clock.today()) == {}
    assert all(run.finished_at for run in db.session.scalars(sa.select(RetentionRun)))


def test_the_schedule_waits_for_the_night_and_makes_up_for_it_later(app, make):
    make.authority()
    db.session.commit()
    midnight = clock.local(clock.now()).replace(hour=0, minute=30) + DAY
    with clock.at(midnight):
        retention.daily()
        assert db.session.scalars(sa.select(RetentionRun)).all() == []
    with clock.at(midnight + timedelta(hours=9)):
        retention.daily()
        assert db.session.scalars(sa.select(RetentionRun)).all() != []


def test_accounts_that_nobody_confirms_go_after_two_weeks(app, make):
    make.authority()
    registration.register("nuova@example.org", password="sette gatti sul campanile", name="Nora",
                          municipality_id=None, language="it")
    assert "unconfirmed" not in later(13)
    assert later(15)["unconfirmed"] == 1
    assert db.session.scalars(sa.select(Person.email)).all() == []
    assert db.session.scalars(sa.select(OutboxMessage)).all() == []


def test_an_unconfirmed_account_to_which_something_leads_is_erased(app, make):
    person = make.person(confirmed_at=None, password_hash="x", email="dubbia@example.org")
    make.proposal(author=person)
    assert later(15)["unconfirmed"] == 1
    assert (person.email, person.erased_at is None) == (None, False)
    assert recount.drift() == []


def test_accounts_that_nobody_uses_are_written_to_and_then_erased(app, make):
    person = make.person(email="assente@example.org", display_name="Assente")
    proposal = make.proposal(author=person)
    staff = make.person(Role.MODERATOR)
    assert "inactive" not in later(690)
    assert mails() == []
    assert "inactive" not in later(705)
    assert mails() == ["Il tuo account sta per essere eliminato: nessuno lo usa da molto tempo"]
    assert "inactive" not in later(731)  # written to twenty-six days ago
    assert later(740)["inactive"] == 1
    assert person.email is None
    assert proposal.byline == "una persona non più iscritta"
    assert staff.email
    assert recount.drift() == []


def mails():
    return db.session.scalars(sa.select(OutboxMessage.subject)).all()


def test_whoever_signs_in_again_keeps_the_account(app, make, browser):
    person = make.person(email="assente@example.org")
    later(705)
    assert person.warned_at
    with clock.at(clock.now() + 710 * DAY):
        browser(person)
        db.session.commit()
    assert person.warned_at is None
    assert "inactive" not in later(740)
    assert person.email


def test_closed_accounts_go_after_a_year_but_never_the_last_administrator(app, make):
    person = make.person(email="chiusa@example.org", closed_at=clock.now())
    admin = make.person(Role.PLATFORM_ADMIN, closed_at=clock.now(), email="admin@example.org")
    assert "closed" not in later(364)
    assert later(366)["closed"] == 1
    assert (person.email, admin.email) == (None, "admin@example.org")


def test_small_things_go_when_their_time_is_over(app, make, browser):
    person = make.person(email="carla@example.org")
    browser(person)
    registration.ask_reset(person.email, language="it")
    db.session.add(OnceKey(key="a" * 64))
    outbox.send_due()
    first = later(3)
    assert first["once"] == 1
    assert {"links": 1, "sessions": 1}.items() <= later(9).items()
    assert later(91)["messages"] == 1
    for model in (BrowserSession, MailToken, OnceKey, OutboxMessage):
        assert db.session.scalars(sa.select(model)).all() == [], model


def test_a_copy_goes_after_a_week_with_its_file(app, make):
    person = make.person()
    export = exports.ask(person)
    db.session.commit()
    exports.make(export.id)
    path = exports.file_of(export)
    assert path.exists()
    assert "copies" not in later(6)
    assert later(8)["copies"] == 1
    assert not path.exists()


def test_what_ties_acts_of_one_request_goes_after_a_month(app, make, browser):
    make.authority()
    visitor = browser(make.person())
    visitor.post("/esci")
    assert any(db.session.scalars(sa.select(AuditEntry.request_id)))
    later(31)
    assert not any(db.session.scalars(sa.select(AuditEntry.request_id)))
    assert db.session.scalar(sa.select(sa.func.count(AuditEntry.id)))


def test_only_documents_in_whose_place_there_is_another_go(app, make):
    plan, person = make.plan(), make.person()
    old, latest = (MadeDocument(
        process=plan.process, kind="plan", subject="plan:1", format=DocumentFormat.PDF, state=DocumentState.READY,
        asked_by_id=person.id, finished_at=clock.now()) for _ in range(2))
    db.session.add_all([old, latest])
    db.session.flush()
    path = publishing.file_of(old)
    path.parent.mkdir()
    path.write_text("vecchio")
    assert "documents" not in later(300)
    assert later(366)["documents"] == 1
    assert not path.exists()
    assert db.session.scalars(sa.select(MadeDocument)).all() == [latest]


def test_decided_reports_go_after_five_years_and_counts_stay_true(app, make):
    proposal = make.proposal()
    db.session.add_all([
        Flag(contribution_id=proposal.id, person_id=make.person().id, reason=FlagReason.SPAM, decided_at=clock.now()),
        Flag(contribution_id=proposal.id, person_id=make.person().id, reason=FlagReason.SPAM)])
    proposal.flag_count = 1
    assert later(1827)["reports"] == 1
    assert recount.drift() == []


def test_more_than_one_step_is_taken_where_there_is_much(app, make):
    make.authority()
    db.session.execute(sa.insert(OnceKey), [{"key": f"{n:064}"} for n in range(2 * retention.BATCH + 3)])
    assert later(3)["once"] == 2 * retention.BATCH + 3


def test_the_durations_and_what_went_are_shown_to_everybody(app, make, browser):
    make.authority()
    db.session.add(OnceKey(key="a" * 64, created_at=clock.now() - 3 * DAY))
    db.session.commit()
    retention.run(clock.today())
    page = text_of(browser().get("/pagine/privacy"))
    assert "Account che nessuno usa 730 giorni" in page
    assert "rimossi: 1" in page
    for rule in retention.RULES:
        assert str(rule.what) in page


def test_an_installation_can_choose_other_durations(tmp_path):
    settings = Settings.load({"CONSULT_RETENTION": "inactive=365 messages=30"}, tmp_path)
    assert settings.days_kept == {"inactive": 365, "messages": 30}
    retention.check(settings)


@pytest.mark.parametrize("wrong", ["inactive", "inactive=x", "inactive=-3", "inactive=1000000", "=3"])
def test_a_duration_that_is_none_stops_the_start(tmp_path, wrong):
    with pytest.raises(SettingsError, match="retention"):
        Settings.load({"CONSULT_RETENTION": wrong}, tmp_path)


def test_a_class_that_is_not_kept_stops_the_start(tmp_path):
    with pytest.raises(SettingsError, match="gatti"):
        retention.check(settings_for(tmp_path, "sqlite:///x", retention="gatti=3"))


def test_the_rules_can_be_applied_by_hand(app, make):
    make.authority()
    db.session.commit()
    done = app.test_cli_runner().invoke(args=["privacy", "retain"])
    assert done.exit_code == 0, done.output
    assert "inactive" in done.output


def test_a_rule_that_another_process_applies_is_left_to_it(app, make):
    make.authority()
    db.session.add(RetentionRun(day=clock.today(), rule="once"))
    db.session.add(OnceKey(key="a" * 64, created_at=clock.now() - 3 * DAY))
    db.session.commit()
    assert "once" not in retention.run(clock.today())
    assert len(db.session.scalars(sa.select(OnceKey)).all()) == 1


WITH_THE_ACCOUNT = {
    "agreement", "amendment", "answer_coder", "answer_coding", "answer_file", "answer_quote", "attachment",
    "ballot_box", "body_member", "box_paper", "co_author", "code_app", "code_batch", "comment",
    "appeal", "claim", "contribution", "conversation_file", "decision", "derivation",
    "draft_consultation", "entry_batch", "entry_file", "entry_sheet", "external_identity", "follow", "indicator_file",
    "mandate", "minutes_correction", "notice_pace", "notice_read", "outcome", "outcome_batch", "papers_file",
    "passkey", "person",
    "docpp_harmless", "docpp_part", "docpp_passage", "sorting_look", "sorting_reader", "sorting_reading",
    "sorting_tag_change", "description", "phase_closing", "phase_participant", "plan_draft", "plan_note", "plan_review",
    "plan_revision",
    "privacy_notice", "progress_report", "proposal", "proven_identifier", "questionnaire_version", "recovery_code",
    "remark_place",
    "restitution", "restitution_edition", "revision",
    "role_grant", "saved_view", "second_reading", "signature", "submission", "support", "support_consent",
    "survey_participation",
    "suspension", "thread_visit", "tied_code", "topic", "trace_link", "verification_conflict",
}
"""What goes, or loses whose it was, when an account is erased; erasure and its tests say how."""
BY_A_RULE = {
    "browser_session": "sessions", "mail_token": "links", "invitation": "invitations", "once_key": "once",
    "outbox_message": "messages", "personal_export": "copies", "made_document": "documents", "flag": "reports",
    "audit_entry": "request_ids", "retention_run": "runs", "former_identity": "identities",
    "verification": "verifications", "desk_check": "verifications", "register_entry": "registers",
    "pending_sign_in": "begun", "passkey_challenge": "begun", "held_form": "begun", "address_change": "begun",
    "wrong_guesses": "guesses", "factor_try": "guesses", "happening": "happenings",
}


def test_every_table_that_leads_to_a_person_has_a_line(app):
    """A table that somebody adds says when its rows go, or the build fails."""
    leads = {table.name for table in db.metadata.sorted_tables
             if any(key.column.table.name == "person" for column in table.columns for key in column.foreign_keys)}
    assert leads - WITH_THE_ACCOUNT - set(BY_A_RULE) == set()
    assert set(BY_A_RULE) | WITH_THE_ACCOUNT <= set(db.metadata.tables)
    assert set(BY_A_RULE.values()) <= {rule.code for rule in retention.RULES}


def test_what_was_begun_and_what_was_counted_goes_by_itself(app, make):
    make.authority()
    person, then = make.person(), clock.now() - 3 * DAY
    db.session.add_all([
        AddressChange(person_id=person.id, new_email="b@example.org", old_hash="o", new_hash="n", expires_at=then),
        PendingSignIn(person_id=person.id, token_hash="t", password_mark="m", expires_at=then),
        HeldForm(token_hash="h", sealed=b"x", created_at=then), FactorTry(person_id=person.id, at=then),
        WrongGuesses(tag="w", number=9, last_at=then), CodeApp(person_id=person.id, sealed=b"x", created_at=then)])
    db.session.commit()
    jobs.queue(app).run_schedule()
    for model in (AddressChange, PendingSignIn, HeldForm, FactorTry, WrongGuesses, CodeApp):
        assert db.session.scalars(sa.select(model)).all() == [], model
