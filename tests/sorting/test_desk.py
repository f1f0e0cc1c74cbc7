"""The pages as the plan office uses them, without JavaScript: what is there, what is not, and at which cost."""

import csv
import io

import pytest

from consult.accounts.models import Role
from consult.contributions import services as contributions
from consult.contributions.models import State
from consult.core import paging
from consult.core.db import db
from consult.results.models import Verdict
from consult.sorting import listing, looking, queries
from consult.sorting.listing import Filter
from tests.browser import text_of


@pytest.fixture
def anna(desk, browser):
    return browser(desk.anna)


@pytest.fixture
def bruno(desk, browser):
    return browser(desk.bruno)


def every(make, number=1):
    """Contributions of every kind, so many of each."""
    found = []
    make._once("text", make.section)
    for _ in range(number):
        proposal = make.proposal(axis_id=make.axis().id)
        found += [proposal, make.comment(proposal.thread), make.amendment(proposal, "Altro testo"), make.topic(),
                  make.statement(), make.remark()]
        make.outcome(proposal)
    return found


def shown(desk, **narrowed):
    page = listing.listed(desk.process, Filter(**narrowed), queries.seat_of(desk.process, desk.anna), listing.FIRST,
                          None, size=100)
    return [line.contribution.id for line in page.items]


def test_every_kind_lies_there_and_nothing_that_is_not_public(desk, make, anna):
    there = every(make)
    gone = make.proposal()
    below, change = make.comment(gone.thread), make.amendment(gone, "Altro")
    for state in (State.PENDING, State.DRAFT):
        make.proposal(state=state, title="Non ancora pubblica")
    contributions.change_state(gone, State.HIDDEN, None)
    assert shown(desk) == [one.id for one in there]
    page = text_of(anna.get(desk.path))
    assert all(one.code in page for one in there)
    assert not any(one.code in page for one in (gone, below, change))
    assert "6 contributions." in page
    assert "Non ancora pubblica" not in page


def test_the_list_is_narrowed_by_what_there_is(desk, make):
    proposal, comment, amendment, topic, statement, remark = every(make)
    group = make.organisation()
    elsewhere = make.proposal(author=make.person(municipality=make.municipality("Altrove")),
                              organisation_id=group.id, title="Una corriera più comoda", body="Per l'ospedale.")
    bus = desk.tag("Autobus")
    for who in (desk.anna, desk.bruno):
        desk.read(who, (topic, [bus]))
    desk.read(desk.anna, (statement, [bus]))
    desk.read(desk.bruno, (statement, []))
    assert shown(desk, kind="remark") == [remark.id]
    assert shown(desk, activity_id=topic.activity_id) == [topic.id]
    assert elsewhere.id in shown(desk, phase_id=elsewhere.activity.phase_id)
    assert shown(desk, municipality_id=elsewhere.municipality_id) == [elsewhere.id]
    assert shown(desk, category_id=group.category_id) == [elsewhere.id]
    assert shown(desk, axis_id=proposal.axis_id) == [proposal.id, comment.id, amendment.id]
    assert shown(desk, outcome=Verdict.ACCEPTED.value) == [proposal.id]
    assert proposal.id not in shown(desk, outcome=listing.NO_OUTCOME)
    assert shown(desk, tag_id=bus.id) == [topic.id]
    assert shown(desk, standing=listing.DIFFERING) == [statement.id]
    assert shown(desk, standing=listing.MINE) == [topic.id, statement.id]
    assert topic.id not in shown(desk, standing=listing.UNTAGGED)
    assert set(shown(desk, standing=listing.TO_READ)) == {
        proposal.id, comment.id, amendment.id, remark.id, elsewhere.id}
    for typed, found in (("corriere", [elsewhere.id]), ("corriera ospedali", [elsewhere.id]), ("100%", []), ("", 7)):
        got = shown(desk, words=listing.beginnings(typed, "it"))
        assert (len(got) if found == 7 else got) == found


def test_pages_follow_each_other_without_gap_or_repetition(desk, make):
    ids = [make.proposal(support_count=number % 3).id for number in range(9)]
    for order in listing.ORDERS:
        got, after = [], None
        while True:
            page = listing.listed(desk.process, Filter(), 0, order, after, size=4)
            got += [line.contribution.id for line in page.items]
            after = page.next
            if after is None:
                break
        assert sorted(got) == ids
        assert len(got) == len(ids)
    assert isinstance(page, paging.Page)


def test_the_file_holds_what_is_shown(desk, make, anna):
    bus = desk.tag("Autobus", "BUS")
    one = make.proposal(title="=1+1", municipality_id=make.town().id)
    make.topic()
    for who in (desk.anna, desk.bruno):
        desk.read(who, (one, [bus]))
    heads, *rows = csv.reader(io.StringIO(
        anna.get(f"{desk.path}/contributi.csv?etichetta=BUS").data.decode("utf-8-sig")))
    assert [row[0] for row in rows] == [one.code]
    assert rows[0][heads.index("Title")] == "'=1+1"
    assert rows[0][heads.index("Tags")] == "BUS"
    assert len(anna.get(f"{desk.path}/contributi.csv").data.decode().splitlines()) == 3


def test_two_read_through_the_pages_without_seeing_each_other(desk, make, anna, bruno):
    bus = desk.tag("Autobus")
    one, other = make.proposal(), make.proposal()
    answer = anna.submit(f"{desk.path}/leggi", {f"tags-{one.id}": [str(bus.id)], f"tags-{other.id}": ["none"]})
    assert answer.status_code == 303
    page = text_of(bruno.get(f"{desk.path}/leggi"))
    assert one.code in page
    assert "checked" not in bruno.get(f"{desk.path}/leggi").text
    assert "The other reader:" not in page
    both = bruno.submit(f"{desk.path}/leggi", {f"tags-{one.id}": [str(bus.id), "none"]})
    assert "not both" in text_of(both)
    assert bruno.submit(f"{desk.path}/leggi", {f"tags-{one.id}": ["none"], f"tags-{other.id}": ["none"]}
                        ).status_code == 303
    assert "The other reader:" in text_of(bruno.get(f"{desk.path}/leggi?lettura=lette"))
    assert desk.counting(other) == set()
    decided = anna.submit(f"{desk.path}/differenze", {f"tags-{one.id}": [str(bus.id)]})
    assert decided.status_code == 303
    assert "Decided by Anna" in text_of(anna.get(f"{desk.path}/differenze"))
    figures = text_of(anna.get(f"{desk.path}/conteggi"))
    assert "How far readers agree" in figures
    assert "Anna · Bruno" in figures


def test_who_comes_too_late_gets_both_texts_and_nothing_is_lost(desk, make, anna):
    bus = desk.tag("Autobus")
    one, other = make.proposal(), make.proposal()
    for who in (desk.bruno, desk.carla):
        desk.read(who, (one, []))
    late = anna.post(f"{desk.path}/leggi", {f"tags-{id}": str(bus.id) for id in (one.id, other.id)} | {
        f"seen-{each.id}": f"0.{each.version}" for each in (one, other)})
    assert late.status_code == 409
    assert "Two others have read it by now" in text_of(late)
    assert "Autobus" in text_of(late)
    assert desk.counting(other) is None
    assert desk.counting(one) == set()


def test_the_codebook_is_made_changed_retired_and_merged(desk, make, anna, browser):
    for name, code in (("Trasporti", "TRA"), ("Autobus", "BUS")):
        assert anna.submit(f"{desk.path}/etichette/nuova", {"name_it": name, "code": code}).status_code == 303
    again = anna.submit(f"{desk.path}/etichette/nuova", {"name_it": "autobus", "code": "B2"})
    assert "There is a tag of this name or code already." in text_of(again)
    bus, transport = queries.tags(desk.process)
    assert anna.submit(f"{desk.path}/etichette/{bus.id}", {
        "name_it": "Autobus e corriere", "parent": str(transport.id)}).status_code == 303
    assert [tag.code for tag in queries.tags(desk.process)] == ["TRA", "BUS"]
    for _ in range(2):
        assert anna.submit(f"{desk.path}/etichette", action=f"{desk.path}/etichette/{bus.id}/ritira"
                           ).status_code == 303
    assert anna.submit(f"{desk.path}/etichette/{bus.id}/unisci").status_code == 303
    assert "“Autobus e corriere” is part of “Trasporti” now." in text_of(anna.get(f"{desk.path}/etichette"))
    history = text_of(anna.get(f"{desk.path}/etichette/storia"))
    for done in ("added", "changed", "no longer offered", "offered again", "merged"):
        assert f"Tag {done}" in history
    steering = browser(make.person(Role.STEERING, process=desk.process))
    assert steering.get(f"{desk.path}/etichette").status_code == 200
    assert steering.get(f"{desk.path}/etichette/nuova").status_code == 403
    assert browser(make.person()).get(desk.path).status_code == 403


def test_a_topic_becomes_a_tag_only_where_somebody_reads(desk, make, anna):
    for number in range(12):
        make.proposal(title=f"Linea {number}", body=("Corriera fermata orario" if number % 2 else
                                                     "Torrente argine frana") + " da migliorare presto")
    assert anna.submit(f"{desk.path}/temi", {"wanted": "2"}, action=f"{desk.path}/temi/cerca").status_code == 303
    look = queries.latest_look(desk.process)
    assert "Waiting for its turn" in text_of(anna.get(f"{desk.path}/temi"))
    looking.make(look.id)
    page = text_of(anna.get(f"{desk.path}/temi"))
    assert "Topic 1" in page
    assert "6 contributions" in page
    assert "Texts that speak of:" in anna.get(f"{desk.path}/etichette/nuova?tema=1").text
    assert anna.submit(f"{desk.path}/etichette/nuova?tema=1").status_code == 303
    assert queries.progress(desk.process).by_seat == {}
    assert text_of(anna.get(f"{desk.path}/leggi?tema=1")).count("Tags of ") == 6
    assert "contributions like" in text_of(anna.get(f"{desk.path}/somiglianze"))


def test_ten_times_the_rows_ask_as_often(desk, make, anna, queries):
    paths = [desk.path, f"{desk.path}?q=panchina&lettura=da-leggere", f"{desk.path}/leggi", f"{desk.path}/differenze",
             f"{desk.path}/conteggi", f"{desk.path}/etichette", f"{desk.path}/temi", f"{desk.path}/somiglianze"]
    bus = desk.tag("Autobus")

    def asked():
        found = every(make, 4)
        for one in found[:3]:
            for who, tags in ((desk.anna, [bus]), (desk.bruno, [])):
                desk.read(who, (one, tags))
        db.session.commit()
        looking.make(looking.ask(desk.process, desk.anna, 2).id)
        numbers = {}
        for path in paths:
            anna.get(path)
            with queries() as seen:
                assert anna.get(path).status_code == 200
            numbers[path] = len(seen)
        return numbers

    before = asked()
    every(make, 36)
    assert asked() == before
    assert max(before.values()) <= 40, before
