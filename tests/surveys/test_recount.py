"""The tables of every kind of question equal a recount of what was given, in plain Python."""

import statistics as naive
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.surveys import queries, services, statistics
from consult.surveys.answers import REFUSED, TEXTS
from consult.surveys.models import QuestionKind

OPTIONS = ["o1", "o2", "o3"]
K = QuestionKind


def some(of, least=1):
    return st.lists(st.sampled_from(of), min_size=least, max_size=len(of), unique=True)


def points(parts):
    return {code: n for code, n in zip(OPTIONS, (parts[0], parts[1] - parts[0], 100 - parts[1]), strict=True) if n}


GIVEN = {
    K.SHORT_TEXT: st.just("Sì"), K.LONG_TEXT: st.just("Va bene così."), K.EMAIL: st.just("a@example.org"),
    K.FILE: st.just("1"), K.PLACE: st.just([44.5, 11.3]),
    K.NUMBER: st.integers(-20, 300).map(float) | st.sampled_from([0.5, 12.25]),
    K.DATE: st.dates().filter(lambda day: 1900 < day.year < 2100).map(lambda day: day.isoformat()),
    K.SINGLE_CHOICE: st.sampled_from(OPTIONS).map(lambda code: [code]), K.MULTIPLE_CHOICE: some(OPTIONS),
    K.DROPDOWN: st.sampled_from(OPTIONS).map(lambda code: [code]), K.YES_NO: st.sampled_from([["yes"], ["no"]]),
    K.SCALE: st.integers(1, 5).map(float), K.ZERO_TO_TEN: st.integers(0, 10).map(float),
    K.MATRIX_SINGLE: st.dictionaries(st.sampled_from(["r1", "r2"]), st.sampled_from(OPTIONS).map(lambda c: [c]),
                                     min_size=1),
    K.MATRIX_MULTIPLE: st.dictionaries(st.sampled_from(["r1", "r2"]), some(OPTIONS), min_size=1),
    K.RANKING: st.permutations(OPTIONS).flatmap(lambda order: st.integers(1, 3).map(lambda many: order[:many])),
    K.POINTS: st.lists(st.integers(0, 100), min_size=2, max_size=2).map(sorted).map(points),
    K.MUNICIPALITY: st.integers(0, 3),
}
ASKED = [kind for kind in QuestionKind if kind is not K.INFORMATION]
FILLING = st.tuples(*(st.none() | st.just(REFUSED) | GIVEN[kind] | GIVEN[kind] for kind in ASKED))


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(fillings=st.lists(FILLING, min_size=8, max_size=24))
def test_tables_of_every_kind_equal_a_recount_in_plain_python(make, fillings):
    survey = make.survey(*QuestionKind)
    if not hasattr(make, "places"):
        make.places = [make.municipality().istat_code for _ in range(3)]
    codes = [*make.places, "elsewhere"]
    asked = queries.questions(survey)
    for question in asked:
        question.prefer_not = question.kind is not K.INFORMATION
    for filling in fillings:
        told = {question.code: [codes[value]] if question.kind is K.MUNICIPALITY and value != REFUSED else value
                for question, value in zip(asked, filling, strict=False) if value is not None}
        services.answer(survey, None, municipality_id=None, given=told)
    tables = {table.code: table for table in statistics.sheet(survey).tables}
    counted = iter(tables["answered"].rows)
    assert len(tables["answered"].rows) == len(ASKED)
    for question, kind, values in zip(asked, ASKED, zip(*fillings, strict=True), strict=False):
        answers = [value for value in values if value is not None and value != REFUSED]
        refused = sum(value == REFUSED for value in values)
        row = next(counted).values
        few = len(answers) < 5
        assert row == ((None,) * 3 if few else (len(answers), round(len(answers) / len(fillings), 4), refused))
        code = f"question-{question.id}"
        if few or kind in TEXTS | {K.EMAIL, K.FILE, K.PLACE}:
            assert code not in tables
        else:
            CHECKS[kind](tables, code, answers, refused)


def columns(table, *, totals=False):
    return [list(column) for column in zip(*(row.values for row in table.rows if row.total is totals), strict=True)]


def framed(table, answers, refused):
    assert [row.values for row in table.rows if row.total] == [(len(answers), 1.0), (refused, "–")]


def check_choice(tables, code, answers, refused):
    counts = Counter(option for answer in answers for option in answer)
    wanted = ["yes", "no"] if set(counts) & {"yes", "no"} else OPTIONS
    assert columns(tables[code]) == [
        [counts[option] for option in wanted], [round(counts[option] / len(answers), 4) for option in wanted]]
    framed(tables[code], answers, refused)


def check_numbers(tables, code, answers, refused):
    low, middle, high = naive.quantiles(answers, n=4, method="inclusive")
    assert columns(tables[f"{code}-summary"])[0] == pytest.approx(
        [naive.fmean(answers), min(answers), low, middle, high, max(answers)], abs=1e-3)
    assert sum(columns(tables[code])[0]) == len(answers)
    framed(tables[code], answers, refused)


def check_scale(tables, code, answers, refused, first=1, last=5):
    check_numbers(tables, code, answers, refused)
    assert columns(tables[code])[0] == [answers.count(point) for point in range(first, last + 1)]


def check_ten(tables, code, answers, refused):
    check_scale(tables, code, answers, refused, 0, 10)
    assert columns(tables[f"{code}-groups"])[0] == [
        sum(low <= value <= high for value in answers) for low, high in ((0, 6), (7, 8), (9, 10))]


def check_matrix(tables, code, answers, _refused):
    for line, row in zip(("r1", "r2"), tables[code].rows, strict=True):
        mine = [answer[line] for answer in answers if line in answer]
        wanted = [len(mine)]
        for option in OPTIONS:
            number = sum(option in chosen for chosen in mine)
            wanted += [number, round(number / len(mine), 4) if mine else "–"]
        assert list(row.values) == wanted


def check_ranking(tables, code, answers, _refused):
    for option, row in zip(OPTIONS, tables[code].rows, strict=True):
        ranks = [answer.index(option) + 1 for answer in answers if option in answer]
        assert row.values == (sum(4 - rank for rank in ranks), round(naive.fmean(ranks), 4) if ranks else "–",
                              ranks.count(1), len(ranks))


def check_points(tables, code, answers, _refused):
    for option, row in zip(OPTIONS, tables[code].rows, strict=True):
        mine = [answer.get(option, 0) for answer in answers]
        assert row.values == (round(naive.fmean(mine), 4), naive.median(mine), sum(mine),
                              round(sum(mine) / (100 * len(answers)), 4))


def check_dates(tables, code, answers, refused):
    found = {str(row.label): row.values[0] for row in tables[code].rows if not row.total}
    assert sum(found.values()) == len(answers)
    if all("–" in label for label in found):
        assert {label: number for label, number in found.items() if number} == Counter(
            f"{int(day[:4]) // 10 * 10}–{int(day[:4]) // 10 * 10 + 9}" for day in answers)
    framed(tables[code], answers, refused)


def check_places(tables, code, answers, refused):
    framed(tables[code], answers, refused)
    found = columns(tables[code])[0]
    hidden = [number for number in found if number is None]
    for number, place in zip(found, range(len(found)), strict=False):
        assert number is None or number == answers.count(place) >= 5
    assert len(hidden) != 1 or not any(found)


CHECKS = dict.fromkeys((K.SINGLE_CHOICE, K.MULTIPLE_CHOICE, K.DROPDOWN, K.YES_NO), check_choice) | {
    K.NUMBER: check_numbers, K.SCALE: check_scale, K.ZERO_TO_TEN: check_ten, K.MATRIX_SINGLE: check_matrix,
    K.MATRIX_MULTIPLE: check_matrix, K.RANKING: check_ranking, K.POINTS: check_points, K.DATE: check_dates,
    K.MUNICIPALITY: check_places}
