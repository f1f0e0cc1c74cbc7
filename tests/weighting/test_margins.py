"""Margins from the indicators: what fits, what does not and why, and taking them with one button."""

import pytest

from consult.accounts.models import Role
from consult.analysis.models import Breakdown
from consult.core.languages import Localized
from consult.surveys import queries as surveys
from consult.surveys import services as answering
from consult.surveys.models import QuestionKind
from consult.weighting import figures, margins, queries, services
from consult.weighting.models import Trait
from consult.weighting.services import Plan
from tests.browser import text_of

K = QuestionKind
BANDS = {"0-15": 3, "16-17": 5, "18-24": 7, "25-34": 20, "35-44": 30, "45-64": 40, "65-74": 6, "75+": 4}
AGES, GENDERS = ("16-24 anni", "25-64", "65 e oltre"), ("Una donna", "Un uomo", "Altro")


@pytest.fixture
def office(make):
    return make.person(Role.PLAN_OFFICE)


@pytest.fixture
def places(make):
    one = make.town()
    one.name = "Alta"
    return [one, make.municipality("Bassa")]


@pytest.fixture
def survey(make, places):
    made = make.survey(K.SINGLE_CHOICE, K.SINGLE_CHOICE)
    for question, labels in zip(surveys.questions(made), (AGES, GENDERS), strict=True):
        for option, label in zip(question.options, labels, strict=True):
            option.label = Localized.of(label)
    return made


def residents(make, places, *, of=BANDS, breakdown=Breakdown.AGE_AND_GENDER, **told):
    """Women and men as many, and in the second place twice as many."""
    return make.indicator({
        (place.id, band, gender): number * times for times, place in enumerate(places, 1)
        for band, number in of.items() for gender in ("FM" if breakdown.by_gender else [""])},
        breakdown=breakdown, residents=True, title=Localized.of("Popolazione"), **told)


def weighting_of(survey, office, **values):
    age, gender = surveys.questions(survey)
    return services.set_plan(survey, office, Plan(**{
        "by_place": True, "age_question_id": age.id, "gender_question_id": gender.id, "random_sample": False,
        **values}), version=0)


def offered(survey, weighting):
    known = figures.weighted(survey, weighting).known
    labels = {(one.trait, category.id): str(category.label) for one in known for category in one.categories}
    return {offer.trait: ({labels[offer.trait, id]: number for id, number in offer.numbers.items()}, offer)
            for offer in margins.offers(survey, known)}


def test_numbers_are_sums_of_bands_of_those_who_are_asked(make, survey, places, office):
    make.indicator(dict.fromkeys(places, 1), residents=True, year=2024)  # later, but tells no ages apart
    residents(make, places)
    found = offered(survey, weighting_of(survey, office))
    assert found[Trait.AGE][0] == dict(zip(AGES, (72, 540, 60), strict=True))
    assert found[Trait.PLACE][0] == {"Alta": 224, "Bassa": 448}
    assert found[Trait.GENDER][0] == {"Una donna": 336, "Un uomo": 336}
    assert "Altro" in str(found[Trait.GENDER][1].missing[0])
    assert found[Trait.PLACE][1].source["en"] == "Popolazione (ISTAT, 2023), of 16 years and over"


def test_where_no_indicator_fits_it_says_which_is_missing(make, survey, places, office):
    weighting = weighting_of(survey, office)
    found = offered(survey, weighting)
    assert not any(numbers for numbers, _offer in found.values())
    assert "by age" in found[Trait.AGE][1].missing[0]._args[0]
    residents(make, places, of={"0-15": 1, "16-29": 2, "30+": 3}, breakdown=Breakdown.AGE)
    found = offered(survey, weighting)
    assert found[Trait.AGE][0] == {}
    assert "16-29" in str(found[Trait.AGE][1].missing[0])
    assert found[Trait.GENDER][0] == {}
    assert "by gender" in found[Trait.GENDER][1].missing[0]._args[0]
    assert found[Trait.PLACE][0] == {"Alta": 5, "Bassa": 10}


def test_an_indicator_that_lacks_a_municipality_is_none(make, survey, places, office):
    residents(make, places[:1])
    assert not any(numbers for numbers, _offer in offered(survey, weighting_of(survey, office)).values())


def test_one_button_takes_them_with_their_source_and_they_stay_editable(make, survey, places, office, browser):
    age, gender = surveys.questions(survey)
    for number in range(40):
        answering.answer(survey, None, municipality_id=places[number % 2].id, given={
            age.code: [age.options[number % 3].code], gender.code: [gender.options[number % 2].code]})
    residents(make, places)
    weighting_of(survey, office, by_place=False, age_question_id=None)
    staff, where = browser(office), f"/questionari/{survey.id}/pesi"
    assert "Popolazione (ISTAT, 2023)" in text_of(staff.get(where))
    assert staff.submit(where, action=f"{where}/indicatori").status_code == 303
    page = text_of(staff.get(where))
    assert "The numbers are from: Popolazione (ISTAT, 2023)" in page
    assert "changed by hand" not in page
    kept = queries.weighting_of(survey)
    assert [margin.population for margin in kept.margins] == [345, 345]
    field = f"people_gender_{gender.options[0].id}"
    staff.submit(where, {field: "400"}, action=f"{where}/popolazione")
    page = text_of(staff.get(where))
    assert "Some were changed by hand afterwards." in page
    staff.submit(where, action=f"{where}/indicatori")
    assert "changed by hand" not in text_of(staff.get(where))
    stale = staff.post(f"{where}/indicatori", {"version": "1"})
    assert stale.status_code == 409
