"""Codes have names of their own, change only for whoever saw them as they are, and can become part of each other."""

import pytest

from consult.codings import queries, reading, services
from consult.core.db import StaleVersionError, db
from consult.core.languages import Localized


@pytest.mark.parametrize("name", ["Trasporti", "trasporti ", "TRASPORTI", "Trasportì"])
def test_two_codes_of_a_question_never_have_the_same_name(desk, name):
    desk.code("Trasporti")
    with pytest.raises(services.CodeError, match="già"):
        desk.code(name)
    other = desk.code("Scuola")
    with pytest.raises(services.CodeError, match="già"):
        services.change_code(desk.asked, other, desk.anna, name=Localized.of(name), definition=Localized(), seen=1)


def test_a_code_that_changed_meanwhile_is_not_written_over(desk):
    code = desk.code("Trasporti")
    services.change_code(desk.asked, code, desk.anna, name=Localized.of("Mezzi"), definition=Localized(), seen=1)
    with pytest.raises(StaleVersionError):
        services.change_code(desk.asked, code, desk.bruno, name=Localized.of("Bus"), definition=Localized(), seen=1)
    assert str(code.name) == "Mezzi"


def test_codes_stand_in_the_order_that_was_given_them(desk):
    codes = [desk.code(name) for name in ("Uno", "Due", "Tre")]
    services.move_code(desk.asked, codes[2], desk.anna, by=-1)
    services.move_code(desk.asked, codes[0], desk.anna, by=-1)  # it is the first already
    assert [str(code.name) for code in queries.codes(desk.asked)] == ["Uno", "Tre", "Due"]


def test_merging_finds_the_one_wherever_the_other_was_found(desk):
    keys = [desk.answer(f"Risposta {number}") for number in range(4)]
    bus, train, school = desk.code("Autobus"), desk.code("Treni"), desk.code("Scuola")
    desk.read(desk.anna, {keys[0]: [bus], keys[1]: [train], keys[2]: [bus, train], keys[3]: [bus]})
    desk.read(desk.bruno, {keys[0]: [train], keys[1]: [train], keys[2]: [bus], keys[3]: [school]})
    assert [desk.counting(key) for key in keys] == [None, {train.id}, None, None]
    services.merge(desk.asked, train, bus, desk.anna, seen=1)
    assert [desk.counting(key) for key in keys] == [{bus.id}, {bus.id}, {bus.id}, None]
    assert [code.id for code in queries.codes(desk.asked)] == [bus.id, school.id]
    with pytest.raises(services.CodeError, match="unito"):
        desk.code("Treni")


def test_a_page_opened_before_a_merger_is_kept_with_what_came_of_it(desk):
    key, bus, train = desk.answer("Treni"), desk.code("Autobus"), desk.code("Treni")
    stamp = queries.answers(desk.asked, [key])[key].stamp(1)
    services.merge(desk.asked, train, bus, desk.anna, seen=1)
    reading.save(desk.asked, desk.anna, {key: [train.id]}, {key: stamp})
    assert queries.answers(desk.asked, [key])[key].codes == {1: {bus.id}}


def test_merging_into_what_was_merged_or_into_itself_is_refused(desk):
    one, two, three = (desk.code(name) for name in ("Uno", "Due", "Tre"))
    with pytest.raises(services.CodeError):
        services.merge(desk.asked, one, one, desk.anna, seen=1)
    services.merge(desk.asked, two, three, desk.anna, seen=1)
    with pytest.raises(StaleVersionError):
        services.merge(desk.asked, one, two, desk.anna, seen=1)
    services.merge(desk.asked, three, one, desk.anna, seen=three.version)
    db.session.refresh(two)
    assert two.merged_into_id == one.id


def test_a_retired_code_keeps_its_name_and_can_be_offered_again(desk):
    code = desk.code("Trasporti")
    services.retire(code, desk.anna, retired=True)
    with pytest.raises(services.CodeError, match="riproporre"):
        desk.code("Trasporti")
    services.retire(code, desk.anna, retired=False)
    assert not queries.codes(desk.asked)[0].retired
