"""One person, one paper, the last one counts; nothing written says whose it is."""

import hashlib
import json
from datetime import timedelta

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Verification, VerificationMethod
from consult.audit.models import AuditEntry
from consult.core import clock, keys
from consult.core.db import db
from consult.core.policy import can
from consult.ledger import entries
from consult.processes import services as processes
from consult.processes.models import Audience, PhaseParticipant
from consult.voting import queries, services
from consult.voting.models import Ballot, BallotPaper, Electorate, Secrecy
from tests.voting.together import at_once, counted

IDENTIFIER = "ab" * 32


def box(ballot):
    return db.session.scalars(sa.select(BallotPaper).where(BallotPaper.ballot_id == ballot.id)).all()


def verify(person, identifier=IDENTIFIER):
    person.verifications.append(Verification(method=VerificationMethod.DESK, identifier_hash=identifier,
                                             municipality_id=person.municipality_id))
    db.session.flush()


def test_a_paper_lies_under_a_tag_and_is_counted(make):
    ballot, person = make.ballot(), make.person()
    kept = services.cast(ballot, person, {"B02": 1, "B01": 1})
    (paper,) = box(ballot)
    assert (paper.tag, paper.entry_hash) == (kept.tag, kept.entry_hash)
    assert (list(paper.marks), paper.sequence, paper.municipality_id) == (["B01", "B02"], 1, person.municipality_id)
    assert paper.tag == keys.tag(ballot.id, f"person:{person.id}")
    db.session.refresh(ballot)
    assert ballot.paper_count == 1
    assert counted("paper") == {person.municipality_id: 1}


def test_the_last_paper_counts(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B01": 1})
    services.cast(ballot, person, {"B03": 1})
    db.session.expire_all()
    (paper,) = box(ballot)
    assert (list(paper.marks), paper.sequence, ballot.paper_count) == (["B03"], 2, 1)
    assert counted("paper") == {person.municipality_id: 1}


def test_a_paper_can_be_taken_back_and_cast_again(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B01": 1})
    assert services.withdraw(ballot, person)
    assert not services.withdraw(ballot, person)
    assert (box(ballot), counted("paper")) == ([], {})
    services.cast(ballot, person, {"B02": 1})
    db.session.refresh(ballot)
    assert (len(box(ballot)), ballot.paper_count) == (1, 1)


def test_who_moved_votes_where_they_now_live(make):
    ballot, person, elsewhere = make.ballot(), make.person(), make.municipality()
    services.cast(ballot, person, {"B01": 1})
    person.municipality = elsewhere
    db.session.flush()
    services.cast(ballot, person, {"B01": 1})
    assert counted("paper") == {elsewhere.id: 1}


@pytest.mark.parametrize(("choices", "said"), [
    ([], "almeno"), (["B01", "B02", "B03"], "3"), (["B09"], "."), (["B01; DROP TABLE"], "."),
])
def test_a_paper_against_the_rules_is_refused_with_a_sentence(make, choices, said):
    ballot, person = make.ballot(), make.person()
    with pytest.raises(services.RefusedError) as refusal:
        services.cast(ballot, person, dict.fromkeys(choices, 1))
    assert said in str(refusal.value.reason)
    assert box(ballot) == []


def test_an_option_of_another_ballot_is_refused(make):
    ballot, other, person = make.ballot(options=2), make.ballot(options=4), make.person()
    services.cast(other, person, {"B04": 1})
    with pytest.raises(services.RefusedError):
        services.cast(ballot, person, {"B04": 1})


def test_a_paper_that_costs_too_much_is_told_by_how_much(make):
    ballot = make.ballot(method="greedy", budget=100_000, maximum=3)
    for option, cost in zip(ballot.options, (60_000, 30_000, 45_500), strict=True):
        option.cost = cost
    db.session.flush()
    with pytest.raises(services.RefusedError) as refusal:
        services.cast(ballot, make.person(), {"B01": 1, "B03": 1})
    assert "5.500" in str(refusal.value.reason)
    services.cast(ballot, make.person(), {"B01": 1, "B02": 1})
    assert len(box(ballot)) == 1


def test_nobody_votes_after_closing_nor_changes_nor_takes_back(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B01": 1})
    with clock.at(ballot.closes_at):
        with pytest.raises(services.RefusedError):
            services.cast(ballot, person, {"B02": 1})
        with pytest.raises(services.RefusedError):
            services.withdraw(ballot, person)
    assert [list(paper.marks) for paper in box(ballot)] == [["B01"]]


def test_closing_earlier_is_seen_by_a_vote_that_holds_the_old_time(make):
    ballot, person = make.ballot(), make.person()
    assert ballot.takes()
    db.session.execute(sa.text("UPDATE activity SET closes_at = :now WHERE id = :id").bindparams(
        sa.bindparam("now", clock.now() - timedelta(seconds=1), type_=Ballot.closes_at.type), id=ballot.id))
    with pytest.raises(services.RefusedError):
        services.cast(ballot, person, {"B01": 1})


def test_a_new_account_of_the_same_verified_person_gives_no_second_paper(make):
    ballot, first = make.ballot(), make.person()
    verify(first)
    services.cast(ballot, first, {"B01": 1})
    db.session.delete(first.verifications[0])
    first.closed_at = clock.now()
    db.session.flush()
    again = make.person()
    verify(again)
    services.cast(ballot, again, {"B02": 1})
    assert [list(paper.marks) for paper in box(ballot)] == [["B02"]]
    db.session.refresh(ballot)
    assert ballot.paper_count == 1


def test_whoever_voted_before_being_verified_is_not_counted_again(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B01": 1})
    verify(person)
    assert queries.has_voted(ballot, person)
    services.cast(ballot, person, {"B02": 1})
    (paper,) = box(ballot)
    assert (list(paper.marks), paper.sequence) == (["B02"], 2)
    assert paper.tag == keys.tag(ballot.id, f"identifier:{IDENTIFIER}")
    assert counted("paper") == {person.municipality_id: 1}


def test_forty_voters_at_once_are_forty_papers(bare_app, make):
    ballot, people = make.ballot(), [make.person() for _ in range(40)]
    id, ids = ballot.id, [person.id for person in people]
    db.session.commit()
    at_once(bare_app, lambda person: services.cast(
        db.session.get_one(Ballot, id), db.session.get_one(Person, person), {"B01": 1}) and None, ids)
    db.session.expire_all()
    assert (len(box(ballot)), ballot.paper_count, sum(counted("paper").values())) == (40, 40, 40)


def test_one_voter_many_times_at_once_is_one_paper(bare_app, make):
    ballot, person = make.ballot(), make.person()
    id, who = ballot.id, person.id
    db.session.commit()

    def vote(number):
        ballot, person = db.session.get_one(Ballot, id), db.session.get_one(Person, who)
        if number % 5 == 4:
            services.withdraw(ballot, person)
        else:
            services.cast(ballot, person, {f"B0{number % 3 + 1}": 1})

    at_once(bare_app, vote, range(40))
    db.session.expire_all()
    assert len(box(ballot)) == ballot.paper_count == sum(counted("paper").values())
    assert len(box(ballot)) <= 1


def test_nothing_in_the_database_tells_whose_a_paper_is(make):
    ballot, person = make.ballot(), make.person(email="cercami@example.org")
    verify(person)
    services.cast(ballot, person, {"B02": 1})
    services.cast(ballot, person, {"B03": 1})
    services.withdraw(ballot, person)
    services.cast(ballot, person, {"B01": 1})
    (paper,) = box(ballot)
    row = json.dumps([str(value) for value in db.session.execute(
        sa.select(BallotPaper.__table__).where(BallotPaper.tag == paper.tag)).one()])
    for trace in ("cercami", person.display_name, IDENTIFIER, "person:", str(clock.now().year)):
        assert trace not in row
    entries = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event.startswith("Ballot"))).all()
    assert [entry.event for entry in entries] == ["BallotCast", "BallotCast", "BallotWithdrawn", "BallotCast"]
    assert all(entry.actor_id is None and entry.facts == {"ballot_id": ballot.id} for entry in entries)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PhaseParticipant)) == 0


def test_a_receipt_commits_to_the_paper_without_telling_it(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B02": 1})
    (paper,) = box(ballot)
    entry = entries.cast(ballot.id, paper.tag, {"B02": 1}, 1, paper.nonce)
    assert hashlib.sha256(b"\0" + entry).hexdigest() == paper.entry_hash
    assert len(paper.nonce) == 22
    before = paper.entry_hash
    assert services.cast(ballot, person, {"B02": 1}).entry_hash != before


def test_without_its_key_a_ballot_takes_no_more_votes_and_tells_nobody_who_voted(make):
    ballot, person = make.ballot(), make.person()
    services.cast(ballot, person, {"B02": 1})
    keys.destroy(ballot.id)
    assert not queries.has_voted(ballot, person)
    assert queries.paper_of(ballot, person) is None
    with pytest.raises(services.RefusedError):
        services.cast(ballot, person, {"B01": 1})
    assert len(box(ballot)) == 1


@pytest.mark.parametrize(("secrecy", "kept"), [(Secrecy.PSEUDONYMOUS, True), (Secrecy.SECRET, False)])
def test_the_key_of_a_secret_ballot_is_destroyed_when_it_closes(make, secrecy, kept):
    ballot = make.ballot(secrecy=secrecy)
    services.cast(ballot, make.person(), {"B02": 1})
    with clock.at(ballot.closes_at):
        processes.announce_passages()
    assert keys.exists(ballot.id) is kept


def test_what_was_chosen_is_nobody_s_to_see_before_closing(make):
    ballot = make.ballot()
    services.cast(ballot, make.person(), {"B02": 1})
    with pytest.raises(queries.StillOpenError):
        queries.papers(ballot)
    with clock.at(ballot.closes_at):
        assert [paper.marks for paper in queries.papers(ballot)] == [{"B02": 1}]


@pytest.mark.parametrize(("who", "values", "granted"), [
    ("someone", {}, True),
    ("visitor", {}, False),
    ("visitor", {"audience": Audience.ANYONE}, False),
    ("someone", {"when": "closed"}, False),
    ("someone", {"when": "coming"}, False),
    ("someone", {"published": False}, False),
    ("someone", {"audience": Audience.VERIFIED}, False),
    ("resident", {"audience": Audience.VERIFIED}, True),
])
def test_who_may_vote(make, visitor, who, values, granted):
    people = {"someone": make.person(), "resident": make.person(verified=True), "visitor": visitor}
    verdict = can(people[who], "ballot.cast", make.ballot(**values))
    assert bool(verdict) is granted
    assert granted or str(verdict.reason)


def test_where_only_some_municipalities_vote_the_others_are_told_which(make):
    ballot, borgo = make.ballot(), make.municipality("Borgo")
    db.session.add(Electorate(ballot_id=ballot.id, municipality_id=borgo.id, eligible=300))
    db.session.flush()
    verdict = can(make.person(), "ballot.cast", ballot)
    assert not verdict
    assert "Borgo" in str(verdict.reason)
    assert can(make.person(municipality=borgo), "ballot.cast", ballot)
