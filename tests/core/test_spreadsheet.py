"""Tables leave as files that open well in a spreadsheet and cannot do anything there."""

import csv
import io

import pytest

from consult.core.charts import Column, Row, Table
from consult.core.languages import Localized
from consult.core.spreadsheet import as_csv, cell, table_as_csv


@pytest.mark.parametrize("text", ["=1+1", "+39 0535", "-2", "@SUM(A1)", "\t=1", "\r=1", "  =1", "|calc", "%x", "\n=1"])
def test_a_text_that_could_be_a_formula_is_kept_a_text(text):
    assert cell(text, "it").startswith("'")


@pytest.mark.parametrize(("value", "language", "written"), [
    (1234, "it", "1234"), (0.25, "it", "0,25"), (0.25, "en", "0.25"), (-3, "it", "-3"), (1 / 3, "de", "0,333333"),
    (2.0, "fr", "2"), ("Alta; Bassa", "it", "Alta; Bassa"), (Localized({"it": "sì", "en": "yes"}), "en", "yes"),
])
def test_values_are_written_as_the_language_does(value, language, written):
    assert cell(value, language) == written


def test_a_table_is_read_back_with_its_headings():
    table = Table(code="t", caption=Localized.of("Voti"), heading=Localized.of("Comune"),
                  columns=(Column(label=Localized.of("Voti")), Column(label=Localized.of("Quota"), unit="share")),
                  rows=(Row(label=Localized.of('Alta; "e" altri'), values=(12, 0.5)),
                        Row(label=Localized.of("=CMD"), values=(None, None))))
    raw = table_as_csv(table, "it", "n. s.")
    assert raw.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";")) == [
        ["Comune", "Voti", "Quota"], ['Alta; "e" altri', "12", "0,5"], ["'=CMD", "n. s.", "n. s."]]


def test_columns_are_parted_as_the_language_expects():
    assert as_csv([["a", 1]], "en").decode("utf-8-sig") == "a,1\r\n"
    assert as_csv([["a", 1]], "fr").decode("utf-8-sig") == "a;1\r\n"
