"""Commitments of the pact are put to the vote, and the page of each tells what came of it."""

import json

import pytest
import sqlalchemy as sa

from consult.core import clock
from consult.core.db import db
from consult.pact.models import CommitmentState, PactState
from consult.processes.models import ResultsVisible
from consult.results import services as results
from consult.voting import services as casting
from consult.voting.models import BallotOption
from tests.ballots.conftest import NEW, latest, prepared, said
from tests.browser import text_of


@pytest.fixture
def promises(make):
    """Two commitments that can be voted on, one that was withdrawn and one that only the staff see."""
    return [make.commitment(body="Un **pulmino** a chiamata.", cost=1200), make.commitment(CommitmentState.AGREED),
            make.commitment(CommitmentState.WITHDRAWN), make.commitment(CommitmentState.DRAFT)]


def on(promises, make, *, when="open", **values):
    """A ballot with consent on the first two commitments."""
    ballot = make.ballot(when, method="consent", options=2, **values)
    for option, one in zip(ballot.options, promises, strict=False):
        option.commitment_id = one.id
    db.session.flush()
    return ballot


def test_commitments_are_taken_over_with_code_text_and_the_way_to_them(desk, make, browser, promises):
    first, second, *_others = promises
    ballot = prepared(desk, make, "consent", commitments=[str(first.id), str(second.id)],
                      **{f"option{at}_title": "" for at in range(3)})
    assert [(str(one.title), str(one.text), one.commitment_id, one.cost) for one in ballot.options] == [
        (f"{first.code} · {first.title}", "Un pulmino a chiamata.", first.id, None),
        (f"{second.code} · {second.title}", "", second.id, None)]
    page = f"/ufficio/votazioni/{ballot.id}/prepara"
    assert f"impegno {first.code} del patto" in text_of(desk.get(page))
    assert desk.submit(page, {"option0_title": "Il pulmino"}).status_code == 303
    assert [one.commitment_id for one in latest().options] == [first.id, second.id]  # the row is still what it was
    ballot.published = True
    db.session.commit()
    assert f'href="{first.path}"' in browser().get(f"/votazioni/{ballot.id}").text


def test_options_stay_commitments_where_the_percorso_or_the_pact_is_public_no_more(desk, make, promises):
    ballot = on(promises, make, when="coming", published=False)
    make.process().published, make.pact().state = False, PactState.DRAFT
    db.session.commit()
    page = f"/ufficio/votazioni/{ballot.id}/prepara"
    assert desk.submit(page, {"option0_title": "Il pulmino"}).status_code == 303
    assert [one.commitment_id for one in latest().options] == [promises[0].id, promises[1].id]


def test_costs_come_along_where_they_matter(desk, make, promises):
    ballot = prepared(desk, make, "greedy", commitments=[str(promises[0].id)])
    assert [one.cost for one in ballot.options if one.commitment_id] == [1200]


@pytest.mark.parametrize("hidden", [2, 3])
def test_what_is_withdrawn_or_not_public_can_neither_be_ticked_nor_sent_with_a_row(desk, make, promises, hidden):
    id, title = str(promises[hidden].id), promises[hidden].title
    assert title not in text_of(desk.get(NEW))
    assert desk.post(NEW, said(make, "consent", commitments=[id])).status_code == 200
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BallotOption)) == 0
    ballot = prepared(desk, make, "consent", option0_commitment=id)
    assert [one.commitment_id for one in ballot.options] == [None] * 3


def test_a_ballot_on_what_was_withdrawn_in_the_meantime_does_not_become_public(desk, make, promises):
    ballot = on(promises, make, when="coming", published=False)
    promises[0].state = CommitmentState.WITHDRAWN
    db.session.commit()
    assert f"Ritirati nel frattempo dal patto: {promises[0].code}." in text_of(
        desk.get(f"/ufficio/votazioni/{ballot.id}"))
    page = f"/ufficio/votazioni/{ballot.id}/prepara"
    assert desk.submit(page, {"published": "y"}).status_code == 200
    assert not latest().published
    assert desk.submit(page, {"published": "y", "option0_title": ""}).status_code == 303
    assert [one.commitment_id for one in latest().options] == [promises[1].id]


def test_nothing_is_offered_of_a_pact_that_only_the_staff_see(desk, make, promises):
    make.pact().state = PactState.DRAFT
    db.session.commit()
    assert promises[0].title not in text_of(desk.get(NEW))


def test_the_log_keeps_what_is_voted_on_whatever_becomes_of_the_commitment(make, promises):
    ballot = on(promises, make)
    casting.open_log(ballot)
    promises[0].title = "Tutt'altro"
    db.session.commit()
    db.session.refresh(ballot, ["fixed"])
    assert [one["title"]["it"] for one in json.loads(ballot.fixed)["options"]] == ["Progetto 1", "Progetto 2"]


def test_the_page_of_a_commitment_tells_what_came_out_once_everybody_may_know(make, browser, promises):
    ballot, visitor = on(promises, make), browser()
    path = f"{promises[0].path}?lingua=en"
    for mark in (1, 1, 2, 2, 2):
        casting.cast(ballot, make.person(), {"B01": mark, "B02": 0 if mark == 2 else 1})
    before = text_of(visitor.get(path))
    assert "It is put to the vote: " in before
    assert "Papers that consent" not in before
    ballot.closes_at = clock.now()
    results.freeze(ballot)
    ballot.results_visible = ResultsVisible.STAFF
    db.session.commit()
    assert "Papers that consent" not in text_of(visitor.get(path))
    ballot.results_visible = ResultsVisible.AFTER_CLOSE
    db.session.commit()
    told = text_of(visitor.get(path))
    assert "It was put to the vote: " in told
    assert "Agreed on with reservations. Papers that consent: 5, of which with a reservation: 3. " in told
    assert f'href="/risultati/{ballot.id}"' in visitor.get(path).text
    other = text_of(visitor.get(f"{promises[1].path}?lingua=en"))
    assert "Not agreed on. Papers that consent: 2, of which with a reservation: 0. Papers that object: 3." in other
    assert "put to the vote" not in text_of(visitor.get(f"{promises[2].path}?lingua=en"))


def test_pages_ask_no_more_of_the_database_the_more_commitments_are_voted_on(make, browser, queries):
    visitor, counts = browser(), []
    for number in (2, 9):
        ballot = make.ballot(method="consent", options=number)
        for option in ballot.options:
            option.commitment_id = make.commitment().id
        db.session.commit()
        for page in (f"/votazioni/{ballot.id}", make.pact().commitments[0].path):
            visitor.get(page)
            with queries() as seen:
                visitor.get(page)
            counts.append(len(seen))
    assert counts[:2] == counts[2:]
