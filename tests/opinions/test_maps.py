"""The map: made behind the pages, in words first, without anybody's answers in it, and frozen at the end."""

import json

import pytest
import sqlalchemy as sa

from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import charts, clock, disclosure, events, jobs
from consult.core.charts import Sheet
from consult.core.db import db, table
from consult.opinions import bulk, maps, queries, services, telling, voices
from consult.opinions.models import Conversation, OpinionMap, Participant, Stance, Statement
from consult.processes.models import Activity
from consult.processes.services import ActivityClosed
from consult.results.models import ResultSheet
from tests.browser import text_of


def numbers():
    return list(db.session.scalars(sa.select(OpinionMap.number).order_by(OpinionMap.number)))


def content(valley):
    return json.loads(maps.content(valley.conversation))


def close(conversation):
    conversation.closes_at = clock.now()
    db.session.flush()
    events.record(ActivityClosed(actor_id=None, activity_id=conversation.id))


def test_a_map_finds_the_camps_what_unites_and_what_parts_the_plain_from_the_mountain(valley, places):
    bulk.take_in(valley.conversation, valley.voices(120, places))
    made = content(valley)
    assert made["letters"] == ["A", "B"]
    assert min(made["sizes"]) > 55
    assert [at for at, way, _band in made["united"]] == [4]
    assert {at for group in made["marks"] for at, _way, _band in group} == {0, 1, 2, 3}
    assert [at for at, _way, _band in made["territory"]["shared"]] == [4]
    (divided, sides), = made["territory"]["divided"]
    assert divided == 5
    assert {where: way for where, way, _band in sides} == {"pianura": -1, "montagna": 1}
    assert all(count >= 5 for _x, _y, count, _letter in made["plane"])


def test_the_same_answers_make_the_same_map_in_whatever_order_they_came(valley, places):
    said = valley.voices(60, places)
    bulk.take_in(valley.conversation, said)
    first = maps.content(valley.conversation)
    for known in db.session.scalars(sa.select(Participant)).all():
        services._remove(valley.conversation, known)
    bulk.take_in(valley.conversation, said[::-1][:30])
    bulk.take_in(valley.conversation, said[::-1][30:])
    assert maps.content(valley.conversation) == first


def test_without_clear_groups_the_page_says_so_and_why(valley, places, browser):
    bulk.take_in(valley.conversation, valley.voices(8, places))
    close(valley.conversation)
    page = text_of(browser().get(f"/opinioni/{valley.conversation.id}"))
    assert "Non ci sono gruppi netti: troppo poche persone" in page


def test_a_new_map_needs_time_and_five_more_voices_and_the_latest_is_not_shown(app, valley, places, browser):
    conversation = valley.conversation

    def after(how_many, first, minutes=0):
        bulk.take_in(conversation, valley.voices(how_many, places, first=first))
        db.session.commit()
        clock.shift(clock.timedelta(minutes=minutes))
        maps.renew()
        db.session.expire_all()
        return numbers()

    assert after(4, 0) == []
    assert after(40, 4) == [1]
    assert queries.shown_map(conversation) is None
    assert after(10, 50, minutes=5) == [1]
    assert after(0, 60, minutes=11) == [1, 2]
    assert queries.shown_map(conversation).number == 1
    assert after(4, 60, minutes=22) == [1, 2]
    assert after(1, 64, minutes=33) == [2, 3]
    page = text_of(browser().get(f"/opinioni/{conversation.id}"))
    assert "Hanno risposto in 54" in page
    assert db.session.scalar(sa.select(sa.func.count()).where(Participant.changed)) == 0


def test_letters_stay_when_the_groups_change_their_size(valley, places):
    bulk.take_in(valley.conversation, valley.voices(60, places))
    maps.keep(valley.conversation.id, maps.drawn(valley.conversation))
    before = maps.drawn(valley.conversation).letters
    more = [voice for number, voice in enumerate(valley.voices(80, places, first=60)) if number % 2]
    bulk.take_in(valley.conversation, more)
    after = maps.drawn(valley.conversation).letters
    assert sum(after[tag] == letter for tag, letter in before.items()) > 55


def test_what_is_frozen_is_counted_from_the_answers_and_verifies(valley, places, make, browser):
    bulk.take_in(valley.conversation, valley.voices(60, places))
    db.session.execute(sa.update(table(Statement)).values(agreed=0))  # counters are not what is counted
    close(valley.conversation)
    sheet = Sheet.from_json(db.session.scalars(sa.select(ResultSheet)).one().content)
    assert [figure.value for figure in sheet.figures] == [60, 480, 8, 2]
    assert sheet.channels == {"imported": 60}
    assert valley.statements[4].code in str(sheet.conclusion)
    assert valley.statements[4].text not in sheet.as_json()
    assert [one.as_json() for one in [charts.count(valley.conversation)]] == [sheet.as_json()]
    reader = browser()
    page = text_of(reader.get(f"/risultati/{valley.conversation.id}"))
    assert "Chi è d'accordo, per gruppo" in page.replace("’", "'")
    assert reader.get(f"/risultati/{valley.conversation.id}/verifica").status_code == 200


def test_small_figures_are_kept_back_so_that_they_cannot_be_had_back(valley, places, make):
    lonely = make.municipality("Frazione")
    bulk.take_in(valley.conversation, [*valley.voices(40, places), *valley.voices(3, [lonely], first=40)])
    made = content(valley)
    people = [sum(1 for one in db.session.scalars(sa.select(Participant)) if one.municipality_id == id)
              for id in made["municipalities"]["ids"]]
    shown = made["municipalities"]["agreed"]
    at = made["municipalities"]["ids"].index(lonely.id)
    assert all(row[at] is None for row in shown)
    for row, whole in zip(shown, made["municipalities"]["agreed_all"], strict=True):
        assert all(value is None or 5 <= value <= most - 5 for value, most in zip(row, people, strict=True))
        hidden = [value for value in row if value is None]
        assert len(hidden) != 1
        assert whole is not None
    assert disclosure.MINIMUM == 5


def test_a_statement_that_was_hidden_leaves_the_map(valley, places, make):
    bulk.take_in(valley.conversation, valley.voices(30, places))
    contributions.change_state(valley.statements[0], State.HIDDEN, make.person())
    assert [one["id"] for one in content(valley)["statements"]] == [one.id for one in valley.statements[1:]]


def test_one_sees_where_one_stands_and_nobody_else_does(valley, places, make, browser):
    person = make.person()
    bulk.take_in(valley.conversation, valley.voices(60, places))
    for statement in valley.statements:
        stance = Stance.AGREE if statement in valley.statements[:2] else Stance.DISAGREE
        services.answer(valley.conversation, voices.of(person), statement, stance)
    for _ in range(2):
        maps.keep(valley.conversation.id, maps.drawn(valley.conversation))
    path = f"/opinioni/{valley.conversation.id}"
    own = browser(person).get(path)
    assert "sei più vicino al gruppo" in text_of(own)
    assert "no-store" in own.headers["Cache-Control"]
    assert "sei più vicino" not in text_of(browser(make.person()).get(path))
    assert "sei più vicino" not in text_of(browser().get(path))


@pytest.mark.parametrize("visible", ["after_close", "staff"])
def test_before_the_end_the_map_is_seen_only_where_it_is_live(valley, places, browser, visible):
    db.session.execute(sa.update(table(Activity)).values(results_visible=visible))
    bulk.take_in(valley.conversation, valley.voices(60, places))
    for _ in range(2):
        maps.keep(valley.conversation.id, maps.drawn(valley.conversation))
    assert "gruppo A" not in text_of(browser().get(f"/opinioni/{valley.conversation.id}"))


def test_the_page_of_the_map_asks_the_same_number_of_questions_however_much_it_tells(valley, places, browser, queries):
    reader, path = browser(), f"/opinioni/{valley.conversation.id}"

    def asked():
        maps.keep(valley.conversation.id, maps.drawn(valley.conversation))
        maps.keep(valley.conversation.id, maps.drawn(valley.conversation))
        reader.get("/")
        with queries() as seen:
            assert reader.get(path).status_code == 200
        return len(seen)

    bulk.take_in(valley.conversation, valley.voices(30, places))
    before = asked()
    bulk.take_in(valley.conversation, valley.voices(60, places, first=30))
    assert asked() <= before
    assert db.session.get(Conversation, valley.conversation.id).participant_count == 90
    assert telling.MOST == 5
    assert jobs._periodic["consult.opinions.maps.renew"] is maps.renew
