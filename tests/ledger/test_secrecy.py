"""A secret ballot: batches that are shuffled, a key that goes, and nothing of a person anywhere."""

import json
from pathlib import Path

import sqlalchemy as sa

from consult.core import keys
from consult.core.db import db
from consult.ledger import entries, publication, queries, sequencing, services, voiding
from consult.ledger.models import Stage
from consult.voting import services as voting
from consult.voting.models import BallotPaper, Secrecy
from tests.dump import dump
from tests.ledger.conftest import moved, over, verified


def test_entries_of_a_secret_ballot_enter_fifty_at_a_time_in_the_order_of_their_hashes(make):
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    voting.open_log(ballot)
    cast = []

    def more(count):
        for _ in range(count):
            leaf = entries.cast(ballot.id, f"{len(cast):032x}", {"B01": 1}, 1, entries.fresh_nonce())
            services.cast(ballot.id, leaf)
            cast.append(entries.leaf_hash(leaf))
        moved()
        return queries.opened(ballot.id).size

    assert [more(99), more(1), more(30), more(20), more(7)] == [1, 51, 51, 101, 101]
    over(ballot)
    assert queries.opened(ballot.id).size == 159
    hashes = [hashed.hex() for hashed in queries.hashes(ballot.id, 1, 158)]
    assert sorted(hashes) == sorted(cast)
    for low, high in ((0, 50), (50, 100), (100, 157)):
        assert hashes[low:high] == sorted(hashes[low:high])


def test_neither_database_nor_its_log_of_writing_holds_the_person(make, app):
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    people = [make.person(verified=True) for _ in range(3)]
    db.session.commit()
    before = dump()
    tags = [voting.cast(ballot, person, {"B01": 1}).tag for person in people]
    identities = [identity for person in people for identity in person.identities]
    db.session.commit()
    written = set(dump().splitlines()) - set(before.splitlines())
    assert sum(tags[0] in line for line in written) >= 1
    for identity in identities:
        assert not any(identity in line for line in written)
    if db.engine.dialect.name == "sqlite":
        file = Path(str(db.engine.url.database))
        content = b"".join(path.read_bytes() for path in file.parent.glob(f"{file.name}*"))
        assert tags[0].encode() in content
        assert not any(f"{ballot.id}:{identity}".encode() in content for identity in identities)
    over(ballot)
    assert not keys.exists(ballot.id)
    assert voting.queries.paper_of(ballot, people[0]) is None


def test_papers_do_not_lie_in_the_order_in_which_they_were_cast(make):
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    for _ in range(12):
        voting.cast(ballot, make.person(), {"B01": 1})
    over(ballot)
    lying = db.session.scalars(sa.text("SELECT tag FROM ballot_paper")).all()
    assert list(lying) == sorted(lying)
    assert len(lying) == 12


def test_the_published_order_of_a_secret_ballot_is_that_of_hashes(make, tmp_path):
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    for _ in range(30):
        voting.cast(ballot, make.person(), {"B01": 1})
    over(ballot)
    publication.to_folder(ballot.id, tmp_path / "p")
    assert verified(tmp_path / "p")[0] == 0
    leaves = (tmp_path / "p" / "entries.jsonl").read_bytes().splitlines()[1:-1]
    hashes = [entries.leaf_hash(leaf) for leaf in leaves]
    assert hashes == sorted(hashes)
    consultation = json.loads((tmp_path / "p" / "consultation.json").read_text())
    assert consultation["secrecy"] == "secret"


def test_after_a_secret_ballot_nothing_is_declared_void(make):
    ballot = make.ballot(secrecy=Secrecy.SECRET)
    tag = voting.cast(ballot, make.person(), {"B01": 1}).tag
    over(ballot)
    found = queries.opened(ballot.id)
    assert (found.stage, bool(voiding.refusal(found))) == (Stage.CLOSED, True)
    assert db.session.get(BallotPaper, (ballot.id, tag)) is not None
    assert sequencing.BATCH == 50
