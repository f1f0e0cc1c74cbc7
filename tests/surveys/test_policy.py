"""Who may answer, who sees results and texts, and what the one refused is told."""

import pytest
from flask_login import AnonymousUserMixin

from consult.accounts.models import Role
from consult.core import clock
from consult.core.policy import can
from consult.processes.models import Audience, BlackoutWindow, ResultsVisible
from tests.browser import text_of
from tests.factories import DAY

VISITOR = AnonymousUserMixin()


@pytest.mark.parametrize(("who", "audience", "when", "told"), [
    ("person", "signed_in", "open", ""),
    ("person", "signed_in", "coming", "It opens on"),
    ("person", "signed_in", "closed", "It closed on"),
    ("visitor", "signed_in", "closed", "It closed on"),
    ("visitor", "signed_in", "open", "Sign in to take part."),
    ("visitor", "anyone", "open", ""),
    ("visitor", "anyone", "closed", "It closed on"),
    ("person", "verified", "open", "whose residence was verified"),
    ("resident", "verified", "open", ""),
])
def test_who_may_answer(app, make, who, audience, when, told):
    survey = make.survey(when=when, audience=Audience(audience))
    person = {"person": make.person, "resident": lambda: make.person(verified=True),
              "visitor": lambda: VISITOR}[who]()
    with app.test_request_context("/?lingua=en"):
        verdict = can(person, "survey.answer", survey)
        assert bool(verdict) is not told
        assert told in str(verdict.reason)


@pytest.mark.parametrize(("changes", "told"), [
    ({"when": "coming"}, "It opens on"),
    ({"when": "closed"}, "It closed on"),
    ({"suspended_reason": "una verifica"}, "It is suspended: una verifica"),
    ({"audience": Audience.VERIFIED}, "whose residence was verified"),
])
def test_the_page_says_why_one_cannot_answer_and_the_form_refuses_with_the_same_sentence(make, browser, changes, told):
    survey, visit = make.survey(**changes), browser(make.person())
    page = visit.get(f"/questionari/{survey.id}")
    assert told in text_of(page)
    assert "Start the survey" not in text_of(page)
    for response in (visit.get(f"/questionari/{survey.id}/compila"), visit.post(f"/questionari/{survey.id}/compila")):
        assert response.status_code == 403
        assert told in text_of(response)


def test_before_elections_no_answer_is_taken(make, browser):
    survey = make.survey()
    make.process().blackouts.append(BlackoutWindow(
        starts_at=clock.now() - DAY, ends_at=clock.now() + DAY, reason={"it": "Elezioni"}))
    assert "as the law requires" in text_of(browser(make.person()).get(f"/questionari/{survey.id}/compila"))


def test_a_visitor_is_asked_to_sign_in_and_comes_back(make, browser):
    survey = make.survey()
    page = browser().get(f"/questionari/{survey.id}")
    assert "Sign in and start" in text_of(page)
    assert f"next=/questionari/{survey.id}/compila" in page.get_data(as_text=True).replace("%2F", "/")
    response = browser().get(f"/questionari/{survey.id}/compila")
    assert response.status_code == 303
    assert "/accedi" in response.headers["Location"]


@pytest.mark.parametrize(("visible", "when", "everyone", "office"), [
    (ResultsVisible.LIVE, "coming", False, True),
    (ResultsVisible.LIVE, "open", True, True),
    (ResultsVisible.LIVE, "closed", True, True),
    (ResultsVisible.AFTER_CLOSE, "open", False, True),
    (ResultsVisible.AFTER_CLOSE, "closed", True, True),
    (ResultsVisible.STAFF, "open", False, True),
    (ResultsVisible.STAFF, "closed", False, True),
])
def test_who_sees_the_results(make, visible, when, everyone, office):
    survey = make.survey(when=when, results_visible=visible)
    for person in (VISITOR, make.person(), make.person(Role.MODERATOR), make.person(Role.STEERING)):
        assert bool(can(person, "survey.results", survey)) is everyone
    assert bool(can(make.person(Role.PLAN_OFFICE), "survey.results", survey)) is office


def test_whoever_may_not_see_the_results_yet_is_told_when(make, browser):
    survey = make.survey()
    response = browser(make.person()).get(f"/questionari/{survey.id}/risultati")
    assert response.status_code == 403
    assert "once the survey has closed" in text_of(response)


def test_only_the_plan_office_reads_what_people_wrote(make, browser):
    survey = make.survey()
    for person in (make.person(), make.person(Role.MODERATOR), make.person(Role.STEERING)):
        assert browser(person).get(f"/questionari/{survey.id}/testi").status_code == 403
    assert browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/{survey.id}/testi").status_code == 200


def test_staff_see_a_survey_that_is_being_prepared(make, browser):
    survey = make.survey(published=False)
    assert "Not public" in text_of(browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/{survey.id}"))
