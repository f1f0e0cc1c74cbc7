"""Filling in a questionnaire over plain HTTP."""

import pytest

from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience
from consult.surveys import queries
from consult.surveys.models import QuestionKind
from tests import recount
from tests.browser import text_of
from tests.surveys.conftest import answers, submissions

SINGLE, MULTIPLE = QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE
SHORT, LONG, NUMBER, SCALE = (QuestionKind.SHORT_TEXT, QuestionKind.LONG_TEXT, QuestionKind.NUMBER, QuestionKind.SCALE)


def sent(browser, person, survey, value):
    """Send one answer; a position stands for the option there."""
    question = queries.questions(survey)[0]

    def told(one):
        return question.options[one].code if isinstance(one, int) else one

    values = [told(one) for one in value] if isinstance(value, list) else told(value)
    return browser(person).submit(f"/questionari/{survey.id}/compila", {f"q{question.id}": values})


@pytest.mark.parametrize(("kind", "rules", "value", "kept"), [
    (SHORT, {}, "  Una panchina \n all'ombra\x07 ", [(0, None, "Una panchina all'ombra")]),
    (SHORT, {"max_length": 5}, "ciaoo", [(0, None, "ciaoo")]),
    (LONG, {}, "Prima riga.\r\nSeconda riga.", [(0, None, "Prima riga.\nSeconda riga.")]),
    (LONG, {}, "<script>alert(1)</script>", [(0, None, "<script>alert(1)</script>")]),
    (NUMBER, {}, "12", [(0, 12.0, None)]),
    (NUMBER, {}, "12,5", [(0, 12.5, None)]),
    (NUMBER, {}, " 1 500 ", [(0, 1500.0, None)]),
    (NUMBER, {}, "-3.25", [(0, -3.25, None)]),
    (NUMBER, {"minimum": 0, "maximum": 240}, "240", [(0, 240.0, None)]),
    (NUMBER, {"minimum": 0, "maximum": 240}, "0", [(0, 0.0, None)]),
    (SCALE, {"minimum": 1, "maximum": 10}, "10", [(0, 10.0, None)]),
    (SCALE, {"minimum": 0, "maximum": 3}, "0", [(0, 0.0, None)]),
])
def test_a_sound_answer_is_kept(ask, make, browser, kind, rules, value, kept):
    survey, _question = ask(kind, required=True, **rules)
    response = sent(browser, make.person(), survey, value)
    assert (response.status_code, response.headers["Location"]) == (303, f"/questionari/{survey.id}/grazie")
    assert answers() == kept


@pytest.mark.parametrize(("kind", "rules", "value", "chosen"), [
    (SINGLE, {}, 1, [1]),
    (MULTIPLE, {}, [0, 2], [0, 2]),
    (MULTIPLE, {"maximum": 2}, [1], [1]),
    (MULTIPLE, {"minimum": 2, "maximum": 2}, [0, 1], [0, 1]),
    (MULTIPLE, {}, [1, 1, 1], [1]),
])
def test_options_chosen_are_kept_one_row_each(ask, make, browser, kind, rules, value, chosen):
    survey, question = ask(kind, required=True, **rules)
    options = [option.id for option in question.options]
    assert sent(browser, make.person(), survey, value).status_code == 303
    assert answers() == [(options[at], None, None) for at in chosen]


@pytest.mark.parametrize(("kind", "rules", "value", "sentence"), [
    (SHORT, {}, " \n ", "Write an answer."),
    (SHORT, {"max_length": 5}, "troppo", "This is too long: at most 5 characters."),
    (SHORT, {}, "x" * 201, "This is too long: at most 200 characters."),
    (LONG, {}, "x" * 4001, "This is too long: at most 4000 characters."),
    (NUMBER, {}, "", "Write a number."),
    (NUMBER, {}, "tanti", "Write only a number"),
    (NUMBER, {}, "1e9", "Write only a number"),
    (NUMBER, {}, "nan", "Write only a number"),
    (NUMBER, {}, "inf", "Write only a number"),
    (NUMBER, {}, "1.500", "Write only a number"),
    (NUMBER, {}, "1,5,5", "Write only a number"),
    (NUMBER, {}, "9" * 400, "Write only a number"),
    (NUMBER, {}, "١٢x", "Write only a number"),
    (NUMBER, {"minimum": 0}, "-1", "Write a number not smaller than 0."),
    (NUMBER, {"maximum": 240}, "240,5", "Write a number not greater than 240."),
    (SCALE, {}, "", "Choose an answer."),
    (SCALE, {}, "6", "Choose among the answers shown."),
    (SCALE, {}, "3.0", "Choose among the answers shown."),
    (SCALE, {}, ["1", "2"], "Choose at most 1 answer."),
    (SINGLE, {}, "", "Choose an answer."),
    (SINGLE, {}, "999999", "Choose among the answers shown."),
    (SINGLE, {}, "1; drop table answer", "Choose among the answers shown."),
    (SINGLE, {}, [0, 1], "Choose at most 1 answer."),
    (MULTIPLE, {}, [], "Choose an answer."),
    (MULTIPLE, {"maximum": 2}, [0, 1, 2], "Choose at most 2 answers."),
    (MULTIPLE, {"minimum": 2}, [1], "Choose at least 2 answers."),
    (MULTIPLE, {}, ["2147483648000000000000"], "Choose among the answers shown."),
])
def test_an_unsound_answer_is_refused_with_a_sentence_and_stays_as_typed(
        ask, make, browser, kind, rules, value, sentence):
    survey, question = ask(kind, required=True, **rules)
    response = sent(browser, make.person(), survey, value)
    said = text_of(response)
    page = response.get_data(as_text=True)
    assert response.status_code == 200
    assert sentence in said
    assert f'href="#q{question.id}"' in page
    assert submissions() == answers() == []
    if kind in (SHORT, LONG, NUMBER) and isinstance(value, str) and value.strip():
        assert value.strip()[:100] in page


def test_an_option_of_another_question_is_not_accepted(make, browser):
    survey = make.survey(SINGLE, SINGLE)
    first, second = queries.questions(survey)
    second.options[0].code = "only_here"
    response = browser(make.person()).submit(f"/questionari/{survey.id}/compila", {f"q{first.id}": "only_here"})
    assert "Choose among the answers shown." in text_of(response)
    assert submissions() == []


def test_questions_that_are_optional_may_be_left_out(make, browser):
    survey = make.survey(*QuestionKind)
    person = make.person()
    texts = [q for q in queries.questions(survey) if q.kind is SHORT]
    assert browser(person).submit(f"/questionari/{survey.id}/compila", {f"q{texts[0].id}": "Sì"}).status_code == 303
    assert answers() == [(0, None, "Sì")]


def test_nothing_at_all_is_not_sent(make, browser):
    survey = make.survey(*QuestionKind)
    response = browser(make.person()).submit(f"/questionari/{survey.id}/compila", {})
    assert "Answer at least one question before you send." in text_of(response)
    assert submissions() == []


def test_an_answer_counts_for_the_municipality_of_the_account(make, browser):
    survey, person = make.survey(SINGLE), make.person()
    assert 'name="municipality"' not in browser(person).get(f"/questionari/{survey.id}/compila").get_data(as_text=True)
    assert sent(browser, person, survey, 0).status_code == 303
    assert [s.municipality_id for s in submissions()] == [person.municipality_id]
    assert recount.drift() == []


@pytest.mark.parametrize("elsewhere", [True, False])
def test_whoever_has_told_no_municipality_is_asked_for_it_first(make, browser, elsewhere):
    survey, town, person = make.survey(SINGLE), make.town(), make.person(municipality=None)
    visit = browser(person)
    page = visit.get(f"/questionari/{survey.id}/compila").get_data(as_text=True)
    assert page.index('name="municipality"') < page.index('name="q')
    option = queries.questions(survey)[0].options[0].code
    name = f"q{queries.questions(survey)[0].id}"
    response = visit.submit(f"/questionari/{survey.id}/compila", {name: option, "municipality": ""})
    assert "Choose an answer." in text_of(response)
    response = visit.submit(f"/questionari/{survey.id}/compila", {
        name: option, "municipality": "0" if elsewhere else str(town.id)})
    assert response.status_code == 303
    assert [s.municipality_id for s in submissions()] == [None if elsewhere else town.id]


def test_a_municipality_that_is_not_of_the_percorso_is_refused(make, browser):
    survey, person = make.survey(SINGLE), make.person(municipality=None)
    question = queries.questions(survey)[0]
    response = browser(person).submit(f"/questionari/{survey.id}/compila", {
        f"q{question.id}": question.options[0].code, "municipality": "77777"})
    assert "Choose among the answers shown." in text_of(response)
    assert submissions() == []


def test_each_person_answers_once(make, browser):
    survey, person = make.survey(SINGLE), make.person()
    assert sent(browser, person, survey, 0).status_code == 303
    again = browser(person)
    assert "You have already answered this survey" in text_of(again.get(f"/questionari/{survey.id}"))
    form = {f"q{queries.questions(survey)[0].id}": queries.questions(survey)[0].options[1].code}
    for response in (again.get(f"/questionari/{survey.id}/compila"),
                     again.post(f"/questionari/{survey.id}/compila", form)):
        assert response.status_code == 403
        assert "You have already answered this survey" in text_of(response)
    assert len(submissions()) == len(answers()) == 1
    db.session.refresh(survey)
    assert survey.submission_count == 1


def test_a_form_sent_twice_is_one_act_with_one_answer(make, browser):
    survey, visit = make.survey(SINGLE), browser(make.person())
    form = visit.form(f"/questionari/{survey.id}/compila")
    question = queries.questions(survey)[0]
    fields = {**form["fields"], f"q{question.id}": question.options[0].code}
    both = [visit.post(form["action"], fields) for _ in range(2)]
    assert [r.status_code for r in both] == [303, 303]
    assert both[0].headers["Location"] == both[1].headers["Location"]
    assert len(submissions()) == 1


def test_a_form_that_was_put_right_is_accepted(make, browser):
    survey, visit = make.survey(SHORT), browser(make.person())
    question = queries.questions(survey)[0]
    form = visit.form(f"/questionari/{survey.id}/compila")
    assert visit.post(form["action"], {**form["fields"], f"q{question.id}": "x" * 300}).status_code == 200
    assert visit.post(form["action"], {**form["fields"], f"q{question.id}": "Ora sì"}).status_code == 303


def test_where_no_account_is_needed_everyone_answers_and_more_than_once(make, browser):
    survey = make.survey(SINGLE, audience=Audience.ANYONE)
    town = make.town()
    question = queries.questions(survey)[0]
    assert "No account is needed" in text_of(browser().get(f"/questionari/{survey.id}"))
    for person in (None, None, make.person()):
        changes = {f"q{question.id}": question.options[0].code}
        if person is None:
            changes["municipality"] = str(town.id)
        assert browser(person).submit(f"/questionari/{survey.id}/compila", changes).status_code == 303
    assert len(submissions()) == 3
    assert recount.drift() == []


def test_a_survey_that_keeps_names_keeps_who_and_when(make, browser):
    survey, person = make.survey(SINGLE, anonymous=False), make.person()
    assert sent(browser, person, survey, 0).status_code == 303
    submission = submissions()[0]
    assert submission.person_id == person.id
    assert submission.submitted_at is not None
    assert "together with your name" in text_of(browser(person).get(f"/questionari/{survey.id}"))
    assert browser(person).get(f"/questionari/{survey.id}/compila").status_code == 403


def test_where_names_are_kept_an_account_answers_once_even_if_none_is_needed(make, browser):
    survey, person = make.survey(SINGLE, anonymous=False, audience=Audience.ANYONE), make.person()
    assert sent(browser, person, survey, 0).status_code == 303
    assert browser(person).get(f"/questionari/{survey.id}/compila").status_code == 403
    assert len(submissions()) == 1


@pytest.mark.parametrize("path", ["/questionari/{id}", "/questionari/{id}/compila", "/questionari/{id}/grazie",
                                  "/questionari/{id}/risultati", "/questionari/{id}/testi"])
@pytest.mark.parametrize("published", [False, None])
def test_what_is_not_public_or_does_not_exist_is_unknown(make, browser, path, published):
    number = 2147483647 if published is None else make.survey(SINGLE, published=False).id
    make.town()
    assert browser(make.person()).get(path.format(id=number)).status_code == 404


FUZZ = ["", "\x00", "\ud800", "x" * 10_000, "-1", "9" * 50, "null", "[]", "<b>", "'; --",
        "\N{FULLWIDTH DIGIT ONE}", "२"]


@pytest.mark.parametrize("value", FUZZ)
def test_no_input_breaks_the_form(make, browser, value):
    survey = make.survey(*QuestionKind)
    visit = browser(make.person())
    for question in queries.questions(survey):
        question.required = True
    names = [f"q{question.id}" for question in queries.questions(survey)]
    safe = value.encode("utf-8", "surrogatepass")
    for fields in (dict.fromkeys(names, safe), {name: [safe, safe] for name in names},
                   {"part": safe, "go": "next"}, {"part": safe, "go": "back"}, {"go": safe}, {"once": safe}, {}):
        response = visit.post(f"/questionari/{survey.id}/compila", fields)
        assert response.status_code == 200
    assert submissions() == []


def test_texts_that_look_like_markup_are_shown_as_typed(ask, make, browser):
    survey, question = ask(SHORT, max_length=10)
    question.prompt = Localized.of("<i>Che</i> & come?")
    response = sent(browser, make.person(), survey, '"><script>alert(1)</script>')
    page = response.get_data(as_text=True)
    assert "<script>alert" not in page
    assert "<i>Che" not in page
    assert '"><script>alert(1)</script>'.replace('"', "&#34;").replace("<", "&lt;").replace(">", "&gt;") in page
