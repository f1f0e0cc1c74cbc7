"""Weighting a questionnaire: figures against a recount with weights, what is refused, and the pages."""

import pytest

from consult.accounts.models import Role
from consult.core.db import StaleVersionError
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import QuestionKind
from consult.weighting import figures, queries, services
from consult.weighting.models import Trait
from consult.weighting.services import Margin, Plan
from tests.browser import text_of

K = QuestionKind
KINDS = (K.SINGLE_CHOICE, K.SINGLE_CHOICE, K.SCALE, K.MULTIPLE_CHOICE, K.NUMBER, K.RANKING, K.POINTS, K.MATRIX_SINGLE)


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def filled(make):
    """A survey whose first question tells the age, answered by 40 people of two places and one from elsewhere."""
    make.town().population = 0
    survey = make.survey(*KINDS)
    asked = surveys.questions(survey)
    one, other = make.municipality("Alta", population=1000), make.municipality("Bassa", population=3000)
    for number in range(41):
        place = None if number == 40 else one if number % 4 else other
        answering.answer(survey, None, municipality_id=place.id if place else None, given={
            asked[0].code: ["o1" if number % 3 else "o2"], asked[1].code: ["o1" if place is one else "o3"],
            asked[2].code: float(number % 5 + 1), asked[3].code: ["o1", "o2"] if number % 2 else ["o2"],
            asked[4].code: float(number), asked[5].code: ["o2", "o1"], asked[6].code: {"o1": 60, "o2": 40},
            asked[7].code: {"r1": ["o1"]}})
    return survey, asked, one, other


def plan(**values):
    return Plan(**{"by_place": True, "age_question_id": None, "gender_question_id": None, "random_sample": False,
                   **values})


def test_weighted_figures_are_those_of_a_recount_with_the_weights(filled, office):
    survey, asked, one, other = filled
    weighting = services.set_plan(survey, office, plan(), version=0)
    found = figures.weighted(survey, weighting)
    weights = {one.id: 40 * 0.25 / 30, other.id: 40 * 0.75 / 10}
    assert found.raked.people == 40
    assert {group: pytest.approx(weight) for (group,), weight in found.weights.items()} == weights
    effect = 40 * (30 * weights[one.id] ** 2 + 10 * weights[other.id] ** 2) / 40 ** 2
    assert found.raked.effect == pytest.approx(effect)
    by_code = {table.code: table for table in figures.tables(survey, weighting, found)}
    told = [row.values for row in by_code[asked[1].code].rows]
    assert told == [(round(30 / 41, 4), 0.25), (0.0, 0.0), (round(11 / 41, 4), 0.75)]
    given = [(weights[one.id if n % 4 else other.id], n) for n in range(40)]
    mean = sum(weight * n for weight, n in given) / 40
    assert by_code[f"{asked[4].code}-mean"].rows[0].values == (20.0, pytest.approx(mean, abs=1e-4))
    share = sum(weight for weight, n in given if n % 2) / 40
    assert by_code[asked[3].code].rows[0].values == (round(20 / 41, 4), pytest.approx(share, abs=1e-4))
    assert by_code[f"{asked[5].code}-mean"].rows[0].values == (2.0, 2.0)
    assert by_code[f"{asked[6].code}-mean"].rows[0].values == (60.0, 60.0)
    assert [column.unit for column in by_code[asked[1].code].columns] == ["share", "share"]


def test_intervals_are_shown_for_a_random_sample_only(filled, office):
    survey, asked, _one, _other = filled
    weighting = services.set_plan(survey, office, plan(random_sample=True), version=0)
    found = figures.weighted(survey, weighting)
    table = next(t for t in figures.tables(survey, weighting, found) if t.code == asked[1].code)
    half = 1.96 * (found.raked.effect * 0.25 * 0.75 / 40) ** 0.5
    assert table.rows[0].values[2:] == (pytest.approx(max(0, 0.25 - half), abs=1e-4),
                                        pytest.approx(0.25 + half, abs=1e-4))


def test_a_category_in_which_nobody_answered_is_refused_until_it_is_merged(filled, office):
    survey, asked, _one, _other = filled
    weighting = services.set_plan(survey, office, plan(age_question_id=asked[0].id), version=0)
    young, old, oldest = asked[0].options
    assert figures.weighted(survey, weighting).reason is not None
    ages = {(Trait.AGE, young.id): Margin(2000), (Trait.AGE, old.id): Margin(1500), (Trait.AGE, oldest.id): Margin(500)}
    services.set_margins(weighting, office, ages, version=weighting.version)
    refused = figures.weighted(survey, weighting)
    assert refused.raked is None
    assert oldest.label["it"] in str(refused.reason)
    ages[Trait.AGE, oldest.id] = Margin(500, old.id)
    services.set_margins(weighting, office, ages, version=weighting.version)
    found = figures.weighted(survey, weighting)
    assert found.raked is not None
    assert found.known[1].margin == {young.id: 2000, old.id: 2000}
    assert queries.weighting_of(survey).margins


def test_merging_in_a_circle_is_one_category(filled, office):
    survey, asked, _one, _other = filled
    weighting = services.set_plan(survey, office, plan(by_place=False, age_question_id=asked[0].id), version=0)
    ids = [option.id for option in asked[0].options]
    services.set_margins(weighting, office, {
        (Trait.AGE, id): Margin(10, ids[at - 1]) for at, id in enumerate(ids)}, version=weighting.version)
    assert figures.weighted(survey, weighting).known[0].margin == {ids[0]: 30}


def test_another_question_begins_without_numbers_and_whoever_is_slower_is_told(filled, office):
    survey, asked, _one, _other = filled
    weighting = services.set_plan(survey, office, plan(age_question_id=asked[0].id), version=0)
    services.set_margins(weighting, office, {(Trait.AGE, asked[0].options[0].id): Margin(5)},
                         version=weighting.version)
    with pytest.raises(StaleVersionError):
        services.set_plan(survey, office, plan(), version=0)
    services.set_plan(survey, office, plan(age_question_id=asked[1].id), version=weighting.version)
    assert weighting.margins == []


def test_the_plan_office_weights_on_the_page(filled, office, browser):
    survey, asked, one, _other = filled
    path, at_work = f"/questionari/{survey.id}/pesi", browser(office)
    assert at_work.get(path).status_code == 200
    done = at_work.submit(path, {"by_place": "y", "age": str(asked[0].id)}, action=path)
    assert done.status_code == 303
    said = text_of(at_work.get(path))
    assert "Now the population is missing" in said
    numbers = {f"people_age_{option.id}": "1.000" if at else "2000" for at, option in enumerate(asked[0].options)}
    numbers |= {f"merge_age_{asked[0].options[2].id}": str(asked[0].options[1].id)}
    done = at_work.submit(path, {name: value.replace(".", "") for name, value in numbers.items()},
                          action=f"{path}/popolazione")
    assert done.status_code == 303
    said = text_of(at_work.get(path))
    for told in ("Design effect", "Not a random sample", "With weights", "Without weights"):
        assert told in said
    file = at_work.get(f"{path}.csv?domanda={asked[1].code}")
    assert file.mimetype == "text/csv"
    assert at_work.get(f"{path}.csv?domanda=no").status_code == 404
    stale = at_work.submit(path, {"version": "0"}, action=path)
    assert stale.status_code == 409
    assert one.name in said


@pytest.mark.parametrize("bad", ["-3", "molti", "1e9", "99999999999", "1,5"])
def test_a_number_that_is_none_is_refused_with_what_was_typed(filled, office, browser, bad):
    survey, _asked, one, _other = filled
    services.set_plan(survey, office, plan(), version=0)
    answer = browser(office).submit(f"/questionari/{survey.id}/pesi", {f"people_place_{one.id}": bad},
                                    action=f"/questionari/{survey.id}/pesi/popolazione")
    assert answer.status_code == 200
    assert bad in answer.get_data(as_text=True)


def test_weights_are_for_the_plan_office(filled, make, browser):
    survey = filled[0]
    for path in ("pesi", "pesi.csv?domanda=x"):
        assert browser(make.person()).get(f"/questionari/{survey.id}/{path}").status_code == 403
