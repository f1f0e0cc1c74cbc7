"""While a questionnaire is open, nobody can tell one person's answers from figures before and after."""

from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.core.db import db
from consult.processes.models import ResultsVisible
from consult.results import services as results
from consult.surveys import live, queries, services
from consult.surveys.models import QuestionKind
from tests.browser import text_of
from tests.factories import DAY


def fill(survey, how_many, option="o1"):
    asked = queries.questions(survey)[0]
    for _ in range(how_many):
        services.answer(survey, None, municipality_id=None, given={asked.code: [option]})


def total(survey):
    sheet = live.shown(survey)
    return int(sheet.figures[0].value) if sheet else 0


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=st.lists(st.integers(0, 7), max_size=12))
def test_any_two_figures_that_are_shown_lie_five_people_apart(make, steps):
    survey = make.survey(results_visible=ResultsVisible.LIVE)
    seen, answered = {0}, 0
    for step in steps:
        fill(survey, step)
        answered += step
        live.read()
        seen.add(total(survey))
    every = sorted(seen | {answered} if answered else seen)
    assert all(b - a >= 5 for a, b in pairwise(every)) or len(seen) == 1
    last = max(seen)
    assert last == 0 or answered - last >= 5


def test_large_questionnaires_move_in_larger_steps():
    assert live.step(0) == live.step(80) == 5
    assert live.step(2000) == 100


def test_by_municipality_nothing_is_told_before_the_end(make):
    survey = make.survey(QuestionKind.SINGLE_CHOICE, QuestionKind.MUNICIPALITY, results_visible=ResultsVisible.LIVE)
    one, other = make.municipality(), make.municipality()
    asked = queries.questions(survey)
    for number in range(30):
        place = one if number % 2 else other
        services.answer(survey, None, municipality_id=place.id, given={
            asked[0].code: ["o1"], asked[1].code: [place.istat_code]})
        if number in (9, 19):
            live.read()
    sheet = live.shown(survey)
    assert [table.code for table in sheet.tables] == ["answered", f"question-{asked[0].id}"]


def test_only_what_is_open_and_live_is_read(make):
    after, over = make.survey(), make.survey(results_visible=ResultsVisible.LIVE)
    for survey in (after, over):
        fill(survey, 12)
    over.opens_at, over.closes_at = over.opens_at - 20 * DAY, over.opens_at - DAY
    db.session.flush()
    live.read()
    fill_none = [live.shown(survey) for survey in (after, over)]
    assert fill_none == [None, None]
    assert results.freeze(over)


def test_everybody_sees_the_last_reading_but_one(make, browser):
    survey = make.survey(results_visible=ResultsVisible.LIVE)
    path = f"/questionari/{survey.id}/risultati"
    fill(survey, 6)
    live.read()
    assert "<table" not in browser().get(path).get_data(as_text=True)
    fill(survey, 5, "o2")
    live.read()
    said = text_of(browser().get(path))
    assert "They move in steps of several people" in said
    assert total(survey) == 6
