"""The same rules at the desk and in boxes as on the site; nobody votes both ways, and no paper leads to anybody."""

from collections import Counter

import pytest
import sqlalchemy as sa

from consult.accounts.models import Person, Verification, VerificationMethod
from consult.audit.models import AuditEntry
from consult.core import clock, events
from consult.core.db import db
from consult.ledger.models import PendingEntry
from consult.polling import holdings, queries, services
from consult.polling.keyed import copied, spoiled
from consult.polling.models import BallotBox, BoxPaper, Spoiled
from consult.polling.services import Came
from consult.processes.models import Audience, Channel
from consult.processes.services import ActivityClosed
from consult.verification import codes, identifiers, presence
from consult.voting import caveats
from consult.voting import services as votes
from consult.voting.holding import RefusedError
from consult.voting.models import Ballot, BallotCaveat, BallotPaper
from consult.voting.reserving import Reservation
from tests.factories import DAY
from tests.recount import drift
from tests.verification.conftest import BORN, code_of
from tests.voting.together import at_once, counted

ONE, TWO, THREE = ({code: place for place, code in enumerate(order, 1)} for order in (
    ("B01", "B02", "B03"), ("B02", "B01"), ("B03",)))


def papers():
    return db.session.scalars(sa.select(BallotPaper).execution_options(populate_existing=True)).all()


def ticked():
    return db.session.scalar(sa.select(sa.func.count()).select_from(Reservation))


def account(make, number):
    """The account of a resident, verified with the same tax code."""
    person = make.person()
    person.verifications.append(Verification(
        method=VerificationMethod.DESK, identifier_hash=identifiers.of_tax_code(code_of(number)),
        municipality_id=person.municipality_id))
    db.session.flush()
    return person


# the desk
def test_at_the_desk_the_rules_are_those_of_the_site(ballot, clerks, resident, make):
    services.take(ballot, resident(1), ONE, clerks[0])
    (paper,) = papers()
    assert (paper.marks, paper.channel, paper.municipality_id) == (ONE, Channel.DESK, make.town().id)
    with pytest.raises(RefusedError):
        services.take(ballot, resident(2), {}, clerks[0])
    with pytest.raises(RefusedError):
        services.take(ballot, resident(2), {"B01": 9}, clerks[0])
    ballot.maximum_age = 30
    with pytest.raises(RefusedError):
        services.take(ballot, resident(2), ONE, clerks[0])
    ballot.maximum_age = None
    assert len(papers()) == 1
    with pytest.raises(RefusedError):
        services.take(ballot, clerks[0], ONE, clerks[0])
    entry = db.session.scalars(sa.select(AuditEntry).where(AuditEntry.event == "DeskPaperTaken")).one()
    assert (entry.actor_id, entry.facts) == (clerks[0].id, {"ballot_id": ballot.id})


def test_whichever_way_it_comes_the_last_paper_counts(ballot, clerks, resident, make):
    person = account(make, 1)
    votes.cast(ballot, person, ONE)
    services.take(ballot, resident(1), TWO, clerks[0])
    assert [(paper.marks, paper.channel, paper.sequence) for paper in papers()] == [(TWO, Channel.DESK, 2)]
    votes.cast(ballot, person, THREE)
    assert [(paper.marks, paper.channel) for paper in papers()] == [(THREE, Channel.ONLINE)]
    assert drift() == []


def test_people_are_known_by_register_account_or_code(make, resident):
    assert resident(1).residence_id == make.town().id
    person = make.person()
    assert presence.with_account(f" {person.email.upper()} ") == person
    for unknown in (lambda: presence.in_register(code_of(77), BORN), lambda: presence.with_account("x@example.org"),
                    lambda: presence.with_code("ABCD-EFGH-JKMN")):
        with pytest.raises(presence.AbsentError):
            unknown()


# boxes
def test_who_is_ticked_votes_nowhere_else_and_who_has_voted_gets_no_paper(ballot, box, clerks, resident, make):
    person = account(make, 1)
    services.tick(box, resident(1), clerks[0])
    for act in (lambda: votes.cast(ballot, person, ONE), lambda: services.take(ballot, resident(1), ONE, clerks[0]),
                lambda: services.tick(box, person, clerks[0])):
        with pytest.raises(RefusedError):
            act()
    votes.cast(ballot, account(make, 2), ONE)
    with pytest.raises(RefusedError):
        services.tick(box, resident(2), clerks[0])
    assert (ticked(), box.ticked, len(papers())) == (1, 1, 1)
    services.take_tick_back(box, person, clerks[0])
    with pytest.raises(RefusedError):
        services.take_tick_back(box, person, clerks[0])
    votes.cast(ballot, person, ONE)
    assert (ticked(), box.ticked, len(papers())) == (0, 0, 2)


def test_a_tick_is_found_by_its_person_and_goes_when_the_ballot_closes(ballot, box, clerks, resident, make):
    person = account(make, 1)
    services.tick(box, resident(1), clerks[0])
    assert holdings.ticked(person) == [{"ballot": ballot.title}]
    assert holdings.ticked(make.person()) == []
    ballot.closes_at = clock.now()
    db.session.flush()
    events.record(ActivityClosed(actor_id=None, activity_id=ballot.id))
    assert (ticked(), box.ticked) == (0, 1)


def test_who_is_ticked_and_verified_later_keeps_no_other_paper(ballot, box, clerks, resident, make):
    person = make.person()
    votes.cast(ballot, person, ONE)
    services.tick(box, resident(1), clerks[0])
    person.verifications.append(Verification(
        method=VerificationMethod.DESK, identifier_hash=identifiers.of_tax_code(code_of(1)),
        municipality_id=person.municipality_id))
    db.session.flush()
    votes.keep_one_paper(ballot, person)
    assert papers() == []


def test_of_a_tick_and_votes_at_the_same_instant_one_holds(bare_app, ballot, box, clerks, resident, make):
    people = [account(make, number).id for number in range(6)]
    ballot_id, box_id, clerk_id = ballot.id, box.id, clerks[0].id
    resident(1)
    db.session.commit()

    def act(job):
        way, number = job
        ballot, clerk = db.session.get_one(Ballot, ballot_id), db.session.get_one(Person, clerk_id)
        try:
            if way == "tick":
                services.tick(queries.box(box_id), presence.in_register(code_of(number), BORN), clerk)
            elif way == "desk":
                services.take(ballot, presence.in_register(code_of(number), BORN), TWO, clerk)
            else:
                votes.cast(ballot, db.session.get_one(Person, people[number]), ONE)
        except RefusedError:
            db.session.rollback()
            return None
        return number, way == "tick"

    held = set(at_once(bare_app, act, [(way, number) for number in range(6) for way in ("online", "tick", "desk")]))
    db.session.expire_all()
    held.discard(None)
    assert Counter(number for number, _tick in held) == dict.fromkeys(range(6), 1)  # a paper or a tick, never both
    assert (ticked(), db.session.get_one(BallotBox, box_id).ticked) == (sum(tick for _n, tick in held),) * 2
    assert len(papers()) == 6 - ticked() == db.session.get_one(Ballot, ballot_id).paper_count


def marks(said):
    return {"marks": said}


def test_two_people_key_each_paper_and_agree(box, clerks):
    one, other = clerks
    assert services.key(box, 1, one, marks(ONE)) is Came.FIRST
    with pytest.raises(RefusedError):
        services.key(box, 1, one, marks(ONE))
    assert services.key(box, 1, other, marks(ONE)) is Came.AGREED
    services.key(box, 2, one, marks(ONE))
    assert services.key(box, 2, other, marks(TWO)) is Came.DIFFERENT
    services.key(box, 3, one, spoiled(Spoiled.UNCLEAR))
    assert services.key(box, 3, other, marks(TWO)) is Came.DIFFERENT
    assert queries.waiting(box) == ([], [2, 3])
    services.settle(queries.paper(box.id, 2), one, second=True)
    services.drop(queries.paper(box.id, 3), one)
    assert [(paper.number, paper.first, paper.agreed) for paper in queries.papers(box)] == [
        (1, marks(ONE), True), (2, marks(TWO), True)]
    with pytest.raises(RefusedError):
        services.key(box, 4, one, marks({"B01": 7}))
    assert papers() == []


def filled(box, clerks, *said, number=1):
    for at, each in enumerate(said, number):
        for clerk in clerks:
            services.key(box, at, clerk, each)


def test_a_closed_box_counts_with_its_spoiled_papers_and_nothing_leads_to_a_paper(ballot, box, clerks, make):
    filled(box, clerks, marks(ONE), marks(ONE), marks(THREE), spoiled(Spoiled.MARKED))
    services.close(box, clerks[0], taken_out=4, note="Nessuna spunta: prova.")
    assert Counter(str(paper.marks) for paper in papers()) == {str(ONE): 2, str(THREE): 1}
    assert {(paper.channel, paper.municipality_id) for paper in papers()} == {(Channel.PAPER, make.town().id)}
    assert (box.taken_out, box.counted, box.spoiled, box.not_counted) == (4, 3, {"marked": 1}, 1)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BoxPaper)) == 0
    assert db.session.scalar(sa.select(sa.func.count()).select_from(PendingEntry)) == 3
    assert (counted("paper"), drift()) == ({make.town().id: 3}, [])
    for act in (lambda: services.close(box, clerks[0], taken_out=4, note="x"),
                lambda: services.key(box, 9, clerks[0], marks(ONE)),
                lambda: services.tick(box, make.person(), clerks[0])):
        with pytest.raises(RefusedError):
            act()


def test_reservations_on_paper_are_published_as_those_of_the_site(make, clerks):
    ballot = make.ballot(method="consent", minimum=0, maximum=3)
    box = services.open_box(ballot, clerks[0], number=1, municipality=make.town(), place="Scuola", twice=True)
    one, other = clerks
    said = {"B01": "Solo se,  il parco resta."}
    services.key(box, 1, one, copied({"B01": 2, "B02": 1}, said))
    assert services.key(box, 1, other, copied({"B01": 2, "B02": 1}, {"B01": "solo se il parco resta"})) is Came.AGREED
    services.key(box, 2, one, copied({"B01": 2}, {"B01": "Mai d’estate"}))
    assert services.key(box, 2, other, copied({"B01": 2}, {})) is Came.DIFFERENT
    services.settle(queries.paper(box.id, 2), one, second=True)
    services.close(box, one, taken_out=2, note="Prova.")
    assert caveats.published(ballot) == {}
    kept = db.session.scalars(sa.select(BallotCaveat)).all()
    assert [(each.code, each.text) for each in kept] == [("B01", "Solo se, il parco resta.")]
    assert not {each.tag for each in kept} & {paper.tag for paper in papers()}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(BoxPaper)) == 0
    clock.shift(6 * DAY)
    assert [each.text for each in caveats.published(ballot)["B01"]] == ["Solo se, il parco resta."]


def test_a_box_does_not_close_while_something_is_missing(box, clerks, make):
    services.tick(box, make.person(), clerks[0])
    services.key(box, 1, clerks[0], marks(ONE))
    for taken_out, note in ((1, ""), (2, "Due")):
        with pytest.raises(RefusedError):
            services.close(box, clerks[0], taken_out=taken_out, note=note)
    services.key(box, 1, clerks[1], marks(ONE))
    filled(box, clerks, marks(TWO), number=2)
    with pytest.raises(RefusedError, match="1"):
        services.close(box, clerks[0], taken_out=2, note="")
    services.close(box, clerks[0], taken_out=2, note="Una persona non è stata spuntata.")
    assert len(papers()) == 2


def test_two_who_close_a_box_at_once_count_it_once(bare_app, box, clerks):
    filled(box, clerks, marks(ONE), marks(TWO))
    box_id, ids = box.id, [clerk.id for clerk in clerks]
    db.session.commit()

    def close(clerk_id):
        try:
            services.close(queries.box(box_id), db.session.get_one(Person, clerk_id), taken_out=2, note="Prova")
        except RefusedError:
            db.session.rollback()
            return False
        return True

    assert sorted(at_once(bare_app, close, ids)) == [False, True]
    db.session.expire_all()
    assert len(papers()) == 2


# codes
def test_a_code_for_the_ballot_votes_once_and_only_there(ballot, make):
    ballot.audience = Audience.SIGNED_IN
    other = make.ballot(codes_allowed=True)
    (code,) = codes.make(make.town(), number=1, purpose=codes.CodePurpose.ASSEMBLY, expires_at=ballot.closes_at,
                         process_id=ballot.process_id, activity_id=ballot.id, actor=None)
    clerk = make.person()
    services.demand_voter(ballot, presence.with_code(code), clerk)
    with pytest.raises(RefusedError):
        services.demand_voter(other, presence.with_code(code), clerk)
    for said in (ONE, TWO):
        votes.cast(ballot, presence.with_code(code), said, channel=Channel.ASSEMBLY)
    assert [paper.marks for paper in papers()] == [TWO]
    told = queries.turnout(ballot)
    assert (told.codes_given, told.codes_used) == (1, 1)
