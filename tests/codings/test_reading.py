"""Two people read, neither sees the other's codes before both are done; what counts is what they share or decide."""

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from consult.accounts.personal import PersonErased
from consult.codings import queries, reading, services
from consult.codings.models import DECIDED, CodeFound, Coding
from consult.core import events
from consult.core.db import db
from consult.surveys.models import Submission


def test_what_both_find_alike_counts_at_once(desk):
    key, code = desk.answer("Più autobus la sera"), desk.code("Trasporti")
    assert desk.read(desk.anna, {key: [code]}) == 1
    assert desk.counting(key) is None
    desk.read(desk.bruno, {key: [code]})
    assert desk.counting(key) == {code.id}


def test_that_no_code_fits_is_a_finding_too(desk):
    key = desk.answer("Boh")
    desk.code("Trasporti")
    desk.read(desk.anna, {key: []})
    desk.read(desk.bruno, {key: []})
    assert desk.counting(key) == set()


def test_where_they_differ_nothing_counts_until_it_is_decided_and_who_did_is_kept(desk):
    key, bus, school = desk.answer("Autobus per la scuola"), desk.code("Trasporti"), desk.code("Scuola")
    desk.read(desk.anna, {key: [bus]})
    desk.read(desk.bruno, {key: [bus, school]})
    assert desk.counting(key) is None
    assert [answer.key for answer in queries.to_decide(desk.asked).items] == [key]
    desk.decide(desk.bruno, {key: [bus, school]})
    assert desk.counting(key) == {bus.id, school.id}
    assert queries.to_decide(desk.asked).items == []
    decided = queries.to_decide(desk.asked, decided=True).items
    assert [answer.decided_by_id for answer in decided] == [desk.bruno.id]


def test_a_decision_on_what_somebody_else_decided_meanwhile_is_refused(desk):
    key, bus, school = desk.answer("Autobus per la scuola"), desk.code("Trasporti"), desk.code("Scuola")
    desk.read(desk.anna, {key: [bus]})
    desk.read(desk.bruno, {key: [school]})
    before = queries.answers(desk.asked, [key])[key].stamp(DECIDED)
    desk.decide(desk.bruno, {key: [bus]})
    with pytest.raises(reading.StaleReadingError):
        reading.decide(desk.asked, desk.anna, {key: [school.id]}, {key: before})
    assert desk.counting(key) == {bus.id}


def test_what_both_have_read_stays_as_each_read_it(desk):
    key, bus, school = desk.answer("Autobus per la scuola"), desk.code("Trasporti"), desk.code("Scuola")
    desk.read(desk.anna, {key: [bus]})
    desk.read(desk.bruno, {key: [school]})
    with pytest.raises(reading.StaleReadingError):
        desk.read(desk.anna, {key: [school]})
    assert desk.read(desk.anna, {key: [bus]}) == 0  # the same form sent once more


def test_a_page_is_kept_whole_or_not_at_all(desk):
    one, other, code = desk.answer("Autobus"), desk.answer("Treni"), desk.code("Trasporti")
    with pytest.raises(reading.StaleReadingError):
        reading.save(desk.asked, desk.anna, {one: [code.id], other: [code.id]},
                     {one: queries.answers(desk.asked, [one])[one].stamp(1), other: "9.long ago"})
    assert queries.progress(desk.asked).by_seat == {1: 0, 2: 0}


def test_a_third_finds_no_room_and_can_read_in_the_place_of_one(desk, make):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    desk.read(desk.anna, {key: [code]})
    desk.read(desk.bruno, {key: [code]})
    carla = make.person()
    with pytest.raises(reading.NoSeatError):
        reading.save(desk.asked, carla, {key: [code.id]}, {})
    services.take_over(desk.asked, 2, carla)
    assert queries.seat_for(desk.asked, carla) == 2
    assert queries.seat_for(desk.asked, desk.bruno) is None
    with pytest.raises(services.CodeError):
        services.take_over(desk.asked, 1, carla)


def test_a_reader_who_leaves_stays_as_a_number_and_makes_room(desk, make):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    desk.read(desk.anna, {key: [code]})
    events.record(PersonErased(actor_id=desk.anna.id, person_id=desk.anna.id, withdraw=False))
    assert queries.coders(desk.asked) == {1: None}
    assert queries.answers(desk.asked, [key])[key].codes == {1: {code.id}}
    assert queries.seat_for(desk.asked, make.person()) == 1


def test_what_was_found_in_an_answer_goes_with_the_answer(desk):
    key, code = desk.answer("Autobus"), desk.code("Trasporti")
    desk.read(desk.anna, {key: [code]})
    desk.read(desk.bruno, {key: [code]})
    db.session.delete(db.session.get_one(Submission, key[0]))
    db.session.flush()
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Coding)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(CodeFound)) == 0


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 4), st.sets(st.integers(0, 2))), max_size=14))
def test_the_other_is_hidden_until_both_are_done(desk, acts):
    """Whatever the order of reading, a page never holds what the other found in an answer that is not done."""
    savepoint = db.session.begin_nested()
    keys = [desk.answer(f"Risposta {number}") for number in range(5)]
    codes = [desk.code(name) for name in ("Uno", "Due", "Tre")]
    done: dict[tuple, dict[str, set[int]]] = {key: {} for key in keys}
    for who, at, found in acts:
        key, person = keys[at], desk.anna if who == "A" else desk.bruno
        if len(done[key]) == 2:
            continue
        desk.read(person, {key: [codes[number] for number in found]})
        done[key][who] = {codes[number].id for number in found}
    taken = {person: seat for seat, person in queries.coders(desk.asked).items()}
    for who, person in (("A", desk.anna), ("B", desk.bruno)):
        seat = taken.get(person.id)
        for which in (queries.TO_READ, queries.MINE) if seat else ():
            for answer in queries.to_code(desk.asked, seat, which).items:
                assert (which == queries.MINE) == (who in done[answer.key])
                both = len(done[answer.key]) == 2
                assert (3 - seat in answer.codes) == both
                if who in done[answer.key]:
                    assert answer.codes[seat] == done[answer.key][who]
    for key in keys:
        found = list(done[key].values())
        assert desk.counting(key) == (found[0] if len(found) == 2 and found[0] == found[1] else None)
    savepoint.rollback()
