"""A paper of every way of voting, filled in through its page, looked at again, cast, and counted."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Mandate
from consult.core import charts, clock
from consult.core.db import db
from consult.methods.registry import METHODS
from consult.voting.models import BallotCaveat, BallotPaper
from tests.browser import NAMESPACE, document, text_of

PAPERS = {
    "single": ({"choices": ["B02"]}, {"B02": 1}, "Progetto 2"),
    "approval": ({"choices": ["B02", "B01"]}, {"B01": 1, "B02": 1}, "Progetto 1"),
    "greedy": ({"choices": ["B03"]}, {"B03": 1}, "Progetto 3"),
    "greedy_threshold": ({"choices": ["B03"]}, {"B03": 1}, "Progetto 3"),
    "equal_shares": ({"choices": ["B03", "B01"]}, {"B01": 1, "B03": 1}, "Progetto 3"),
    "stances": ({"mark-B01": "1", "mark-B02": "0", "mark-B03": "2"}, {"B01": 1, "B02": 0, "B03": 2}, "Sì"),
    "score": ({"mark-B01": "5", "mark-B02": "0"}, {"B01": 5, "B02": 0}, "5"),
    "judgement": ({"mark-B01": "5", "mark-B02": "0"}, {"B01": 5, "B02": 0}, "Progetto 2"),
    "schulze": ({"mark-B01": "2", "mark-B02": "1", "mark-B03": ""}, {"B01": 2, "B02": 1}, "1. «Progetto 2»"),
    "runoff": ({"mark-B01": "2", "mark-B02": "1"}, {"B01": 2, "B02": 1}, "1. «Progetto 2»"),
    "borda": ({"mark-B01": "2", "mark-B02": "1"}, {"B01": 2, "B02": 1}, "1. «Progetto 2»"),
    "points": ({"mark-B01": "7", "mark-B02": "3", "mark-B03": "0"}, {"B01": 7, "B02": 3}, "7"),
    "consent": ({"mark-B01": "2", "caveat-B01": "Purché d'inverno si lavori.", "mark-B02": "1", "caveat-B02": "no"},
                {"B01": 2, "B02": 1}, "Purché d'inverno"),
    "poll": ({"choices-merger": "B01", "choices-name": "B04"}, {"B01": 1, "B04": 1}, "Progetto 4"),
}
WRONG = {
    "score": {"mark-B01": "9"}, "judgement": {"mark-B01": "-1"}, "runoff": {"mark-B01": "1", "mark-B02": "1"},
    "schulze": {"mark-B01": "primo"}, "points": {"mark-B01": "8", "mark-B02": "3"}, "stances": {"mark-B02": "3"},
    "consent": {"mark-B01": "x"}, "poll": {"choices-merger": "B03", "choices-name": "B04"},
}


def of(make, method, **values):
    if METHODS[method].needs_budget:
        values["budget"] = 100_000
    if method == "greedy_threshold":
        values["parameters"] = {"threshold": 2}
    return make.ballot(method=method, options=4, **values)


def hidden(review):
    """What the page of the second look sends back."""
    sent = {}
    for field in document(review).iter(f"{NAMESPACE}input"):
        if field.get("type") == "hidden" and field.get("name"):
            sent.setdefault(field.get("name"), []).append(field.get("value", ""))
    return sent


def test_every_way_of_voting_is_tried():
    assert set(PAPERS) == set(METHODS)


@pytest.mark.parametrize("method", PAPERS)
def test_a_paper_is_filled_in_looked_at_again_cast_and_counted(make, browser, method):
    ballot = of(make, method)
    sent, marks, said = PAPERS[method]
    voter = browser(make.person())
    address = f"/votazioni/{ballot.id}/vota"
    fields = {**voter.form(address)["fields"], **sent}
    review = voter.post(address, fields)
    assert said in text_of(review)
    answer = voter.post(address, {**hidden(review), "step": "cast"})
    assert answer.location == f"/votazioni/{ballot.id}/ricevuta"
    assert db.session.scalars(sa.select(BallotPaper.marks)).all() == [marks]
    assert said in text_of(voter.get(answer.location))
    assert voter.get(f"/votazioni/{ballot.id}/ricevuta.json").json["hash"] == db.session.scalar(
        sa.select(BallotPaper.entry_hash))
    with clock.at(ballot.closes_at):
        sheet = charts.count(db.session.get(type(ballot), ballot.id))
    assert charts.Sheet.from_json(sheet.as_json()).as_json() == sheet.as_json()
    assert "1" in str(sheet.figures[0].value)


@pytest.mark.parametrize("method", WRONG)
def test_a_paper_against_the_rules_is_shown_again_as_it_was_typed(make, browser, method):
    ballot = of(make, method)
    page = browser(make.person()).post(f"/votazioni/{ballot.id}/vota", {**WRONG[method], "step": "cast"})
    html = page.get_data(as_text=True)
    assert 'id="paper-error"' in html
    assert db.session.scalars(sa.select(BallotPaper)).all() == []
    if method in ("schulze", "points"):
        assert f'value="{WRONG[method]["mark-B01"]}"' in html


def places(page):
    return re.findall(r'name="mark-(B\d\d)"[^>]* value="(\d*)"', page.get_data(as_text=True))


def test_options_move_up_and_down_by_buttons_alone(make, browser):
    ballot = make.ballot(method="schulze")
    voter, address = browser(make.person()), f"/votazioni/{ballot.id}/vota"
    page = voter.post(address, {"move": "up:B03"})
    assert places(page) == [("B03", "1"), ("B01", ""), ("B02", "")]
    page = voter.post(address, {"mark-B03": "1", "move": "up:B02"})
    assert places(page) == [("B03", "1"), ("B02", "2"), ("B01", "")]
    page = voter.post(address, {"mark-B03": "1", "mark-B02": "2", "move": "up:B02"})
    assert places(page) == [("B02", "1"), ("B03", "2"), ("B01", "")]
    assert "autofocus" in page.get_data(as_text=True)
    page = voter.post(address, {"mark-B03": "1", "mark-B02": "2", "move": "down:B02"})
    assert places(page) == [("B03", "1"), ("B01", ""), ("B02", "")]
    assert voter.post(address, {"mark-B03": "x", "move": "up:B99"}).status_code == 200
    assert db.session.scalars(sa.select(BallotPaper)).all() == []


def test_a_reservation_lies_apart_from_the_paper_and_is_published_without_name(make, browser):
    ballot = make.ballot(method="consent")
    person = make.person(display_name="Riconoscibile")
    voter, address = browser(person), f"/votazioni/{ballot.id}/vota"
    voter.post(address, {"mark-B01": "2", "caveat-B01": "Prima la strada.", "step": "cast"})
    paper, caveat = db.session.scalar(sa.select(BallotPaper)), db.session.scalar(sa.select(BallotCaveat))
    assert (caveat.text, caveat.code) == ("Prima la strada.", "B01")
    assert caveat.tag != paper.tag
    assert "Prima la strada." in text_of(voter.get(f"/votazioni/{ballot.id}/ricevuta"))
    assert "Prima la strada." not in text_of(browser().get(f"/votazioni/{ballot.id}"))
    voter.post(address, {"mark-B01": "2", "caveat-B01": "Prima il ponte.", "step": "cast"})
    with clock.at(ballot.closes_at):
        page = text_of(browser().get(f"/votazioni/{ballot.id}"))
        assert "Prima il ponte." in page
        assert "Prima la strada." not in page
        assert "Riconoscibile" not in page


def test_options_stand_in_an_order_of_one_s_own_that_stays(make, browser):
    ballot = make.ballot(options=12, shuffled=True)
    first, second = browser(make.person()), browser(make.person())
    for voter in (first, second):
        voter.post(f"/votazioni/{ballot.id}/vota", {"choices": ["B01"], "step": "cast"})

    def order(reader, page="/vota"):
        html = reader.get(f"/votazioni/{ballot.id}{page}").get_data(as_text=True)
        return re.findall(r'id="choice-(B\d\d)"' if page else r'data-code="(B\d\d)"', html)

    assert order(first) == order(first) == order(first, "")
    assert sorted(order(first)) == sorted(order(second))
    assert order(first) != order(second)
    assert order(browser(), "") not in (order(first), order(second), sorted(order(first)))


def test_an_organisation_has_one_paper_whoever_casts_it(make, browser):
    ballot = make.ballot(by_organisation=True)
    one, other, nobody = make.person(), make.person(), make.person()
    union = make.organisation(one, name="Unione delle Imprese")
    make.organisation(one, name="Zattera")
    db.session.add(Mandate(person=other, organisation=union))
    db.session.flush()
    page = browser(one).get(f"/votazioni/{ballot.id}/vota")
    assert "Voti per Unione delle Imprese" in text_of(page)
    browser(one).post(f"/votazioni/{ballot.id}/vota", {"choices": ["B01"], "step": "cast"})
    browser(other).post(f"/votazioni/{ballot.id}/vota", {"choices": ["B02"], "step": "cast"})
    assert db.session.scalars(sa.select(BallotPaper.marks)).all() == [{"B02": 1}]
    refused = browser(nobody).get(f"/votazioni/{ballot.id}/vota")
    assert refused.status_code == 403
    assert "organizzazioni" in text_of(refused)
