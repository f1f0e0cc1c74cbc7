"""Figures of a column are written alike."""

from dataclasses import replace

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


def test_grades_are_drawn_with_all_their_parts_and_not_by_the_best_alone(app):
    grades = Table(
        code="grades", caption=Localized.of("Voti"), heading=Localized.of("Opzione"), chart=True,
        columns=tuple(Column(label=Localized.of(name)) for name in ("Ottimo", "Buono", "Scarso")),
        rows=(Row(label=Localized.of("Ponte"), values=(1, 2, 5)), Row(label=Localized.of("Bosco"), values=(0, 0, 0))))
    with app.test_request_context():
        bridge, wood = charts.stacks_of(grades)
        drawn = charts.svg(grades)
    assert [(part.label, part.start, part.length) for part in bridge.parts] == [
        ("Ottimo", 0, .125), ("Buono", .125, .25), ("Scarso", .375, .625)]
    assert sum(part.length for part in wood.parts) == 0
    assert all(name in drawn for name in ("Ottimo 1", "Buono 2", "Scarso 5"))
    kept_back = replace(grades, rows=(Row(label=Localized.of("Ponte"), values=(1, None, 5)),))
    with app.test_request_context():
        assert charts.stacks_of(kept_back) == []


def test_a_bar_is_never_shorter_than_nothing():
    lengths = [bar.length for bar in charts.bars(["a", "b", "c"], [0.9, -7.35, None], ["0,9", "-7,35", "–"])]
    assert lengths == [0.9 / 7.35, 1, 0]
