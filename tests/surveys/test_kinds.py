"""Every kind of question over plain HTTP: what is taken, and what is refused with a sentence and stays as typed."""

from datetime import date
from io import BytesIO

import pytest
from PIL import Image

from consult.accounts.models import Role
from consult.core import files
from consult.core.db import db
from consult.core.languages import Localized
from consult.surveys import queries
from consult.surveys.models import AnsweredFile, QuestionKind
from tests.browser import text_of
from tests.surveys.conftest import submissions

KIND = QuestionKind


def send(visit, survey, question, parts):
    """Send the parts of one answer."""
    changes = {f"q{question.id}{'.' if part else ''}{part}": value for part, value in parts.items()}
    return visit.submit(f"/questionari/{survey.id}/compila", changes)


def kept(survey):
    (submission,) = submissions()
    return queries.given(survey, submission)


@pytest.mark.parametrize(("kind", "rules", "parts", "answer"), [
    (KIND.EMAIL, {}, {"": " Anna.Rossi@EXAMPLE.org "}, "Anna.Rossi@example.org"),
    (KIND.DATE, {}, {"": "2026-03-01"}, "2026-03-01"),
    (KIND.DATE, {}, {"": "1/3/2026"}, "2026-03-01"),
    (KIND.DROPDOWN, {}, {"": "o2"}, ["o2"]),
    (KIND.YES_NO, {}, {"": "no"}, ["no"]),
    (KIND.ZERO_TO_TEN, {}, {"": "0"}, 0.0),
    (KIND.MATRIX_SINGLE, {}, {"r1": "o1", "r2": "o3"}, {"r1": ["o1"], "r2": ["o3"]}),
    (KIND.MATRIX_MULTIPLE, {}, {"r1": ["o2", "o1"], "r2": "o3"}, {"r1": ["o1", "o2"], "r2": ["o3"]}),
    (KIND.RANKING, {}, {"o1": "3", "o2": "1", "o3": "2"}, ["o2", "o3", "o1"]),
    (KIND.RANKING, {"maximum": 1}, {"o2": "1"}, ["o2"]),
    (KIND.POINTS, {}, {"o1": "30", "o2": "70", "o3": "0"}, {"o1": 30, "o2": 70}),
    (KIND.MUNICIPALITY, {}, {"": "elsewhere"}, ["elsewhere"]),
    (KIND.PLACE, {}, {"latitude": "44,123456", "longitude": "11.2"}, [44.123456, 11.2]),
    (KIND.SHORT_TEXT, {"prefer_not": True}, {"prefer_not": "1"}, {"prefer_not": True}),
    (KIND.SINGLE_CHOICE, {"prefer_not": True}, {"": "-"}, {"prefer_not": True}),
    (KIND.MATRIX_SINGLE, {"prefer_not": True}, {"prefer_not": "1"}, {"prefer_not": True}),
])
def test_a_sound_answer_of_each_kind_is_kept_as_it_was_given(ask, make, browser, kind, rules, parts, answer):
    survey, question = ask(kind, required=True, **rules)
    assert send(browser(make.person()), survey, question, parts).status_code == 303
    assert kept(survey) == {question.code: answer}


@pytest.mark.parametrize(("kind", "rules", "parts", "sentence"), [
    (KIND.EMAIL, {}, {"": "anna.example.org"}, "This is not an e-mail address"),
    (KIND.DATE, {}, {"": "31/2/2026"}, "This is not a date"),
    (KIND.DATE, {"earliest": date(2026, 1, 2)}, {"": "2026-01-01"}, "Write a date not before"),
    (KIND.DATE, {"latest": date(2026, 1, 2)}, {"": "2026-01-03"}, "Write a date not after"),
    (KIND.DROPDOWN, {}, {"": "o9"}, "Choose among the answers shown."),
    (KIND.YES_NO, {}, {"": ["yes", "no"]}, "Choose at most 1 answer."),
    (KIND.ZERO_TO_TEN, {}, {"": "11"}, "Choose among the answers shown."),
    (KIND.MATRIX_SINGLE, {}, {"r1": "o1"}, "“Riga 2” is still without an answer"),
    (KIND.MATRIX_SINGLE, {}, {"r1": ["o1", "o2"], "r2": "o1"}, "Choose only one answer in each line."),
    (KIND.MATRIX_MULTIPLE, {"maximum": 1}, {"r1": ["o1", "o2"], "r2": "o1"}, "Choose at most 1 answer."),
    (KIND.RANKING, {}, {"o1": "1", "o2": "1", "o3": "2"}, "Give each place only once"),
    (KIND.RANKING, {}, {"o1": "1"}, "Put at least 3 answers in order."),
    (KIND.RANKING, {}, {"o1": "primo"}, "Write only whole numbers"),
    (KIND.RANKING, {"maximum": 1}, {"o1": "1", "o2": "2"}, "Put at most 1 answer in order."),
    (KIND.POINTS, {}, {"o1": "90"}, "You have shared out 90 of 100 points: 10 are left."),
    (KIND.POINTS, {}, {"o1": "90", "o2": "20"}, "take away 10"),
    (KIND.POINTS, {}, {"o1": "-5"}, "Write only whole numbers"),
    (KIND.MUNICIPALITY, {}, {"": "999999"}, "Choose among the answers shown."),
    (KIND.PLACE, {}, {"latitude": "abc", "longitude": "11"}, "The point could not be read."),
    (KIND.PLACE, {}, {"latitude": "91", "longitude": "11"}, "The point could not be read."),
    (KIND.PLACE, {}, {"latitude": "44"}, "The point could not be read."),
    (KIND.FILE, {}, {}, "Choose a file."),
    (KIND.SHORT_TEXT, {"prefer_not": True}, {"": "Sì", "prefer_not": "1"}, "keep only one of the two"),
])
def test_an_unsound_answer_of_each_kind_is_refused_with_what_to_do_and_stays(
        ask, make, browser, kind, rules, parts, sentence):
    survey, question = ask(kind, required=True, **rules)
    response = send(browser(make.person()), survey, question, parts)
    assert response.status_code == 200
    assert sentence in text_of(response)
    assert submissions() == []
    for value in parts.values() if sentence != "Choose among the answers shown." else ():
        assert isinstance(value, list) or value in response.get_data(as_text=True)


@pytest.mark.parametrize(("parts", "answer"), [
    ({"": ["o1", "o2"], "other": "A piedi"}, {"chosen": ["o1", "o2"], "other": "A piedi"}),
    ({"": ["o1"], "other": "A piedi"}, {"chosen": ["o1", "o2"], "other": "A piedi"}),
    ({"": ["o3"]}, ["o3"]),
])
def test_other_is_said_in_ones_own_words(ask, make, browser, parts, answer):
    survey, question = ask(KIND.MULTIPLE_CHOICE)
    question.options[1].other = True
    assert send(browser(make.person()), survey, question, parts).status_code == 303
    assert kept(survey) == {question.code: answer}


@pytest.mark.parametrize(("parts", "sentence"), [
    ({"": ["o2"]}, "Say in your own words what you mean."),
    ({"": ["o1", "o3"]}, "cannot be chosen together with others"),
])
def test_what_stands_alone_and_what_needs_words_is_asked_for(ask, make, browser, parts, sentence):
    survey, question = ask(KIND.MULTIPLE_CHOICE)
    question.options[1].other, question.options[2].alone = True, True
    assert sentence in text_of(send(browser(make.person()), survey, question, parts))


def test_a_file_is_kept_without_its_name_and_time_and_only_the_plan_office_opens_it(ask, make, browser):
    survey, question = ask(KIND.FILE, required=True)
    visit, picture = browser(make.person()), BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    form = visit.form(f"/questionari/{survey.id}/compila")
    page = visit.post(form["action"], {**form["fields"], "go": "back", f"q{question.id}.file": (
        BytesIO(picture.getvalue()), "anna-rossi.jpg")}, content_type="multipart/form-data")
    assert "A file is there already" in text_of(page)
    assert "anna-rossi" not in page.get_data(as_text=True)
    sealed = page.get_data(as_text=True).partition(f'name="q{question.id}" value="')[2].partition('"')[0]
    assert visit.post(form["action"], {**form["fields"], f"q{question.id}": sealed}).status_code == 303
    (file,) = db.session.query(AnsweredFile)
    assert files.path_of(file.token).stat().st_mtime == 0
    assert kept(survey) == {question.code: file.token}
    assert files.named([file.token]) == {file.token}
    assert visit.get(f"/questionari/file/{file.token}").status_code == 403
    opened = browser(make.person(Role.PLAN_OFFICE)).get(f"/questionari/file/{file.token}")
    assert (opened.status_code, opened.mimetype) == (200, "image/jpeg")
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    opened.close()


def test_a_file_that_was_not_looked_at_for_this_question_is_none(ask, make, browser):
    survey, question = ask(KIND.FILE, required=True)
    response = send(browser(make.person()), survey, question, {"": "ab" * 16})
    assert "Choose a file." in text_of(response)


def test_shuffled_options_keep_their_order_and_those_apart_come_last(ask, make, browser):
    survey, question = ask(KIND.SINGLE_CHOICE, shuffled=True)
    question.options[0].other = True
    visit = browser(make.person())
    orders = set()
    for _ in range(30):
        form = visit.form(f"/questionari/{survey.id}/compila")
        page = visit.post(form["action"], form["fields"]).get_data(as_text=True)
        order = tuple(sorted(("o1", "o2", "o3"), key=lambda code: page.index(f'value="{code}"')))
        orders.add(order)
        assert order[-1] == "o1"
        assert f'name="seed" type="hidden" value="{form["fields"]["seed"]}"' in page
    assert len(orders) == 2


def test_an_earlier_answer_is_said_again_escaped_and_a_dash_where_there_is_none(make, browser):
    survey = make.survey(KIND.SHORT_TEXT, KIND.SHORT_TEXT)
    first, second = queries.questions(survey)
    second.prompt = Localized.of(f"Perché {{{first.code}}}, e non altro?")
    db.session.flush()
    visit = browser(make.person())
    form = visit.form(f"/questionari/{survey.id}/compila")
    assert "Perché —, e non altro?" in text_of(visit.get(form["action"]))
    page = visit.post(form["action"], {**form["fields"], "go": "back", f"q{first.id}": "<b>L'autobus</b>"})
    assert "Perché <b>L'autobus</b>, e non altro?" in text_of(page)
    assert "Perché <b>" not in page.get_data(as_text=True)
