"""Figures of a column are written alike."""

from consult.core import charts
from consult.core.charts import Column, Row, Table, bars_of
from consult.core.languages import Localized


def of(*values):
    said = Localized.of("Media")
    return Table(code="means", caption=said, heading=said, columns=(Column(label=said, unit="number"),),
                 rows=tuple(Row(label=said, values=(value,)) for value in values))


def test_a_column_of_means_has_the_same_decimals_and_one_of_whole_numbers_none(app):
    with app.test_request_context("/?lingua=it"):
        assert [bar.figure for bar in bars_of(of(2.33, 2.3, 2))] == ["2,33", "2,30", "2,00"]
        assert [bar.figure for bar in bars_of(of(1, 2, 1.5))] == ["1", "2", "1,5"]
        assert charts.written(1500, "count") == "1.500"
