"""Two questionnaires side by side: what was asked alike, and why the rest is not compared."""

import pytest

from consult.accounts.models import Role
from consult.core.db import db
from consult.core.languages import Localized
from consult.crossings import comparing
from consult.processes.models import ResultsVisible
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import QuestionKind
from tests.browser import text_of
from tests.factories import DAY

K = QuestionKind
KINDS = (K.SINGLE_CHOICE, K.MULTIPLE_CHOICE, K.SCALE, K.NUMBER, K.MATRIX_SINGLE, K.RANKING, K.POINTS, K.LONG_TEXT)


@pytest.fixture
def pair(make):
    """Two questionnaires with the same codes."""
    both = [make.survey(*KINDS), make.survey(*KINDS)]
    for survey in both:
        for number, question in enumerate(surveys.questions(survey)):
            question.code = f"q{number}"
    db.session.flush()
    return both


def fill(survey, how_many, option):
    for number in range(how_many):
        answering.answer(survey, None, municipality_id=None, given={
            "q0": [option], "q1": ["o1", option] if option != "o1" else ["o1"], "q2": float(number % 5 + 1),
            "q3": float(number), "q4": {"r1": [option]}, "q5": [option], "q6": {option: 100}, "q7": "Sì"})


def test_shares_and_differences_are_told_with_how_many_answered(pair):
    first, second = pair
    fill(first, 20, "o1")
    fill(second, 30, "o2")
    fill(second, 10, "o1")
    found = comparing.comparison(first, second)
    by_code = {table.code: table for table in found.tables}
    assert list(by_code) == ["q0", "q1", "q2", "q3", "q4-r1", "q4-r2", "q5", "q6"]
    assert [row.values for row in by_code["q0"].rows] == [(1.0, 0.25, -75.0), (0.0, 0.75, 75.0), (0.0, 0.0, 0.0)]
    assert "20" in by_code["q0"].columns[0].label["en"]
    assert "few" in by_code["q0"].columns[0].label["en"]
    assert "40" in by_code["q0"].columns[1].label["en"]
    assert "few" not in by_code["q0"].columns[1].label["en"]
    assert by_code["q4-r2"].rows[0].values == ("–", "–", "–")
    assert by_code["q3"].rows[0].values == (9.5, 12.0, 2.5)
    assert by_code["q6"].rows[0].values == (100.0, 25.0, -75.0)
    assert by_code["q5"].rows[2].values == ("–", "–", "–")
    assert [reason for _prompt, reason in found.apart] == [comparing.NOT_COUNTED]


def test_what_was_asked_otherwise_is_not_compared_and_the_page_says_why(pair):
    first, second = pair
    fill(first, 12, "o1")
    fill(second, 12, "o1")
    asked = surveys.questions(second)
    asked[0].kind = K.DROPDOWN
    asked[1].options[0].code = "altro"
    asked[2].maximum = 7
    asked[3].unit = Localized.of("euro")
    asked[4].rows[0].code = "altra"
    asked[5].code = "nuova"
    db.session.flush()
    reasons = [reason for _prompt, reason in comparing.comparison(first, second).apart]
    assert reasons == [comparing.OTHER_KIND, comparing.OTHER_OPTIONS, comparing.OTHER_ENDS, comparing.OTHER_UNIT,
                       comparing.OTHER_OPTIONS, comparing.NOT_ASKED, comparing.NOT_COUNTED]


def test_what_few_answered_is_not_compared(pair):
    first, second = pair
    fill(first, 12, "o1")
    fill(second, 4, "o1")
    found = comparing.comparison(first, second)
    assert found.tables == []
    assert {reason for _prompt, reason in found.apart} == {comparing.TOO_FEW, comparing.NOT_COUNTED}


def test_the_page_offers_what_one_may_see_and_gives_each_table_as_a_file(pair, make, browser):
    first, second = pair
    fill(first, 12, "o1")
    fill(second, 12, "o2")
    office = browser(make.person(Role.PLAN_OFFICE))
    page = office.get(f"/questionari/{first.id}/confronto?con={second.id}")
    assert page.status_code == 200
    assert "Difference in points" in text_of(page)
    file = office.get(f"/questionari/{first.id}/confronto.csv?con={second.id}&domanda=q0")
    assert file.mimetype == "text/csv"
    assert b"Opzione 1" in file.data
    assert office.get(f"/questionari/{first.id}/confronto.csv?con={second.id}&domanda=no").status_code == 404
    assert office.get(f"/questionari/{first.id}/confronto?con=999999").status_code == 404
    assert browser(make.person()).get(f"/questionari/{first.id}/confronto").status_code == 403


def test_everybody_compares_only_what_is_over_and_public(pair, browser):
    first, second = pair
    fill(first, 12, "o1")
    fill(second, 12, "o2")
    first.opens_at, first.closes_at = first.opens_at - 20 * DAY, first.opens_at - DAY
    first.results_visible = second.results_visible = ResultsVisible.LIVE
    db.session.flush()
    assert "There is no other survey" in text_of(browser().get(f"/questionari/{first.id}/confronto"))
    assert browser().get(f"/questionari/{first.id}/confronto?con={second.id}").status_code == 404
    second.opens_at, second.closes_at = second.opens_at - 20 * DAY, second.opens_at - DAY
    db.session.flush()
    assert browser().get(f"/questionari/{first.id}/confronto?con={second.id}").status_code == 200
