"""Figures against answers that are known, against a naive recount, and against whoever looks for a person in them."""

import json
import statistics as naive
from collections import Counter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from consult.core import charts
from consult.core.charts import Sheet
from consult.core.db import db
from consult.core.languages import Localized
from consult.processes.models import Audience, Channel
from consult.surveys import distribution, queries, services, statistics
from consult.surveys.answers import CHOICES
from consult.surveys.distribution import Spread
from consult.surveys.models import Question, QuestionKind

SINGLE, MULTIPLE, SCALE, NUMBER, SHORT = (
    QuestionKind.SINGLE_CHOICE, QuestionKind.MULTIPLE_CHOICE, QuestionKind.SCALE, QuestionKind.NUMBER,
    QuestionKind.SHORT_TEXT)


def answer(survey, place, channel=Channel.PAPER, **given):
    """Give answers by the position of their question: options by position, texts and numbers as they are."""
    asked = queries.questions(survey)
    told = {}
    for name, value in given.items():
        question = asked[int(name[1:])]
        told[question.code] = [question.options[at].code for at in value] if isinstance(value, list) else value
    services.answer(survey, None, municipality_id=place.id if place else None, given=told, channel=channel)


def table(sheet, code):
    return next(t for t in sheet.tables if t.code == code)


def figures(sheet, code, column=0):
    """A column of a table by the label of the row."""
    return {str(row.label): row.values[column] for row in table(sheet, code).rows}


@pytest.fixture
def town(make):
    return make.town()


def test_options_of_a_single_choice_are_counted_with_their_share(make, town):
    survey = make.survey(SINGLE)
    for option in [0] * 6 + [1] * 3:
        answer(survey, town, q0=[option])
    code = f"question-{queries.questions(survey)[0].id}"
    sheet = statistics.sheet(survey)
    assert figures(sheet, code) == {"Opzione 1": 6, "Opzione 2": 3, "Opzione 3": 0, "Hanno risposto alla domanda": 9}
    assert figures(sheet, code, 1) == {
        "Opzione 1": 0.6667, "Opzione 2": 0.3333, "Opzione 3": 0.0, "Hanno risposto alla domanda": 1.0}


def test_options_of_a_multiple_choice_are_counted_each_and_shares_are_of_people(make, town):
    survey = make.survey(MULTIPLE, SHORT)
    for options in [[0, 1]] * 5 + [[1]] * 5:
        answer(survey, town, q0=options)
    answer(survey, town, q1="Solo questo")
    code = f"question-{queries.questions(survey)[0].id}"
    sheet = statistics.sheet(survey)
    assert list(figures(sheet, code).values()) == [5, 10, 0, 10]
    assert list(figures(sheet, code, 1).values()) == [0.5, 1.0, 0.0, 1.0]


def test_how_many_answered_is_told_for_each_question_and_few_are_kept_back(make, town):
    survey = make.survey(SINGLE, SHORT, NUMBER)
    for number in range(8):
        answer(survey, town, q0=[0], **({"q1": "Sì"} if number < 6 else {}), **({"q2": 1.0} if number < 2 else {}))
    told = figures(statistics.sheet(survey), "answered")
    assert list(told.values()) == [8, 6, None]


def test_numbers_have_their_middle_and_their_ends(make, town):
    survey = make.survey(NUMBER)
    for value in (1, 2, 3, 4, 10):
        answer(survey, town, q0=float(value))
    told = figures(statistics.sheet(survey), f"question-{queries.questions(survey)[0].id}-summary")
    assert list(told.values()) == [4.0, 1.0, 2.0, 3.0, 4.0, 10.0]


def test_a_scale_shows_every_point_with_the_words_for_its_ends(make, town):
    survey = make.survey(SCALE)
    question = queries.questions(survey)[0]
    question.minimum_label, question.maximum_label = Localized.of("Per niente"), Localized.of("Molto")
    for value in (1, 1, 4, 5, 5, 5):
        answer(survey, town, q0=float(value))
    told = figures(statistics.sheet(survey), f"question-{question.id}")
    assert list(told.items())[:5] == [("1 (Per niente)", 2), ("2", 0), ("3", 0), ("4", 1), ("5 (Molto)", 3)]


def test_channels_are_told(make, town):
    survey = make.survey(SINGLE)
    for channel in [Channel.ONLINE] * 4 + [Channel.PAPER] * 3:
        answer(survey, town, channel=channel, q0=[0])
    sheet = statistics.sheet(survey)
    assert sheet.channels == {"online": 4, "paper": 3}
    assert [figure.value for figure in sheet.figures][:3] == [7, 4, 3]


@pytest.mark.parametrize("times", [0, 4])
def test_under_five_submissions_only_their_number_is_told(make, town, times):
    survey = make.survey(SINGLE, NUMBER)
    for _ in range(times):
        answer(survey, town, q0=[0], q1=770077.0)
    sheet = statistics.sheet(survey)
    assert sheet.tables == ()
    assert sheet.figures[0].value == times
    assert "770077" not in sheet.as_json()
    assert "Opzione" not in sheet.as_json()


def test_by_municipality_what_is_small_is_kept_back_and_cannot_be_worked_out(make):
    survey = make.survey(SINGLE)
    big, middle, small = make.municipality("Grande"), make.municipality("Media"), make.municipality("Piccola")
    for place, options in ((big, [40, 30, 20]), (middle, [12, 9, 8]), (small, [2, 6, 5])):
        for option, times in enumerate(options):
            for _ in range(times):
                answer(survey, place, q0=[option])
    found = table(statistics.sheet(survey), f"question-{queries.questions(survey)[0].id}-places")
    assert [str(column.label) for column in found.columns] == ["Grande", "Media", "Piccola"]
    cells = [row.values for row in found.rows if not row.total]
    assert cells[0][2] is None
    for line in [*cells, *zip(*cells, strict=True)]:
        assert line.count(None) != 1
    assert [row.values for row in found.rows if row.total] == [(90, 29, 13)]


def test_a_municipality_with_few_submissions_is_kept_back_everywhere(make):
    survey = make.survey(SINGLE, MULTIPLE, SCALE, NUMBER)
    places = [make.municipality(name) for name in ("Uno", "Due", "Tre")]
    for place, times in zip(places, (30, 20, 3), strict=True):
        for number in range(times):
            answer(survey, place, q0=[number % 3], q1=sorted({0, number % 3}), q2=float(number % 5 + 1),
                   q3=float(number))
    sheet = statistics.sheet(survey)
    by_place = figures(sheet, "places")
    assert by_place["Tre"] is None
    assert list(by_place.values()).count(None) == 2
    for question in queries.questions(survey):
        found = table(sheet, f"question-{question.id}-places")
        names = [str(c.label) for c in found.columns] if question.kind in CHOICES else []
        if names:
            assert {row.values[names.index("Tre")] for row in found.rows} == {None}
        else:
            assert {str(row.label): set(row.values) for row in found.rows}["Tre"] == {None}


def test_what_nearly_everybody_of_a_small_place_chose_is_kept_back_too(make):
    survey = make.survey(MULTIPLE)
    for place in (make.municipality("Uno"), make.municipality("Due")):
        for number in range(20):
            answer(survey, place, q0=[0] if number else [1])
    found = table(statistics.sheet(survey), f"question-{queries.questions(survey)[0].id}-places")
    assert found.rows[0].values == (None, None)


def test_the_breakdown_is_left_out_where_all_come_from_one_place(make, town):
    survey = make.survey(SINGLE)
    for _ in range(8):
        answer(survey, town, q0=[0])
    assert [t.code for t in statistics.sheet(survey).tables] == [
        "answered", f"question-{queries.questions(survey)[0].id}"]


def test_whoever_lives_elsewhere_is_counted_apart(make, town):
    survey = make.survey(SINGLE)
    for place, times in ((town, 9), (None, 7)):
        for _ in range(times):
            answer(survey, place, q0=[0])
    assert figures(statistics.sheet(survey), "places") == {"Roccaprova": 9, "Altrove o non indicato": 7}


def test_the_sheet_is_in_every_language_and_comes_back_from_its_text(make, town):
    survey = make.survey(*QuestionKind)
    for number in range(12):
        answer(survey, town if number % 2 else None, q0="Sì", q1="Sì", q5=[0], q6=[0, 1], q3=float(number),
               q9=3.0)
    sheet = charts.count(survey)
    text = sheet.as_json()
    assert Sheet.from_json(text).as_json() == text
    for told in [sheet.method, sheet.conclusion, *(t.heading for t in sheet.tables),
                 *(c.label for t in sheet.tables if not t.code.endswith("places") for c in t.columns)]:
        assert set(told) == {"it", "en", "de", "fr"}
    assert json.loads(text)["source"]["activity"] == survey.id


def test_the_method_says_what_is_not_known(make, town):
    once, open_to_all = make.survey(SINGLE), make.survey(SINGLE, audience=Audience.ANYONE)
    assert "Each person could answer once." in statistics.sheet(once).method["en"]
    assert "may have answered more than once" in statistics.sheet(open_to_all).method["en"]
    assert "are not a sample" in statistics.sheet(once).method["en"]


def test_what_came_out_is_said_in_words(make, town):
    survey = make.survey(SINGLE, SCALE)
    for option in [0] * 6 + [1] * 2:
        answer(survey, town, q0=[option], q1=4.0)
    said = statistics.sheet(survey).conclusion["en"]
    assert said == (
        "8 surveys were filled in. “Domanda 1”: the most frequent answer is “Opzione 1”, given by 75\u00a0%. "
        "“Domanda 2”: 4.0 on average, on a scale from 1 to 5.")


def test_counting_takes_the_same_queries_whatever_there_is_to_count(make, town, counted):
    survey = make.survey(*QuestionKind)
    costs = []
    for times in (10, 100):
        for number in range(times):
            answer(survey, town if number % 2 else None, q0="Sì", q5=[number % 3], q6=[0, 1], q3=float(number),
                   q9=2.0, q13=[0, 1], q4="2026-03-01")
        db.session.expire_all()
        asked = queries.survey(survey.id)
        with counted() as seen:
            statistics.sheet(asked)
        costs.append(len(seen))
    assert costs[0] == costs[1] <= 9


# against a naive recount

FILLINGS = st.lists(st.tuples(
    st.integers(0, 3), st.none() | st.integers(0, 2), st.sets(st.integers(0, 2)),
    st.none() | st.integers(1, 5), st.none() | st.integers(-20, 300) | st.sampled_from([0.5, 12.25, 99.125])),
    min_size=5, max_size=40)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(fillings=FILLINGS)
def test_every_figure_is_what_a_naive_recount_says(make, fillings):
    survey = make.survey(SINGLE, MULTIPLE, SCALE, NUMBER)
    if not hasattr(make, "places"):
        make.places = [make.municipality().id for _ in range(3)]
    at, numbers = [*make.places, None], {}
    asked = queries.questions(survey)
    for where, single, several, point, number in fillings:
        told = {asked[0].code: None if single is None else [asked[0].options[single].code],
                asked[1].code: [asked[1].options[o].code for o in several] or None,
                asked[2].code: None if point is None else float(point),
                asked[3].code: None if number is None else float(number)}
        services.answer(survey, None, municipality_id=at[where],
                        given={code: value for code, value in told.items() if value is not None})
    sheet = statistics.sheet(survey)
    codes = {t.code for t in sheet.tables}
    for position, chosen in ((0, [[] if f[1] is None else [f[1]] for f in fillings]), (1, [f[2] for f in fillings])):
        _check_choice(sheet, codes, asked[position], chosen, [f[0] for f in fillings])
    for position in (2, 3):
        numbers = [(f[0], float(f[position + 1])) for f in fillings if f[position + 1] is not None]
        _check_numbers(sheet, codes, asked[position], numbers)


def _check_choice(sheet, codes, question, chosen, where):
    answered = [c for c in chosen if c]
    code = f"question-{question.id}"
    assert (code in codes) is (len(answered) >= 5)
    if code not in codes:
        return
    totals = [sum(option in c for c in chosen) for option in range(3)]
    assert [row.values[0] for row in table(sheet, code).rows] == [*totals, len(answered)]
    if f"{code}-places" not in codes:
        assert len(set(where)) == 1
        return
    columns = [place for place in range(4) if place < 3 or 3 in where]
    for option, row in enumerate(table(sheet, f"{code}-places").rows[:3]):
        for value, place in zip(row.values[-len(columns):], columns, strict=True):
            truth = sum(option in c and w == place for c, w in zip(chosen, where, strict=True))
            assert value is None or (value == truth and value >= 5)


def _check_numbers(sheet, codes, question, numbers):
    code = f"question-{question.id}"
    values = sorted(value for _where, value in numbers)
    assert (code in codes) is (len(values) >= 5)
    if code not in codes:
        return
    low, middle, high = naive.quantiles(values, n=4, method="inclusive")
    told = [row.values[0] for row in table(sheet, f"{code}-summary").rows]
    assert told == pytest.approx([naive.fmean(values), values[0], low, middle, high, values[-1]], abs=1e-3)
    assert sum(row.values[0] for row in table(sheet, code).rows if not row.total) == len(values)
    if f"{code}-places" in codes:
        for row, place in zip(table(sheet, f"{code}-places").rows[-4:], range(4), strict=False):
            mine = [value for where, value in numbers if where == place]
            if row.values[0] is not None and len(table(sheet, f"{code}-places").rows) == 4:
                assert len(mine) >= 5
                assert row.values == pytest.approx((naive.fmean(mine), naive.median(mine), len(mine)), abs=1e-3)


@given(st.lists(st.floats(-1e6, 1e6).map(lambda v: round(v, 3)), min_size=1, max_size=60), st.floats(0, 1))
def test_quantiles_are_those_of_the_sorted_list(values, share):
    rank = (len(values) - 1) * share
    below, above = sorted(values)[int(rank)], sorted(values)[-int(-rank // 1)]
    assert Spread(Counter(values)).quantile(share) == pytest.approx(below + (above - below) * (rank % 1), abs=1e-3)


def labelled(question, values):
    return distribution.classes(question, Spread(Counter(values)))


@given(st.lists(st.integers(-10**9, 10**9) | st.floats(-1e9, 1e9).map(lambda v: round(v, 6)), min_size=1, max_size=60))
@example([0, 0.003906])
@example([0, 0.000001])
@example([12345.678901, 12345.678902])
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_classes_hold_every_number_once_and_are_few(app, values):
    found = labelled(Question(kind=NUMBER), [float(value) for value in values])
    assert sum(number for _label, number in found) == len(values)
    assert len(found) <= 13
    assert len({label["it"] for label, _number in found}) == len(found)


@pytest.mark.parametrize(("values", "labels"), [
    ([1, 2, 2, 4], ["1", "2", "3", "4"]),
    ([2.5, 2.5], ["2.5"]),
    ([0.5, 1.5, 2.5, 3.9], [
        "0.5 to under 1", "1 to under 1.5", "1.5 to under 2", "2 to under 2.5", "2.5 to under 3", "3 to under 3.5",
        "3.5 to under 4"]),
    (range(0, 240, 5), ["0 to 49", "50 to 99", "100 to 149", "150 to 199", "200 to 249"]),
    ([*range(100)] * 3 + [10**9], ["0 to 19", "20 to 39", "40 to 59", "60 to 79", "80 to 99", "100 and more"]),
])
def test_classes_are_round_and_what_lies_far_off_does_not_stretch_them(app, values, labels):
    found = labelled(Question(kind=NUMBER), [float(value) for value in values])
    assert [label.in_language("en") for label, _number in found] == labels


def test_numbers_are_counted_the_same_on_every_run(make, town):
    """The sheet is hashed: neither the order of the rows nor the database may show in it."""
    survey = make.survey(NUMBER)
    values = [round(5 / number, 3) for number in range(1, 61)]
    for value in values:
        answer(survey, town, q0=value)
    assert statistics.sheet(survey).as_json() == statistics.sheet(survey).as_json()
    told = figures(statistics.sheet(survey), f"question-{queries.questions(survey)[0].id}-summary")
    assert next(iter(told.values())) == round(naive.fmean(values), 4)
