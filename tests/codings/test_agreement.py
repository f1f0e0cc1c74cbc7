"""Kappa is what a plain reference says, and is never made up where there is none."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.codings import agreement, queries
from consult.core.db import db


def plain(first, second):
    """Cohen's kappa of two lists of judgements, as in a textbook."""
    n = len(first)
    observed = sum(a == b for a, b in zip(first, second, strict=True)) / n
    expected = sum((first.count(label) / n) * (second.count(label) / n) for label in {*first, *second})
    return None if expected == 1 else (observed - expected) / (1 - expected)


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=40))
def test_kappa_equals_a_plain_reference(pairs):
    first, second = [a for a, _ in pairs], [b for _, b in pairs]
    both = sum(a and b for a, b in pairs)
    found = agreement.kappa(len(pairs), both, sum(first), sum(second))
    wanted = plain(first, second)
    assert found == (None if wanted is None else pytest.approx(wanted))


@pytest.mark.parametrize("counts", [(0, 0, 0, 0), (7, 0, 0, 0), (7, 7, 7, 7)])
def test_where_chance_explains_everything_there_is_no_kappa(counts):
    assert agreement.kappa(*counts) is None


def test_a_textbook_example():
    # 20 both yes, 5 first only, 10 second only, 15 neither: observed 0.7, by chance 0.5
    assert agreement.kappa(50, 20, 25, 30) == pytest.approx(0.4)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.none() | st.sets(st.integers(0, 2)), st.none() | st.sets(st.integers(0, 2))),
                max_size=9))
def test_agreement_is_counted_on_what_both_read_alone(desk, readings):
    savepoint = db.session.begin_nested()
    codes = [desk.code(name) for name in ("Uno", "Due", "Tre")]
    keys = [desk.answer(f"Risposta {number}") for number in range(len(readings))]
    for person, side in ((desk.anna, 0), (desk.bruno, 1)):
        found = {key: [codes[at] for at in pair[side]] for key, pair in zip(keys, readings, strict=True)
                 if pair[side] is not None}
        if found:
            desk.read(person, found)
    both = [pair for pair in readings if None not in pair]
    told = agreement.agreement(desk.asked, queries.codes(desk.asked))
    assert (told.answers, told.alike) == (len(both), sum(a == b for a, b in both))
    kappas = []
    for at, one in enumerate(told.codes):
        wanted = plain([at in a for a, _ in both], [at in b for _, b in both]) if both else None
        assert one.kappa == (None if wanted is None else pytest.approx(wanted))
        kappas += [] if wanted is None else [wanted]
    assert told.kappa == (pytest.approx(sum(kappas) / len(kappas)) if kappas else None)
    savepoint.rollback()
