"""Numbers as people type them, and exact ones in the database."""

from decimal import Decimal

import pytest

from consult.core.forms import shown_number, typed_number


@pytest.mark.parametrize(("language", "typed", "number"), [
    ("it", "1500", "1500"), ("it", "1.500", "1500"), ("it", "1.500,50", "1500.50"), ("it", "1500,5", "1500.5"),
    ("it", "1.5", "1.5"), ("it", "€ 1.500", "1500"), ("it", "12 000", "12000"), ("it", "-3", "-3"),
    ("it", "1.234.567", "1234567"), ("en", "1,500", "1500"), ("en", "1,500.50", "1500.50"), ("en", "1.500", "1.500"),
    ("it", "abc", None), ("it", "1e9", None), ("it", "1,5,0", None), ("it", "NaN", None), ("it", "1" * 40, None),
    ("it", "١٢", None), ("it", "", None), ("it", "--1", None)])
def test_a_number_is_read_as_the_language_writes_it(app, language, typed, number):
    with app.test_request_context(f"/?lingua={language}"):
        assert typed_number(typed) == (Decimal(number) if number else None)


@pytest.mark.parametrize(("language", "number", "shown"), [
    ("it", "1500.50", "1500,5"), ("it", "20", "20"), ("it", "2000", "2000"), ("en", "0.25", "0.25")])
def test_a_number_is_shown_as_it_would_be_typed(app, language, number, shown):
    with app.test_request_context(f"/?lingua={language}"):
        assert shown_number(Decimal(number)) == shown
