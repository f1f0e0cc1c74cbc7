"""The pages of merging and splitting: the plan office without JavaScript, the originals, the question to supporters."""

import pytest
import sqlalchemy as sa

from consult.accounts.models import Role
from consult.contributions.models import State
from consult.core.db import db
from consult.lineage import queries
from consult.proposals.models import Proposal
from consult.voting import carrying
from consult.voting import services as voting
from tests.browser import text_of
from tests.lineage.test_merging import REASON, derivation_of, merged, supported

BODY = "Una panchina all'ombra davanti a ogni scuola dell'Unione, per chi aspetta."


def page(proposal):
    return f"/proposte/{proposal.id}-{proposal.slug}"


def test_the_office_merges_by_ticking_and_writing(browser, make):
    one, two, office = make.proposal(title="Panchine"), make.proposal(title="Sedute"), make.person(Role.PLAN_OFFICE)
    path = f"/raccolte/{one.activity_id}/unisci?codice={one.code}&q=sedute"
    assert two.code in text_of(browser(office).get(path))
    path = f"/raccolte/{one.activity_id}/unisci?codice={one.code}&codice={two.code}"
    done = browser(office).submit(path, {"title": "Panchine e sedute", "body": BODY, "reason": REASON})
    assert done.status_code == 303
    new = db.session.scalars(sa.select(Proposal).where(Proposal.derived)).one()
    text = text_of(browser().get(page(new)))
    assert all(said in text for said in (REASON, "Panchine", one.code, two.code))
    text = text_of(browser().get(page(one)))
    assert all(said in text for said in (REASON, new.code))


def test_the_new_text_begins_with_those_of_the_originals(browser, make):
    one, two = make.proposal(body="Il primo testo."), make.proposal(body="Il secondo testo.")
    path = f"/raccolte/{one.activity_id}/unisci?codice={one.code}&codice={two.code}"
    fields = browser(make.person(Role.PLAN_OFFICE)).form(path)["fields"]
    assert fields["body"].split() == ["Il", "primo", "testo.", "Il", "secondo", "testo."]


def test_what_is_missing_is_said_and_what_was_typed_stays(browser, make):
    one, two = make.proposal(), make.proposal()
    path = f"/raccolte/{one.activity_id}/unisci?codice={one.code}&codice={two.code}"
    answer = browser(make.person(Role.PLAN_OFFICE)).submit(path, {"title": "Insieme", "body": BODY, "reason": "Boh"})
    assert answer.status_code == 200
    assert BODY in answer.get_data(as_text=True).replace("&#39;", "'")
    assert not db.session.scalar(sa.select(Proposal.id).where(Proposal.derived))


def test_the_office_splits_and_the_parts_beyond_two_may_stay_empty(browser, make):
    one = make.proposal()
    done = browser(make.person(Role.PLAN_OFFICE)).submit(f"/proposte/{one.id}/dividi", {
        "reason": REASON, "title_1": "Panchine", "body_1": BODY, "title_2": "Alberi", "body_2": BODY,
        "title_4": "Fontane", "body_4": BODY})
    assert done.status_code == 303
    assert [made.title for made in queries.family(db.session.get(Proposal, one.id)).successors] == [
        "Panchine", "Alberi", "Fontane"]


def test_a_part_with_a_title_alone_is_refused(browser, make):
    one = make.proposal()
    answer = browser(make.person(Role.PLAN_OFFICE)).submit(f"/proposte/{one.id}/dividi", {
        "reason": REASON, "title_1": "Panchine", "body_1": BODY, "title_2": "Alberi", "body_2": BODY,
        "title_3": "Fontane"})
    assert answer.status_code == 200
    assert not db.session.get(Proposal, one.id).replaced


def test_a_supporter_is_asked_and_answers_and_everyone_sees_both_counts(browser, make):
    one, two = make.proposal(), make.proposal()
    person = supported(make, one, 3)[0]
    new = merged(make, one, two)
    voting.support(new, make.person())
    reader = browser(person)
    assert "carry" in reader.get(page(new)).get_data(as_text=True)
    assert reader.post(f"/proposte/{new.id}/sostegno/porta", {"answer": "yes"}).status_code == 303
    db.session.refresh(new)
    assert (new.support_count, new.carried_count) == (2, 1)
    html = browser().get(page(new)).get_data(as_text=True)
    assert "carried" not in html.partition("support-origin")[0]
    assert "sostegno/porta" not in html
    assert "sostegno/porta" not in reader.get(page(new)).get_data(as_text=True)


def test_a_no_is_kept_and_the_question_stays_open(browser, make):
    one, two = make.proposal(), make.proposal()
    person = supported(make, one)[0]
    new = merged(make, one, two)
    reader = browser(person)
    reader.post(f"/proposte/{new.id}/sostegno/porta", {"answer": "no"})
    assert not carrying.consent_of(new, person).carries
    assert "sostegno/porta" in reader.get(page(new)).get_data(as_text=True)


@pytest.mark.parametrize("answer", ["", "maybe", "\0", "yes" * 9000])
def test_other_answers_are_refused(browser, make, answer):
    one, two = make.proposal(), make.proposal()
    person = supported(make, one)[0]
    new = merged(make, one, two)
    assert browser(person).post(f"/proposte/{new.id}/sostegno/porta", {"answer": answer}).status_code == 400


@pytest.mark.parametrize(("who", "status"), [("visitor", 303), ("someone", 403), ("steering", 403)])
def test_only_the_plan_office_merges(browser, make, who, status):
    one = make.proposal()
    people = {"visitor": None, "someone": make.person(), "steering": make.person(Role.STEERING)}
    for path in (f"/raccolte/{one.activity_id}/unisci", f"/proposte/{one.id}/dividi"):
        assert browser(people[who]).get(path).status_code == status


@pytest.mark.parametrize("codes", ["ROV-P-9999", "a,b,c", "x" * 5000, "ROV-P-0001&codice=ROV-P-0001"])
def test_codes_that_are_none_are_passed_over(browser, make, codes):
    call = make.call()
    assert browser(make.person(Role.PLAN_OFFICE)).get(f"/raccolte/{call.id}/unisci?codice={codes}").status_code == 200


def test_undoing_from_the_page(browser, make):
    one, two, office = make.proposal(), make.proposal(), make.person(Role.PLAN_OFFICE)
    new = merged(make, one, two, office=office)
    id = derivation_of(new).id
    assert f"/derivazioni/{id}/annulla" in browser(office).get(page(new)).get_data(as_text=True)
    assert browser(office).post(f"/derivazioni/{id}/annulla").status_code == 303
    assert db.session.get(Proposal, new.id).state is State.WITHDRAWN
    assert browser(office).post(f"/derivazioni/{id}/annulla").status_code == 404


def test_a_hidden_original_is_named_by_its_code_alone(browser, make):
    one, two = make.proposal(title="Segretissima"), make.proposal()
    new = merged(make, one, two)
    one.state = State.HIDDEN
    db.session.flush()
    text = text_of(browser().get(page(new)))
    assert "Segretissima" not in text
    assert one.code in text


def test_a_large_family_costs_no_more_queries(browser, make, queries):
    small = merged(make, make.proposal(), make.proposal())
    large = merged(make, *(make.proposal() for _ in range(12)))
    visitor, counted = browser(), {}
    for new in (small, large):
        visitor.get(page(new))
        with queries() as seen:
            visitor.get(page(new))
        counted[new.id] = len(seen)
    assert counted[small.id] == counted[large.id]
