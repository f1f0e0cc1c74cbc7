"""Supporting and voting through the pages, as people do it."""

import re

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core import clock, keys
from consult.core.db import db
from consult.core.once import OnceKey
from consult.processes.models import Audience
from consult.voting import services
from consult.voting.models import BallotPaper, Electorate, Support
from tests.browser import text_of
from tests.voting.together import at_once

MISSING = 2 ** 31 - 1


def papers():
    return [list(paper.marks) for paper in db.session.scalars(sa.select(BallotPaper))]


def vote(browser, ballot, choices, **more):
    """Choose, look again, cast."""
    address = f"/votazioni/{ballot.id}/vota"
    form = browser.form(address)
    review = browser.post(address, {**form["fields"], "choices": choices})
    assert review.status_code == 200
    return browser.post(address, {**form["fields"], "choices": choices, "step": "cast", **more})


# supports

def test_support_is_given_and_taken_back_on_the_page_of_the_proposal(make, browser):
    proposal, reader = make.proposal(), browser(make.person())
    page = f"/proposte/{proposal.id}-proposta"
    answer = reader.submit(page, action=f"/proposte/{proposal.id}/sostegno")
    assert answer.status_code == 303
    assert answer.location.endswith(f"{page}#sostegno")
    assert db.session.get(type(proposal), proposal.id).support_count == 1
    assert reader.submit(page, action=f"/proposte/{proposal.id}/sostegno/ritira").status_code == 303
    assert db.session.get(type(proposal), proposal.id).support_count == 0


def test_a_visitor_is_led_to_sign_in_and_sees_no_form(make, browser):
    proposal = make.proposal()
    page = browser().get(f"/proposte/{proposal.id}-proposta").get_data(as_text=True)
    assert '/sostegno"' not in page
    assert f"/accedi?next=/proposte/{proposal.id}-proposta%23sostegno" in page
    assert browser().post(f"/proposte/{proposal.id}/sostegno").status_code == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Support)) == 0


def test_authors_read_why_they_cannot_support_themselves(make, browser):
    proposal = make.proposal()
    author = browser(proposal.author)
    page = text_of(author.get(f"/proposte/{proposal.id}-proposta"))
    refused = author.post(f"/proposte/{proposal.id}/sostegno")
    assert refused.status_code == 403
    reason = "Non puoi sostenere la tua proposta"
    assert reason in page
    assert reason in text_of(refused)


@pytest.mark.parametrize("state", [State.HIDDEN, State.PENDING, State.DRAFT, State.WITHDRAWN])
def test_what_is_not_public_is_unknown_to_supporters(make, browser, state):
    proposal = make.proposal(state=state)
    assert browser(make.person()).post(f"/proposte/{proposal.id}/sostegno").status_code == 404


@pytest.mark.parametrize("act", ["sostegno", "sostegno/ritira"])
def test_supporting_what_is_not_there_is_not_found(make, browser, act):
    reader = browser(make.person())
    for id in (MISSING, MISSING + 1, 10 ** 30, 0):
        assert reader.post(f"/proposte/{id}/{act}").status_code == 404


def test_supports_by_municipality_keep_small_figures_back(make, browser):
    proposal = make.proposal()
    for name, people in (("Alta", 7), ("Media", 6), ("Bassa", 2)):
        place = make.municipality(name)
        for _ in range(people):
            services.support(proposal, make.person(municipality=place))
    page = text_of(browser().get(f"/proposte/{proposal.id}-proposta"))
    for said in ("Alta 7", "Media n. s.", "Bassa n. s."):
        assert said in page


def test_the_supports_of_a_proposal_cost_two_queries(make, browser, queries):
    proposal = make.proposal()
    for _ in range(12):
        services.support(proposal, make.person())
    reader = browser(make.person())
    reader.get(f"/proposte/{proposal.id}-proposta")
    with queries() as seen:
        reader.get(f"/proposte/{proposal.id}-proposta")
    assert len([statement for statement in seen if "support" in statement and "contribution.id" not in statement]) <= 2


# ballots

def test_the_page_of_a_ballot_says_how_it_works(make, browser):
    ballot = make.ballot(method="greedy", budget=1000, maximum=3)
    ballot.options[0].cost = 400
    page = text_of(browser().get(f"/votazioni/{ballot.id}"))
    for words in ("Che cosa finanziamo?", "Progetto 1", "400", "1.000"):
        assert words in page


def test_a_vote_is_looked_at_again_before_it_is_cast(make, browser):
    ballot, person = make.ballot(), make.person()
    voter = browser(person)
    address = f"/votazioni/{ballot.id}/vota"
    form = voter.form(address)
    review = voter.post(address, {**form["fields"], "choices": ["B02"]})
    assert "Progetto 2" in text_of(review)
    assert "Progetto 1" not in text_of(review)
    assert papers() == []
    answer = voter.post(address, {**form["fields"], "choices": ["B02"], "step": "cast"})
    assert (answer.status_code, answer.location) == (303, f"/votazioni/{ballot.id}/ricevuta")
    assert papers() == [["B02"]]
    assert "Progetto 2" in text_of(voter.get(answer.location))


def test_one_can_go_back_from_the_second_look_without_losing_the_choice(make, browser):
    ballot = make.ballot()
    voter = browser(make.person())
    page = voter.post(f"/votazioni/{ballot.id}/vota", {"choices": ["B02", "B03"], "step": "back"})
    assert re.findall(r'value="(B\d\d)"[^>]* checked', page.get_data(as_text=True)) == ["B02", "B03"]
    assert papers() == []


def test_a_vote_can_be_changed_and_taken_back(make, browser):
    ballot = make.ballot()
    voter = browser(make.person())
    vote(voter, ballot, ["B01"])
    vote(voter, ballot, ["B03"])
    assert papers() == [["B03"]]
    answer = voter.submit(f"/votazioni/{ballot.id}", action=f"/votazioni/{ballot.id}/ritira")
    assert answer.status_code == 303
    assert papers() == []


def test_a_form_sent_twice_is_one_cast(make, browser):
    ballot = make.ballot()
    voter = browser(make.person())
    address = f"/votazioni/{ballot.id}/vota"
    fields = {**voter.form(address)["fields"], "choices": ["B01"], "step": "cast"}
    answers = [voter.post(address, fields) for _ in range(2)]
    assert {answer.location for answer in answers} == {f"/votazioni/{ballot.id}/ricevuta"}
    assert db.session.scalars(sa.select(BallotPaper.sequence)).all() == [1]


@pytest.mark.parametrize("choices", [
    [], ["B01", "B02", "B03"], ["B99"], ["\x00"], ["<script>"], ["x" * 5000], ["�"],
])
def test_a_paper_against_the_rules_is_shown_again_with_the_reason(make, browser, choices):
    ballot = make.ballot()
    voter = browser(make.person())
    for step in ("", "cast"):
        page = voter.post(f"/votazioni/{ballot.id}/vota", {"choices": choices, "step": step})
        assert page.status_code == 200
        assert "paper-error" in page.get_data(as_text=True)
        assert "<script>" not in page.get_data(as_text=True)
    assert papers() == []


def test_nobody_votes_without_a_form_token(make, browser):
    ballot = make.ballot()
    paper = {"choices": ["B01"], "step": "cast"}
    answer = browser(make.person()).post(f"/votazioni/{ballot.id}/vota", paper, token=False)
    assert answer.status_code == 400
    assert papers() == []


def test_after_closing_the_page_refuses_with_the_reason(make, browser):
    ballot, person = make.ballot(), make.person()
    voter = browser(person)
    fields = voter.form(f"/votazioni/{ballot.id}/vota")["fields"]
    clock.shift(ballot.closes_at - clock.now())
    for act, data in (("vota", {**fields, "choices": ["B01"], "step": "cast"}), ("ritira", {})):
        assert voter.post(f"/votazioni/{ballot.id}/{act}", data).status_code == 403
    assert papers() == []


def test_a_ballot_that_closes_between_question_and_act_takes_nothing(make, browser, monkeypatch):
    ballot = make.ballot()
    voter = browser(make.person())

    def closed(*_):
        raise services.RefusedError("chiusa")

    monkeypatch.setattr(services, "hold_ballot", closed)
    answer = voter.post(f"/votazioni/{ballot.id}/vota", {"choices": ["B01"], "step": "cast", "once": "x" * 20})
    assert answer.status_code == 403
    assert "chiusa" in text_of(answer)
    assert papers() == []
    assert db.session.scalar(sa.select(sa.func.count()).select_from(OnceKey)) == 0


def test_who_may_not_vote_reads_why(make, browser):
    verified_only, elsewhere_only = make.ballot(audience=Audience.VERIFIED), make.ballot()
    borgo = make.municipality("Borgo")
    db.session.add(Electorate(ballot_id=elsewhere_only.id, municipality_id=borgo.id, eligible=30))
    voter = browser(make.person())
    assert voter.get(f"/votazioni/{verified_only.id}/vota").status_code == 403
    page = voter.get(f"/votazioni/{elsewhere_only.id}/vota")
    assert page.status_code == 403
    assert "Borgo" in text_of(page)
    assert "Borgo" in text_of(voter.get(f"/votazioni/{elsewhere_only.id}"))


def test_a_ballot_that_is_not_public_is_unknown(make, browser):
    ballot = make.ballot(published=False)
    reader = browser(make.person())
    for page in ("", "/vota", "/ricevuta"):
        assert reader.get(f"/votazioni/{ballot.id}{page}").status_code == 404
    for act in ("vota", "ritira"):
        assert reader.post(f"/votazioni/{ballot.id}/{act}").status_code == 404
    for id in (MISSING, MISSING + 1, 10 ** 30):
        assert reader.get(f"/votazioni/{id}").status_code == 404


def test_whether_one_has_voted_is_told_to_nobody_else(make, browser):
    ballot, person = make.ballot(), make.person()
    vote(browser(person), ballot, ["B01"])
    assert "Hai votato" in text_of(browser(person).get(f"/votazioni/{ballot.id}"))
    for other in (None, make.person(), make.person(Role.PLATFORM_ADMIN)):
        assert "Hai votato" not in text_of(browser(other).get(f"/votazioni/{ballot.id}"))


def test_looking_at_a_ballot_makes_no_key(make, browser):
    ballot = make.ballot()
    browser(make.person()).get(f"/votazioni/{ballot.id}")
    assert not keys.exists(ballot.id)


def test_the_pages_of_a_ballot_cost_the_same_with_many_options(make, browser, queries):
    counts = []
    for size in (3, 30):
        ballot = make.ballot(options=size)
        for option in ballot.options:
            option.municipality = make.municipality()
        voter = browser(make.person())
        voter.get(f"/votazioni/{ballot.id}/vota")
        with queries() as seen:
            voter.get(f"/votazioni/{ballot.id}")
            voter.get(f"/votazioni/{ballot.id}/vota")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 24


def test_a_vote_costs_nine_statements_and_a_changed_one_no_more(make, browser, queries):
    ballot = make.ballot(options=20)
    services.open_log(ballot)
    keys.secret_for(ballot.id)
    voter, address = browser(make.person()), f"/votazioni/{ballot.id}/vota"
    for choice in ("B01", "B02"):
        sent = {"choices": [choice], "step": "cast", "csrf_token": voter.token()}
        with queries() as seen:
            assert voter.post(address, sent).status_code == 303
        assert len(seen) <= (11 if db.engine.dialect.name == "postgresql" else 9), seen  # there the person is held


def test_a_support_costs_ten_statements_and_taking_it_back_eight(make, browser, queries):
    proposal = make.proposal()
    citizen, address = browser(make.person()), f"/proposte/{proposal.id}/sostegno"
    for path, most in ((address, 10), (f"{address}/ritira", 8)):
        sent = {"csrf_token": citizen.token()}
        with queries() as seen:
            assert citizen.post(path, sent).status_code == 303
        assert len(seen) <= most, seen


def test_forty_people_vote_through_the_pages_at_once(bare_app, make, browser):
    ballot = make.ballot()
    people = [browser(make.person()) for _ in range(40)]
    tokens = [(voter, voter.token()) for voter in people]
    address = f"/votazioni/{ballot.id}/vota"
    db.session.commit()
    answers = at_once(bare_app, lambda pair: pair[0]._client.post(address, data={
        "choices": ["B01"], "step": "cast", "csrf_token": pair[1]}).status_code, tokens)
    assert answers == [303] * 40
    db.session.expire_all()
    assert papers() == [["B01"]] * 40
