"""Tax codes, ages, and the hashes that stand for them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from consult.verification import ages, identifiers, taxcode
from tests.verification.conftest import code_of


def test_a_code_is_sound_whatever_its_spelling():
    assert taxcode.is_one("TINIT-RSSMRA85T10A562S")
    assert taxcode.is_one(" rssmra 85t10 a562s ")
    assert taxcode.is_one("RSSMRA8RT1LA562" + taxcode.check_character("RSSMRA8RT1LA562"))


@pytest.mark.parametrize("wrong", ["", "RSSMRA85T10A562T", "RSSMRA85T10A562", "RSSMRA85F10A562S", "12345678901",
                                   "RSSMRA85T10A562SX", "🦉" * 16, "\x00" * 16])
def test_what_is_no_code_is_not_sound(wrong):
    assert not taxcode.is_one(wrong)


def test_whoever_has_only_a_provisional_code_has_one():
    assert taxcode.is_one("00000000000") is True
    assert taxcode.is_one("12345678903")
    assert taxcode.tells("12345678903", date(1985, 12, 10))


@given(st.text(max_size=40))
def test_no_text_makes_the_check_fail(typed):
    assert taxcode.is_one(typed) in {True, False}


@given(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
def test_a_code_tells_the_day_of_birth_it_was_made_from(born):
    code = code_of(7, born)
    assert taxcode.sound(code)
    assert taxcode.tells(code, born)
    assert not taxcode.tells(code, date(born.year, born.month % 12 + 1, 1))


def test_a_woman_s_code_tells_the_same_day():
    assert taxcode.tells("BNCNNA08H52H501D", date(2008, 6, 12))


@given(st.integers(0, 130))
def test_every_age_lies_in_one_band(years):
    first, last = ages.bounds(ages.band(years))
    assert first <= years
    assert last is None or years <= last


@pytest.mark.parametrize(("band", "minimum", "maximum", "within"), [
    ("", None, None, True), ("", 16, None, False), ("16-17", 16, None, True), ("16-17", 18, None, False),
    ("16-17", None, 17, True), ("18-24", None, 17, False), ("75+", 65, None, True), ("75+", None, 90, False),
])
def test_an_age_is_within_bounds_only_where_everybody_of_its_band_is(band, minimum, maximum, within):
    assert ages.within(band, minimum, maximum) is within


def test_ages_are_full_years():
    assert ages.age(date(2008, 3, 2), date(2026, 3, 1)) == 17
    assert ages.age(date(2008, 3, 1), date(2026, 3, 1)) == 18
    assert ages.age(date(2008, 2, 29), date(2026, 2, 28)) == 17


def test_hashes_tell_things_apart_and_depend_on_the_key_of_the_installation(app):
    same = identifiers.of_tax_code("RSSMRA85T10A562S")
    assert same == identifiers.of_tax_code("RSSMRA85T10A562S")
    assert len({same, identifiers.of_one_time_code("RSSMRA85T10A562S"),
                identifiers.of_subject("", "RSSMRA85T10A562S"),
                identifiers.of_resident("RSSMRA85T10A562S", date(1985, 12, 10))}) == 4
    assert identifiers.of_resident("X", date(2000, 1, 1)) == identifiers.of_resident(
        "X", date(2000, 1, 1), identifiers.register_key())
