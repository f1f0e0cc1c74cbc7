"""Whoever knows every published figure cannot compute one that was kept back."""

import time
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.core.disclosure import MINIMUM, protect, protect_with_totals


def tables(most=5):
    return st.sampled_from([(1, 2), (1, 4), (2, 2), (2, 3), (3, 2), (4, 1)]).flatmap(
        lambda shape: st.lists(st.lists(st.integers(0, most), min_size=shape[1], max_size=shape[1]),
                               min_size=shape[0], max_size=shape[0]))


def worlds(published, total, rows=None, columns=None, ceilings=None):
    """Every table of whole numbers that a reader of what is published must hold possible."""
    height, width = len(published), len(published[0])
    rows, columns = rows or [None] * height, columns or [None] * width

    def fill(at, so_far, left):
        if at == height * width:
            if left == 0 and all(c is None or sum(so_far[j::width]) == c for j, c in enumerate(columns)):
                yield tuple(so_far)
            return
        i, j = divmod(at, width)
        known = published[i][j]
        choices = range(min(left, ceilings[j] if ceilings else left) + 1) if known is None else (known,)
        if j == width - 1 and rows[i] is not None:
            last = rows[i] - sum(so_far[i * width:])
            choices = [value for value in choices if value == last]
        for value in choices:
            if value <= left and (columns[j] is None or sum(so_far[j::width]) + value <= columns[j]):
                yield from fill(at + 1, [*so_far, value], left - value)

    return list(fill(0, [], total))


def span(values):
    return max(values) - min(values)


@settings(max_examples=200, deadline=None)
@given(tables(), st.integers(2, 4))
def test_no_figure_kept_back_can_be_computed_from_those_published_with_their_totals(cells, minimum):
    total = sum(map(sum, cells))
    shown = protect_with_totals(cells, minimum)
    possible = worlds(shown.cells, total, shown.row_totals, shown.column_totals)
    width = len(cells[0])
    figures = [(cells[i][j], shown.cells[i][j], [w[i * width + j] for w in possible])
               for i, j in product(range(len(cells)), range(width))]
    figures += [(sum(row), shown.row_totals[i], [sum(w[i * width:(i + 1) * width]) for w in possible])
                for i, row in enumerate(cells)]
    figures += [(sum(column), shown.column_totals[j], [sum(w[j::width]) for w in possible])
                for j, column in enumerate(zip(*cells, strict=True))]
    for true, published, could_be in figures:
        if published is None:
            is_grand_total = span(could_be) == 0 and could_be[0] == total
            assert is_grand_total or span(could_be) >= min(minimum if true < minimum else 1, total)
        else:
            assert published == true >= minimum


@settings(max_examples=200, deadline=None)
@given(tables(), st.integers(2, 4), st.booleans(), st.booleans())
def test_beside_fixed_totals_only_what_those_tell_by_themselves_is_known(cells, minimum, with_rows, with_columns):
    total = sum(map(sum, cells))
    rows = [sum(row) for row in cells] if with_rows else None
    columns = [sum(column) for column in zip(*cells, strict=True)] if with_columns else None
    shown = protect(cells, minimum, row_totals=with_rows, column_totals=with_columns)
    possible = worlds(shown, total, rows, columns)
    unavoidable = worlds([[None] * len(cells[0])] * len(cells), total, rows, columns)
    for i, j in product(range(len(cells)), range(len(cells[0]))):
        at = i * len(cells[0]) + j
        if shown[i][j] is None:
            wanted = minimum if cells[i][j] < minimum else 1
            assert span([w[at] for w in possible]) >= min(wanted, span([w[at] for w in unavoidable]))
        else:
            assert shown[i][j] == cells[i][j] >= minimum


@settings(max_examples=150, deadline=None)
@given(tables(4), st.integers(2, 3), st.lists(st.integers(0, 4), min_size=4, max_size=4))
def test_what_nearly_everybody_chose_is_no_better_known_than_what_nearly_nobody_chose(cells, minimum, more):
    ceilings = [max(column) + more[j] for j, column in enumerate(zip(*cells, strict=True))]
    total, width = sum(map(sum, cells)), len(cells[0])
    known = (total, [sum(row) for row in cells], [sum(column) for column in zip(*cells, strict=True)], ceilings)
    shown = protect(cells, minimum, ceilings=ceilings)
    possible, unavoidable = worlds(shown, *known), worlds([[None] * width] * len(cells), *known)
    for i, j in product(range(len(cells)), range(width)):
        if shown[i][j] is None:
            small = min(cells[i][j], ceilings[j] - cells[i][j]) < minimum
            spans = [span([w[i * width + j] for w in some]) for some in (possible, unavoidable)]
            assert spans[0] >= min(minimum if small else 1, spans[1])
        else:
            assert shown[i][j] == cells[i][j]
            assert minimum <= cells[i][j] <= ceilings[j] - minimum


def test_a_table_without_small_figures_is_published_whole():
    cells = [[12, 9, 31], [8, 5, 40]]
    assert protect(cells) == cells
    shown = protect_with_totals(cells)
    assert (shown.cells, shown.row_totals, shown.column_totals) == (cells, [52, 53], [20, 14, 71])


def test_one_small_figure_takes_the_cheapest_rectangle_with_it():
    assert protect([[3, 90, 20], [70, 80, 60], [9, 50, 8]]) == [[None, 90, None], [70, 80, 60], [None, 50, None]]


def test_a_small_total_is_kept_back_with_another_that_would_give_it_away():
    shown = protect_with_totals([[40, 30], [2, 1], [25, 22]])
    assert shown.row_totals == [70, None, None]
    assert shown.cells[1] == [None, None]
    assert shown.column_totals == [67, 53]


def test_nothing_of_fewer_than_five_people_is_published():
    shown = protect_with_totals([[1, 0], [2, 1]])
    assert shown.cells == [[None, None], [None, None]]
    assert shown.row_totals == shown.column_totals == [None, None]


@pytest.mark.parametrize("cells", [[], [[]], [[], []]])
def test_an_empty_table_stays_empty(cells):
    assert protect(cells) == cells
    assert protect_with_totals(cells).cells == cells


def scattered(height, width, most):
    """A table of many small and some large figures, always the same."""
    return [[(i * 7919 + j * 104729 + i * j * 31) % 97 * most // 97 for j in range(width)] for i in range(height)]


def test_the_same_table_is_always_protected_alike():
    cells = scattered(30, 6, 30)
    assert protect(cells) == protect([tuple(row) for row in cells])
    assert all(value is None or value >= MINIMUM for row in protect(cells) for value in row)


def test_a_large_table_costs_less_than_a_second():
    cells = scattered(30, 60, 12)
    started = time.process_time()
    protect_with_totals(cells)
    assert time.process_time() - started < 1
