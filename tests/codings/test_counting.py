"""Counts equal a recount, small places are kept back, and what went into the results stays as it was."""

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.codings import counting, queries, services, suggesting
from consult.core import charts
from consult.core.db import db
from consult.processes.services import announce_passages
from consult.results import services as results
from consult.results.queries import sheet_of
from consult.surveys import statistics


def figures(tables, code, column=0):
    found = next(table for table in tables if table.code == code)
    return {str(row.label): row.values[column] for row in found.rows}


def both_read(desk, found):
    for person in (desk.anna, desk.bruno):
        desk.read(person, found)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sets(st.integers(0, 2)), st.sets(st.integers(0, 2)), st.none() | st.sets(
    st.integers(0, 2)), st.booleans()), max_size=12))
def test_counts_equal_a_recount(desk, make, readings):
    """What counts: found alike by both, else what was decided; in all, and nothing of what is open."""
    savepoint = db.session.begin_nested()
    towns = [make.town(), make.municipality("Altrove")]
    codes = [desk.code(name) for name in ("Uno", "Due", "Tre")]
    wanted: Counter[int] = Counter()
    decided, coded = 0, 0
    for first, second, decision, where in readings:
        key = desk.answer("Un testo", place=towns[where])
        desk.read(desk.anna, {key: [codes[at] for at in first]})
        desk.read(desk.bruno, {key: [codes[at] for at in second]})
        if first != second and decision is not None:
            desk.decide(desk.anna, {key: [codes[at] for at in decision]})
        counts = first if first == second else decision
        if counts is not None:
            decided, coded = decided + 1, coded + bool(counts)
            wanted.update(counts)
    own = counting.counted([desk.asked])[desk.asked.question.id]
    assert (own.written, own.decided.total(), own.coded) == (len(readings), decided, coded)
    assert {at: own.codes[code.id].total() for at, code in enumerate(codes)} == {at: wanted[at] for at in range(3)}
    shown = counting.of_question(desk.asked)
    if decided < 5:
        assert shown == []
    else:
        told = figures(shown, f"codes-{desk.asked.question.id}")
        assert [told[name] for name in ("Uno", "Due", "Tre")] == [wanted[at] for at in range(3)]
    savepoint.rollback()


def test_figures_under_five_of_a_municipality_are_kept_back(desk, make):
    bus = desk.code("Trasporti")
    other = make.municipality("Altrove", population=3000)
    keys = [desk.answer("Autobus", place=place) for place in [make.town()] * 8 + [other] * 7 + [make.town()] * 2]
    both_read(desk, {key: [bus] for key in keys[:10]})
    both_read(desk, {key: [] for key in keys[10:]})
    tables = counting.of_question(desk.asked)
    places = next(table for table in tables if table.code.endswith("-places"))
    row = next(row for row in places.rows if str(row.label) == "Trasporti")
    assert row.values == (None, None)  # 8 and 2: from the total and one of them the other would follow


def test_the_codes_that_count_at_close_go_into_the_results_and_stay(desk):
    bus = desk.code("Trasporti")
    keys = [desk.answer("Autobus") for _ in range(7)]
    both_read(desk, {key: [bus] for key in keys[:6]})
    code = f"codes-{desk.asked.question.id}"
    assert not any(table.code == code for table in statistics.sheet(desk.survey).tables)  # while it is open
    desk.close()
    announce_passages()
    frozen = sheet_of(desk.survey.id)
    told = figures(charts.Sheet.from_json(frozen.content).tables, code)
    assert told["Trasporti"] == 6
    assert list(told.values()) == [6, 6, 7]
    both_read(desk, {keys[6]: [bus]})
    assert results.verify(frozen).differing == ()
    assert counting.finished(desk.survey) == []
    services.finish(desk.asked, desk.anna)
    assert figures(counting.finished(desk.survey), code)["Trasporti"] == 7
    assert results.verify(frozen).differing == ()


def test_what_is_coded_after_the_close_is_shown_once_it_is_finished(desk):
    keys = [desk.answer("Autobus") for _ in range(6)]
    desk.close()
    announce_passages()
    frozen = sheet_of(desk.survey.id)
    bus = desk.code("Trasporti")
    both_read(desk, {key: [bus] for key in keys})
    assert results.verify(frozen).differing == ()
    assert counting.finished(desk.survey) == []
    services.finish(desk.asked, desk.anna)
    assert figures(counting.finished(desk.survey), f"codes-{desk.asked.question.id}")["Trasporti"] == 6
    assert results.verify(frozen).differing == ()


@pytest.mark.parametrize("many", [6, 30])
def test_the_number_of_queries_does_not_grow_with_answers(desk, request, many):
    codes = [desk.code(f"Codice {number}") for number in range(many // 3)]
    keys = [desk.answer(f"Risposta {number}") for number in range(many)]
    for at in range(0, many, 20):
        both_read(desk, dict.fromkeys(keys[at:at + 20], codes))
    asked = desk.asked
    db.session.expire_all()
    assert asked.survey.phase.process.authority.municipalities
    assert asked.question.options == []
    with request.getfixturevalue("queries")() as seen:
        counting.of_question(asked)
    assert len(seen) <= 16


def test_hints_come_from_similar_answers_and_never_from_what_the_other_alone_found(desk):
    from_anna = desk.answer("Servono più autobus di sera verso la stazione")
    new = desk.answer("Autobus anche di sera")
    far = desk.answer("La biblioteca è bella")
    bus = desk.code("Trasporti")
    desk.read(desk.anna, {from_anna: [bus]})
    page = queries.to_code(desk.asked, 1).items
    found = suggesting.hints(desk.asked, page, 1, queries.codes(desk.asked))
    assert [hint.code.id for hint in found[new]] == [bus.id]
    assert found[new][0].words == ("Autobus", "sera")
    assert far not in found
    assert suggesting.hints(desk.asked, queries.to_code(desk.asked, 2).items, 2, queries.codes(desk.asked)) == {}
    desk.read(desk.bruno, {from_anna: [bus]})
    assert new in suggesting.hints(desk.asked, queries.to_code(desk.asked, 2).items, 2, queries.codes(desk.asked))
