"""Two read each contribution without knowing of each other; what both find alike counts, else somebody decides."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized
from consult.sorting import agreement, counting, queries, reading, services
from consult.sorting.models import TagChange


def test_what_two_find_alike_counts_and_a_third_comes_too_late(desk, make):
    bus, bench = desk.tag("Autobus"), desk.tag("Panchine")
    one = make.proposal()
    desk.read(desk.anna, (one, [bus]))
    assert desk.counting(one) is None
    desk.read(desk.bruno, (one, [bus]))
    assert desk.counting(one) == {bus.id}
    with pytest.raises(reading.StaleReadingError):
        desk.read(desk.carla, (one, [bench]))
    with pytest.raises(reading.StaleReadingError):
        desk.read(desk.anna, (one, [bench]))
    assert desk.counting(one) == {bus.id}


def test_a_difference_is_decided_by_somebody_at_a_time(desk, make):
    bus, bench = desk.tag("Autobus"), desk.tag("Panchine")
    one = make.proposal()
    with pytest.raises(reading.StaleReadingError):
        desk.decide(desk.carla, (one, [bus]))
    desk.read(desk.anna, (one, [bus]))
    desk.read(desk.bruno, (one, []))
    assert queries.progress(desk.process).differing == 1
    assert desk.decide(desk.carla, (one, [bus, bench])) == 1
    row = queries.found_in([one.id])[one.id].rows[0]
    assert (row.decided_by_id, row.agreed, row.at is not None) == (desk.carla.id, False, True)
    assert queries.progress(desk.process).differing == 0
    with pytest.raises(reading.StaleReadingError):
        reading.decide(desk.process, desk.anna, {one.id: set()}, {one.id: f"0.{one.version}"})


def test_a_reader_sees_what_others_found_only_once_both_have_read(desk, make):
    bus = desk.tag("Autobus")
    one = make.proposal()
    desk.read(desk.anna, (one, [bus]))
    seat = queries.seat_of(desk.process, desk.anna)
    assert queries.found_in([one.id])[one.id].seen_by(0).tags == {}
    assert queries.found_in([one.id])[one.id].seen_by(seat).tags == {seat: {bus.id}}
    desk.read(desk.bruno, (one, []))
    assert len(queries.found_in([one.id])[one.id].seen_by(0).tags) == 2


def test_a_text_that_changed_meanwhile_is_shown_again(desk, make):
    bus = desk.tag("Autobus")
    one = make.proposal()
    with pytest.raises(reading.StaleReadingError):
        reading.save(desk.process, desk.anna, {one.id: {bus.id}}, {one.id: f"0.{one.version - 1}"})
    hidden = make.proposal(state=State.PENDING)
    with pytest.raises(reading.StaleReadingError):
        desk.read(desk.anna, (hidden, [bus]))


def test_merged_tags_are_one_and_the_history_says_so(desk, make):
    bus, coach, bench = desk.tag("Autobus"), desk.tag("Corriere"), desk.tag("Panchine")
    below = desk.tag("Orari", parent_id=coach.id)
    one, other = make.proposal(), make.proposal()
    desk.read(desk.anna, (one, [bus]), (other, [coach, bench]))
    desk.read(desk.bruno, (one, [coach]), (other, [bus, bench]))
    with pytest.raises(services.TagError):
        services.merge(desk.process, coach, coach, desk.anna, seen=coach.version)
    services.merge(desk.process, coach, bus, desk.anna, seen=coach.version)
    assert desk.counting(one) == {bus.id}
    assert desk.counting(other) == {bus.id, bench.id}
    assert [tag.id for tag in queries.tags(desk.process)] == [bus.id, below.id, bench.id]
    assert desk.read(desk.carla, (make.proposal(), [coach])) == 1
    last = db.session.scalars(sa.select(TagChange).order_by(TagChange.id.desc())).first()
    assert (last.act.value, str(last.name), last.said["into"]) == ("merged", "Corriere", bus.code)
    with pytest.raises(StaleVersionError):
        services.change(desk.process, bench, desk.anna, services.Said("X", Localized.of("Altro"), Localized()),
                        seen=bench.version + 1)
    for said in (services.Said("NEW", Localized.of("AUTOBUS"), Localized()),
                 services.Said(bus.code, Localized.of("Nuova"), Localized()),
                 services.Said("NEW", Localized.of("Corriere"), Localized()),
                 services.Said("NEW", Localized.of("Nuova"), Localized(), parent_id=below.id)):
        with pytest.raises(services.TagError):
            services.add(desk.process, desk.anna, said)


@pytest.fixture
def ground(desk, make):
    """Three municipalities and an organisation, made before anything that is undone."""
    make.proposal()
    return [make.town(), make.municipality("Altrove"), make.municipality("Lassù")], make.organisation()


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.none() | st.sets(st.integers(0, 2)), st.none() | st.sets(st.integers(0, 2)),
                          st.integers(0, 2), st.booleans(), st.booleans()), min_size=1, max_size=6))
def test_figures_equal_a_recount_in_plain_python(desk, make, ground, told):
    """Of each: what two found, where it is from, whether it is in the name of an organisation, whether it is hidden."""
    savepoint = db.session.begin_nested()
    tags = [desk.tag(name) for name in ("Uno", "Due", "Tre")]
    towns, group = ground
    counts, kinds, both = {}, {}, []
    for first, second, town, grouped, hidden in told:
        one = make.proposal(author=make.person(municipality=towns[town]), organisation_id=group.id if grouped else None)
        for who, found in ((desk.anna, first), (desk.bruno, second)):
            if found is not None:
                desk.read(who, (one, [tags[at] for at in found]))
        if hidden:
            contributions.change_state(one, State.HIDDEN, None)
        elif first is not None and second is not None:
            both.append((first, second))
            for at in first if first == second else ():
                counts[at, towns[town].id] = counts.get((at, towns[town].id), 0) + 1
                kind = group.category_id if grouped else counting.CITIZENS
                kinds[at, kind] = kinds.get((at, kind), 0) + 1
    for wanted, cells in ((counts, counting.by_place(desk.process)), (kinds, counting.by_category(desk.process))):
        assert {(at, place): number for at, tag in enumerate(tags)
                for place, number in cells[tag.id].items()} == wanted
    progress = queries.progress(desk.process)
    assert (progress.contributions, progress.full, progress.counting) == (
        1 + sum(not hidden for *_found, hidden in told), len(both), sum(one == other for one, other in both))
    pairs = agreement.pairs(desk.process, queries.tags(desk.process))
    assert sum(pair.agreement.answers for pair in pairs) == len(both)
    assert sum(pair.agreement.alike for pair in pairs) == sum(one == other for one, other in both)
    whole, places, categories = counting.tables(
        desk.process, tags, contributions=progress.contributions, counting=progress.counting)
    for crossed in (places, categories):
        assert [row.values[0] for row in whole.rows[:3]] == [sum(row.values) for row in crossed.rows[:3]]
    savepoint.rollback()


def test_kappa_of_a_pair_is_that_of_the_textbook(desk, make):
    bus = desk.tag("Autobus")
    for number, (first, second) in {4: (True, True), 1: (True, False), 2: (False, True), 3: (False, False)}.items():
        for _ in range(number):
            one = make.proposal()
            desk.read(desk.anna, (one, [bus] if first else []))
            desk.read(desk.bruno, (one, [bus] if second else []))
    (pair,) = agreement.pairs(desk.process, [bus])
    assert pair.agreement.kappa == pytest.approx(0.4)  # the example of tests/codings, a fifth of it
    assert (pair.agreement.answers, pair.agreement.alike) == (10, 7)
