"""Going on later and elsewhere, receipts, and changing what was sent: with a code that nobody keeps."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.core import clock, codes
from consult.core.db import db
from consult.processes.models import Audience
from consult.processes.services import ActivityClosed
from consult.resuming import reactions
from consult.resuming import services as resuming
from consult.resuming.models import SavedAnswers
from consult.surveys import queries, services
from consult.surveys.models import QuestionKind, Quota
from tests import recount
from tests.browser import text_of
from tests.surveys.conftest import answers, submissions


def code_on(response):
    return response.get_data(as_text=True).partition('class="code-told">')[2].partition("<")[0]


def filled(visit, survey, **changes):
    form = visit.form(f"/questionari/{survey.id}/compila")
    return {**form["fields"], **changes}


def test_what_was_saved_is_gone_on_with_elsewhere_and_deleted_when_it_is_sent(make, browser):
    survey, person = make.survey(QuestionKind.SHORT_TEXT, QuestionKind.MULTIPLE_CHOICE), make.person()
    first, second = queries.questions(survey)
    visit = browser(person)
    told = visit.post(f"/questionari/{survey.id}/conserva", filled(
        visit, survey, **{f"q{first.id}": "L'acqua", f"q{second.id}": ["o1", "o3"]}))
    code = code_on(told)
    assert (told.headers["Cache-Control"], codes.plain(code.lower().replace("-", " "))) == ("no-store", code)
    assert submissions() == []
    (row,) = db.session.scalars(sa.select(SavedAnswers))
    assert b"acqua" not in row.sealed
    assert code not in (row.code_hash, row.sealed.decode("latin-1"))
    elsewhere = browser(person)
    page = elsewhere.submit(f"/questionari/{survey.id}/riprendi", {"code": code.lower()})
    assert page.status_code == 200
    assert 'value="L&#39;acqua"' in page.get_data(as_text=True)
    sent = filled(elsewhere, survey, **{f"q{first.id}": "L'acqua", "saved": code})
    assert elsewhere.post(f"/questionari/{survey.id}/compila", sent).status_code == 303
    assert list(db.session.scalars(sa.select(SavedAnswers))) == []


@pytest.mark.parametrize("code", ["", "ABCD", "ABCD-EFGH-JKLM-2345", "x" * 5000, "\x00", "ABCD-EFGH-JKLM-01OI"])
@pytest.mark.parametrize("page", ["riprendi", "ricevuta"])
def test_a_code_that_leads_nowhere_is_said_to(make, browser, code, page):
    survey = make.survey()
    response = browser(make.person()).submit(f"/questionari/{survey.id}/{page}", {"code": code})
    assert response.status_code == 200
    assert any(said in text_of(response) for said in ("There is nothing with this code", "Write the code",
                                                      "This is too long", "Field cannot be longer"))


def test_saved_again_it_keeps_its_code_and_it_goes_after_thirty_days_and_when_the_survey_closes(make):
    survey, other = make.survey(), make.survey()
    code = resuming.save(survey, [("q1", "Uno")])
    assert resuming.save(survey, [("q1", "Due")], code=code) == code
    assert resuming.find(survey, code) == [("q1", "Due")]
    assert resuming.find(other, code) is None
    assert resuming.forget(before=clock.now() - timedelta(days=30), most=10) == 0
    with clock.at(clock.now() + timedelta(days=31)):
        assert resuming.forget(before=clock.now() - timedelta(days=30), most=10) == 1
    resuming.save(survey, [("q1", "Tre")])
    reactions.forget_what_can_no_longer_be_sent(ActivityClosed(actor_id=None, activity_id=survey.id))
    assert list(db.session.scalars(sa.select(SavedAnswers))) == []


def test_a_receipt_is_told_once_and_with_it_answers_are_seen_and_changed_until_the_close(make, browser):
    survey, visit = make.survey(QuestionKind.SINGLE_CHOICE, may_change=True), browser(make.person())
    question = queries.questions(survey)[0]
    visit.post(f"/questionari/{survey.id}/compila", filled(visit, survey, **{f"q{question.id}": "o1"}))
    code = code_on(visit.get(f"/questionari/{survey.id}/grazie"))
    assert codes.plain(code) == code
    assert code_on(visit.get(f"/questionari/{survey.id}/grazie")) == ""
    anyone = browser()
    received = anyone.submit(f"/questionari/{survey.id}/ricevuta", {"code": code})
    assert "Opzione 1" in text_of(received)
    form = anyone.post(f"/questionari/{survey.id}/cambia", {"receipt": code})
    assert 'value="o1" checked' in form.get_data(as_text=True)
    changed = anyone.post(f"/questionari/{survey.id}/cambia", {
        "receipt": code, "part": "1", "go": "send", f"q{question.id}": "o2"})
    assert changed.status_code == 303
    assert answers() == [(question.options[1].id, None, None)]
    db.session.refresh(survey)
    assert (survey.submission_count, len(submissions()), recount.drift()) == (1, 1, [])


def test_who_answered_with_their_name_finds_and_changes_it_without_a_code_and_nobody_else_does(make, browser):
    survey = make.survey(QuestionKind.SINGLE_CHOICE, may_change=True, anonymous=False, audience=Audience.SIGNED_IN)
    question, person = queries.questions(survey)[0], make.person()
    visit, place = browser(person), f"/questionari/{survey.id}"
    visit.post(f"{place}/compila", filled(visit, survey, **{f"q{question.id}": "o1"}))
    assert "See or change what you sent" in text_of(visit.get(place))
    assert "Opzione 1" in text_of(visit.get(f"{place}/ricevuta"))
    sent = visit.post(f"{place}/cambia", {"part": "1", "go": "send", f"q{question.id}": "o2"})
    assert sent.headers["Location"] == place
    assert answers() == [(question.options[1].id, None, None)]
    other = browser(make.person())
    assert "Opzione 2" not in text_of(other.get(f"{place}/ricevuta"))
    refused = other.post(f"{place}/cambia", {"part": "1", "go": "send", f"q{question.id}": "o1"})
    assert refused.headers["Location"] == f"{place}/ricevuta"
    assert answers() == [(question.options[1].id, None, None)]


def test_answers_that_cannot_be_changed_stay(make, browser):
    survey = make.survey()
    code = codes.new()
    services.answer(survey, None, municipality_id=None, receipt=code,
                    given={queries.questions(survey)[0].code: ["o1"]})
    assert browser().post(f"/questionari/{survey.id}/cambia", {"receipt": code}).status_code == 403
    with pytest.raises(services.NotOpenError):
        services.change(survey, code, given={})


def test_a_change_gives_back_its_place_in_a_quota_and_takes_another(make):
    survey = make.survey(may_change=True)
    question = queries.questions(survey)[0]
    db.session.add_all([Quota(option_id=option.id, most=1) for option in question.options[:2]])
    code = codes.new()
    services.answer(survey, None, municipality_id=None, given={question.code: ["o1"]}, receipt=code)
    with pytest.raises(services.NotOpenError, match="risposte che ci servono"), db.session.begin_nested():
        services.answer(survey, None, municipality_id=None, given={question.code: ["o1"]})
    services.change(survey, code, given={question.code: ["o2"]})
    db.session.expire_all()
    assert [quota.taken for quota in db.session.scalars(sa.select(Quota).order_by(Quota.option_id))] == [0, 1]
    services.answer(survey, None, municipality_id=None, given={question.code: ["o1"]})
    assert recount.drift() == []


def test_a_full_quota_is_said_before_the_rest_is_asked(make, browser):
    survey = make.survey()
    question = queries.questions(survey)[0]
    db.session.add(Quota(option_id=question.options[0].id, most=1))
    db.session.flush()
    services.answer(survey, None, municipality_id=None, given={question.code: ["o1"]})
    visit = browser(make.person())
    assert "as many answers as we need from those who choose this" in text_of(
        visit.get(f"/questionari/{survey.id}/compila"))
    response = visit.post(f"/questionari/{survey.id}/compila", filled(visit, survey, **{f"q{question.id}": "o1"}))
    assert "you need not go on" in text_of(response)


def test_as_many_as_are_wanted_close_it_early_and_it_says_why(make, browser):
    survey = make.survey(close_at=2)
    code = queries.questions(survey)[0].code
    for _ in range(2):
        services.answer(survey, None, municipality_id=None, given={code: ["o1"]})
    with pytest.raises(services.NotOpenError, match="persone previste"):
        services.answer(survey, None, municipality_id=None, given={code: ["o1"]})
    assert "as many people have answered as were asked to" in text_of(
        browser(make.person()).get(f"/questionari/{survey.id}"))


def test_the_same_form_sent_thrice_from_anywhere_is_one_submission(make, browser):
    survey, town = make.survey(audience=Audience.ANYONE), make.town()
    question = queries.questions(survey)[0]
    same = filled(browser(), survey, **{f"q{question.id}": "o1", "municipality": str(town.id)})
    same.pop("csrf_token")
    for _ in range(3):  # each time as another visitor, who has no cookie of the times before
        assert browser().post(f"/questionari/{survey.id}/compila", same).status_code == 303
    assert len(submissions()) == 1
    assert recount.drift() == []


def test_whoever_sends_the_same_form_again_because_the_answer_was_lost_is_told_the_same_code(make, browser):
    survey, visit = make.survey(), browser(make.person())
    sent = filled(visit, survey, **{f"q{queries.questions(survey)[0].id}": "o1"})
    told = []
    for _ in range(2):
        assert visit.post(f"/questionari/{survey.id}/compila", sent).status_code == 303
        told.append(code_on(visit.get(f"/questionari/{survey.id}/grazie")))
    assert told[0] == told[1] == codes.plain(told[0])
    assert queries.by_receipt(survey, told[0]).id == submissions()[0].id


def test_where_no_account_is_needed_the_code_is_told_again_to_the_same_form_and_to_no_other(make, browser):
    survey, told = make.survey(audience=Audience.ANYONE), []
    changes = {f"q{queries.questions(survey)[0].id}": "o1", "municipality": str(make.town().id)}
    same = filled(browser(), survey, **changes)
    same.pop("csrf_token")
    for form in (same, same, None, {**same, "once": ""}):
        visit = browser()
        visit.post(f"/questionari/{survey.id}/compila", form or filled(visit, survey, **changes))
        told.append(code_on(visit.get(f"/questionari/{survey.id}/grazie")))
    assert told[0] == told[1]
    assert len(set(told)) == len(submissions()) == 3


def test_the_database_alone_does_not_tell_the_code_of_a_receipt(settings):
    known = "1\0" + "k" * 22
    made = {codes.derived(secret, "receipt", known) for secret in (settings.secret_key, "another" * 8, "")}
    assert len(made) == 3
    assert all(codes.plain(code) == code for code in made)
