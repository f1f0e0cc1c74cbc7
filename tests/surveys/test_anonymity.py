"""Nothing that is kept of an anonymous answer leads to who gave it."""

from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from consult.audit.models import AuditEntry
from consult.core import clock, keys
from consult.core.db import db
from consult.processes import services as processes
from consult.surveys import queries, services
from consult.surveys.models import Answer, Submission, SurveyParticipation
from tests.browser import text_of


def everything():
    """Every row of every table, as name of the table and values."""
    return {(table.name, tuple(map(str, row))) for table in db.metadata.sorted_tables
            for row in db.session.execute(sa.select(table))}


@pytest.fixture
def answered(make, browser):
    """A survey, who answered it, and every row that this has written."""
    survey, person = make.survey(), make.person(id=918273645)
    option = queries.questions(survey)[0].options[0]
    visit = browser(person)
    path = f"/questionari/{survey.id}/compila"
    form = visit.form(path)
    before = everything()
    visit.post(path, {**form["fields"], f"q{option.question_id}": option.code})
    return survey, person, everything() - before


def test_no_row_that_an_answer_writes_names_who_gave_it(answered):
    _survey, person, written = answered
    assert {name for name, _values in written} == {
        "answer", "submission", "survey_participation", "audit_entry", "once_key", "participation_count", "survey"}
    for name, values in written:
        for told in (str(person.id), person.email, person.display_name):
            assert not any(told in value for value in values), name


def test_who_took_part_and_what_was_answered_have_nothing_in_common_but_the_survey(answered):
    survey, _person, written = answered
    submission = next(values for name, values in written if name == "submission")
    tag = next(values[1] for name, values in written if name == "survey_participation")
    assert [name for name, values in written if any(tag in value for value in values)] == ["survey_participation"]
    assert {name for name, values in written if any(submission[0] in value for value in values)} == {
        "submission", "answer"}
    taken_part = db.session.execute(sa.select(SurveyParticipation.__table__)).one()
    what = [*db.session.execute(sa.select(Submission.__table__)).one(),
            *db.session.execute(sa.select(Answer.__table__)).one()]
    assert set(map(str, taken_part)) & {value for value in map(str, what) if len(value) > 4} == set()
    assert survey.id in taken_part


def test_a_submission_has_a_random_id_and_neither_person_nor_time(answered):
    submission = db.session.scalar(sa.select(Submission))
    assert len(submission.id) == 32
    assert int(submission.id, 16)
    assert submission.person_id is None
    assert submission.submitted_at is None


def test_what_is_recorded_says_only_that_the_survey_was_answered(answered):
    survey, _person, _written = answered
    entry = db.session.scalar(sa.select(AuditEntry).where(AuditEntry.event == "SurveyAnswered"))
    assert (entry.actor_id, entry.facts) == (None, {"survey_id": survey.id})


def test_the_request_log_names_nobody(make, browser, caplog):
    survey, person = make.survey(), make.person(id=918273645)
    caplog.clear()
    browser(person).submit(f"/questionari/{survey.id}/compila", {
        f"q{queries.questions(survey)[0].id}": queries.questions(survey)[0].options[0].code})
    said = " ".join(record.getMessage() for record in caplog.records)
    assert f"/questionari/{survey.id}/compila" in said
    for told in (str(person.id), person.email, person.display_name):
        assert told not in said


def test_nobody_is_counted_as_a_person_who_took_part(answered):
    names = {name for name, _values in answered[2]}
    assert "phase_participant" not in names
    assert "follow" not in names


def test_on_sqlite_the_rows_are_kept_in_an_order_that_is_not_that_of_time(app):
    if db.engine.dialect.name != "sqlite":
        return
    made = db.session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'table'"))
    kept = {name for name, sql in made if sql and "WITHOUT ROWID" in sql}
    assert {"survey_participation", "submission", "answer"} <= kept


def test_the_key_is_not_in_the_database(answered, settings):
    key = (Path(settings.instance) / "keys" / f"{answered[0].id}.key").read_bytes()
    files = [path.read_bytes() for path in Path(settings.instance).glob("consult.sqlite3*")]
    assert not any(key in content or key.hex().encode() in content for content in files)


def test_at_the_close_the_key_goes_and_no_tag_leads_to_anybody(answered):
    survey, person, _written = answered
    assert queries.has_answered(survey, person)
    survey.closes_at = clock.now() - timedelta(seconds=1)
    db.session.flush()
    processes.announce_passages()
    assert not keys.exists(survey.id)
    assert not queries.has_answered(survey, person)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SurveyParticipation)) == 1


def test_where_names_are_kept_the_key_stays(make):
    survey = make.survey(when="closed", anonymous=False)
    keys.secret_for(survey.id)
    processes.announce_passages()
    assert keys.exists(survey.id)


def test_a_survey_whose_key_is_lost_takes_no_answer_from_whom_it_cannot_recognise(answered, make, browser):
    survey, person, _written = answered
    keys.destroy(survey.id)
    option = queries.questions(survey)[0].options[0]
    for who in (person, make.person()):
        response = browser(who).post(f"/questionari/{survey.id}/compila", {f"q{option.question_id}": option.code})
        assert response.status_code == 403
        assert "Please tell the plan office." in text_of(response)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Submission)) == 1
    with pytest.raises(keys.KeyLostError):
        services.answer(survey, make.person(), municipality_id=None, given={option.question.code: [option.code]})
