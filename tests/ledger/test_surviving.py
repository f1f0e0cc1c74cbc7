"""What many do at once and what is cut off in the middle: every acknowledged vote counts once, in box and log alike."""

import threading
import time

import sqlalchemy as sa

from consult.core.db import db
from consult.ledger import publication, queries
from consult.voting import queries as voting
from consult.voting import services
from consult.voting.models import Ballot, BallotPaper
from tests.ledger.conftest import over, verified
from tests.ledger.server import Server, crowd, voter
from tests.voting.together import at_once

KILLS = 6
CODES = ("B01", "B02", "B03")


def counted_alike(ballot_id, folder):
    """How many papers there are; box, public count, log and the recount of a stranger say the same."""
    over(db.session.get_one(Ballot, ballot_id))
    ballot = db.session.get_one(Ballot, ballot_id)
    box = {row.tag: dict(row.marks) for row in db.session.execute(
        sa.select(BallotPaper.tag, BallotPaper.marks).where(BallotPaper.ballot_id == ballot_id))}
    publication.to_folder(ballot_id, folder)
    assert verified(folder)[0] == 0, verified(folder)[1]
    kept = publication.Box(queries.leaves(ballot_id))
    logged = publication.result(services.rules(ballot), kept)
    added = {code: sum(marks.get(code, 0) for marks in box.values()) for code in CODES}
    assert logged["added"] == added
    assert logged["valid"] == len(box) == ballot.paper_count == sum(paper.times for paper in voting.papers(ballot))
    return len(box)


def test_a_server_killed_six_times_loses_no_vote(app, make, browser, settings, tmp_path):
    ballot = make.ballot(options=3, maximum=1)
    people = [make.person() for _ in range(24)]
    ballot_id, ids = ballot.id, [person.id for person in people]
    voters = [voter(browser, person) for person in people]
    db.session.commit()
    statuses = set()
    for _kill in range(KILLS):
        server, cut = Server(settings), threading.Event()
        threads, seen = crowd(server.port, ballot_id, [voters[at::6] for at in range(6)], CODES, cut)
        until = time.monotonic() + 6
        before = sum(one.votes for one in voters)
        while sum(one.votes for one in voters) < before + 25 and time.monotonic() < until:
            time.sleep(0.01)
        server.kill()
        cut.set()
        for thread in threads:
            thread.join()
        statuses |= seen
    assert statuses == {303}
    assert sum(one.votes for one in voters) >= KILLS * 20
    db.session.expire_all()
    ballot = db.session.get_one(Ballot, ballot_id)
    for id, one in zip(ids, voters, strict=True):
        paper = voting.paper_of(ballot, db.session.get_one(type(people[0]), id))
        cast = next(iter(paper.marks)) if paper else None
        assert cast in one.may_have_cast(), (cast, one)
    if db.engine.dialect.name == "sqlite":
        assert db.session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
    assert counted_alike(ballot_id, tmp_path / "p") >= 20


def test_a_hundred_papers_of_one_person_at_the_same_instant(app, make, tmp_path):
    ballot, person = make.ballot(options=3, maximum=1), make.person()
    ballot_id, person_id, kind = ballot.id, person.id, type(person)
    db.session.commit()

    def cast(number):
        services.cast(db.session.get_one(Ballot, ballot_id), db.session.get_one(kind, person_id),
                      {CODES[number % 3]: 1})

    at_once(app, cast, list(range(100)))
    assert counted_alike(ballot_id, tmp_path / "p") == 1
    sequences = [entry for leaf in queries.leaves(ballot_id) if (entry := leaf.decode()) and '"t":"cast"' in entry]
    assert len(sequences) == 100


def test_two_hundred_people_at_the_same_instant(app, make, tmp_path):
    ballot = make.ballot(options=3, maximum=1)
    ids, kind = [make.person().id for _ in range(200)], type(make.person())
    ballot_id = ballot.id
    db.session.commit()

    def cast(id):
        services.cast(db.session.get_one(Ballot, ballot_id), db.session.get_one(kind, id), {CODES[id % 3]: 1})

    at_once(app, cast, ids)
    assert counted_alike(ballot_id, tmp_path / "p") == 200
