"""What the pages of a questionnaire say, and what they cost."""

import time

import pytest

from consult.accounts.models import Role
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import ResultsVisible
from consult.surveys import live, queries, services
from consult.surveys.answers import TEXTS
from consult.surveys.models import QuestionKind
from tests.browser import text_of
from tests.surveys.test_services import ANSWERS

MOST_QUERIES = 12
SHORT_TEXT = QuestionKind.SHORT_TEXT
USUAL = [SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.NUMBER, QuestionKind.SINGLE_CHOICE,
         QuestionKind.MULTIPLE_CHOICE, QuestionKind.SCALE]


def fill(survey, place, times, text=None):
    """Answer every question, as came on paper."""
    given = {}
    for question in queries.questions(survey):
        if question.kind is not QuestionKind.INFORMATION:
            given[question.code] = text or "Una panchina" if question.kind is SHORT_TEXT else ANSWERS[question.kind]
    for _ in range(times):
        services.answer(survey, None, municipality_id=place.id if place else None, given=given)


@pytest.fixture
def twelve(make):
    """A survey with twelve questions, of every usual kind twice."""
    return make.survey(*USUAL, *USUAL, results_visible=ResultsVisible.LIVE)


def test_the_page_says_before_one_starts_what_one_should_know(make, browser):
    survey = make.survey(*QuestionKind)
    said = text_of(browser(make.person()).get(f"/questionari/{survey.id}"))
    for told in ("Start the survey", "Each person answers once.", "They are anonymous", "18 questions",
                 "It is open until", "once the survey has closed"):
        assert told in said


def test_thanks_say_what_happens_next(make, browser):
    survey = make.survey()
    said = text_of(browser(make.person()).get(f"/questionari/{survey.id}/grazie"))
    assert "Thank you for your answers" in said
    assert "What happens next" in said
    assert "It is open until" in said


def test_live_results_are_shown_as_provisional_with_their_tables(make, browser, twelve):
    for _ in range(2):
        fill(twelve, make.town(), 6)
        live.read()
    response = browser().get(f"/questionari/{twelve.id}/risultati")
    said = text_of(response)
    assert "These figures are provisional" in said
    assert "Una panchina" not in said
    assert response.get_data(as_text=True).count("<table") > 10
    assert "<svg" in response.get_data(as_text=True)


def test_under_five_answers_nothing_is_shown_of_them(make, browser, twelve):
    fill(twelve, make.town(), 4)
    live.read()
    said = text_of(browser().get(f"/questionari/{twelve.id}/risultati"))
    assert "Figures are shown as soon as ten people or more have answered" in said
    assert "Opzione 1" not in said
    staff = text_of(browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/{twelve.id}/risultati"))
    assert "Figures are shown as soon as five people have answered." in staff


def test_texts_are_read_without_names_and_the_municipality_only_where_five_answered(make, browser):
    survey = make.survey(QuestionKind.SHORT_TEXT)
    many, few = make.municipality("Moltalba"), make.municipality("Pocalba")
    fill(survey, many, 5, "Molte voci")
    fill(survey, few, 4, "Poche voci")
    said = text_of(browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/{survey.id}/testi"))
    assert said.count("Molte voci") == said.count("Moltalba") == 5
    assert said.count("Poche voci") == 4
    assert "Pocalba" not in said


def test_texts_come_a_page_at_a_time_and_all_of_them_come_once(make, browser):
    survey = make.survey(QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT)
    for number in range(120):
        services.answer(survey, None, municipality_id=None, given={
            queries.questions(survey)[0].code: f"Testo n. {number:03}."})
    visit, path, seen = browser(make.person(Role.PLAN_OFFICE)), f"/questionari/{survey.id}/testi", []
    question = queries.questions(survey)[0]
    while path:
        page = queries.texts(question, after=path.partition("dopo=")[2] or None)
        said = text_of(visit.get(path))
        seen += [said[at:at + 13] for at in range(len(said)) if said.startswith("Testo n.", at)]
        path = f"/questionari/{survey.id}/testi?domanda={question.id}&dopo={page.next}" if page.next else None
    assert len(seen) == len(set(seen)) == 120


@pytest.mark.parametrize("query", ["domanda=0", "domanda=abc", "domanda=", "domanda=99999999999999999999",
                                   "domanda=%00", "dopo=abc", "dopo=W10", "dopo=%FF%FE"])
def test_an_odd_address_of_texts_is_no_error(make, browser, query):
    survey = make.survey(QuestionKind.SHORT_TEXT)
    assert browser(make.person(Role.PLAN_OFFICE)).get(
        f"/questionari/{survey.id}/testi?{query}").status_code in (200, 404)


def test_texts_of_another_survey_are_not_shown_under_this_one(make, browser):
    survey, other = make.survey(QuestionKind.SHORT_TEXT), make.survey(QuestionKind.SHORT_TEXT)
    question = queries.questions(other)[0]
    office = browser(make.person(Role.PLAN_OFFICE))
    assert office.get(f"/questionari/{survey.id}/testi?domanda={question.id}").status_code == 404


def test_texts_in_another_language_are_marked(make, browser):
    survey = make.survey(title=Localized({"it": "Servizi", "en": "Services"}))
    page = browser(make.person()).get(f"/questionari/{survey.id}/compila").get_data(as_text=True)
    assert '<h1 data-element="page-name">Services</h1>' in page
    assert '<legend><span data-prompt lang="it">Domanda 1' in page


@pytest.mark.parametrize("path", ["", "/compila", "/grazie", "/risultati", "/testi"])
def test_pages_cost_few_queries_however_many_have_answered(make, browser, counted, twelve, path):
    visit = browser(make.person(Role.PLAN_OFFICE))
    costs = []
    for more in (10, 90):
        fill(twelve, make.town(), more)
        visit.get(f"/questionari/{twelve.id}{path}")
        with counted() as seen:
            assert visit.get(f"/questionari/{twelve.id}{path}").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] <= MOST_QUERIES + (8 if path == "/risultati" else 0)


def test_answering_costs_the_same_queries_whatever_the_number_of_questions(make, browser, counted):
    costs = []
    for kinds in ([QuestionKind.SHORT_TEXT], [QuestionKind.SHORT_TEXT] * 12):
        survey, visit = make.survey(*kinds), browser(make.person())
        form = visit.form(f"/questionari/{survey.id}/compila")
        fields = {**form["fields"], **{f"q{q.id}": "Sì" for q in queries.questions(survey)}}
        with counted() as seen:
            assert visit.post(form["action"], fields).status_code == 303
        costs.append(len(seen))
    assert costs[0] == costs[1]


def test_opening_and_sending_twelve_questions_costs_little(make, browser, twelve):
    fill(twelve, make.town(), 20)
    spent = []
    for _ in range(4):
        visit = browser(make.person())
        form = visit.form(f"/questionari/{twelve.id}/compila")
        fields = {**form["fields"], **{f"q{q.id}": "Sì" for q in queries.questions(twelve)
                                       if q.kind in TEXTS}}
        db.session.commit()
        began = time.process_time()
        visit.get(f"/questionari/{twelve.id}/compila")
        assert visit.post(form["action"], fields).status_code == 303
        spent.append(time.process_time() - began)
    assert min(spent) < 0.1  # four times what it takes on a slow machine


def test_files_and_places_that_were_answered_with_are_shown_to_the_office(make, browser):
    survey = make.survey(QuestionKind.FILE, QuestionKind.PLACE)
    brought, place = queries.questions(survey)
    for number in range(3):
        services.answer(survey, None, municipality_id=None, given={brought.code: f"{number:032x}",
                                                                   place.code: [44.1, 11.2 + number]})
    office = browser(make.person(Role.PLAN_OFFICE))
    page = office.get(f"/questionari/{survey.id}/testi")
    assert page.get_data(as_text=True).count('href="/questionari/file/') == 3
    assert "44.100000 12.200000" in text_of(office.get(f"/questionari/{survey.id}/testi?domanda={place.id}"))


def test_a_matrix_has_a_bar_for_each_row_where_one_answer_was_possible(make, browser):
    survey = make.survey(QuestionKind.MATRIX_SINGLE, QuestionKind.MATRIX_MULTIPLE)
    one, several = queries.questions(survey)
    for _ in range(5):
        services.answer(survey, None, municipality_id=None, given={
            one.code: {"r1": ["o1"], "r2": ["o2"]}, several.code: {"r1": ["o1", "o2"], "r2": ["o3"]}})
    page = browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/{survey.id}/risultati").get_data(as_text=True)
    assert page.count('class="bars stacks"') == 1
    assert page.count('class="stack-parts"') == 2
