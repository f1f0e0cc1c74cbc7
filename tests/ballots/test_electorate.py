"""How many may vote begins with the residents of the ages asked for, and says who counted them and when."""

import re

import pytest

from consult.analysis.models import Breakdown
from tests.ballots.conftest import NEW, said
from tests.browser import text_of

BANDS = {"0-13": 10, "14-15": 4, "16-17": 6, "18-24": 20, "25+": 70}


@pytest.fixture
def town(make):
    """A place with 110 residents, counted by age and gender, also in an earlier year."""
    town = make.municipality("Castelrovano", population=999)
    for year, times in ((2021, 3), (2023, 1)):
        make.indicator({(town.id, band, gender): number * times / 2 for band, number in BANDS.items()
                        for gender in ("F", "M")}, breakdown=Breakdown.AGE_AND_GENDER, residents=True, year=year)
    return town


def filled(page, town):
    return re.search(rf'name="eligible_{town.istat_code}"[^>]*value="(\d*)"', page.get_data(as_text=True))[1]


def test_a_new_ballot_begins_with_those_who_are_old_enough(desk, town):
    page = desk.get(NEW)
    assert filled(page, town) == "96"
    assert "Residenti dai 16 anni in su (ISTAT, 2023)." in text_of(page)


def test_the_ages_that_are_chosen_are_counted_anew_and_nothing_is_saved(desk, town, make):
    typed = {**said(make), "minimum_age": "18", "maximum_age": "24", f"eligible_{town.istat_code}": "5"}
    page = desk.post(NEW, {**typed, "refill": "1"})
    assert (page.status_code, filled(page, town)) == (200, "20")
    assert "Residenti dai 18 ai 24 anni (ISTAT, 2023)." in text_of(page)
    assert 'value="La votazione"' in page.get_data(as_text=True)
    page = desk.post(NEW, {**typed, "minimum_age": "65", "maximum_age": "", "refill": "1"})
    assert filled(page, town) == "999"  # the bands do not begin at 65
    assert "tutti i residenti, di ogni età" in text_of(page)
