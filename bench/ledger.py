"""`python -m bench.ledger [--papers 1000000] [--casts 400]`: what a vote, its log, its publication and a recount cost.

The box and the log of one ballot are filled as the demonstration fills them; what waits is moved into the log as the
job does. Then papers are cast as a page casts them, each in a transaction of its own, in turn with bare commits: one
row of the same size into a table of the same file system, by the same library, with the same promise to the disk.
"""

import argparse
import os
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, keys
from consult.core.config import Settings
from consult.core.db import db, table
from consult.factory import create_app
from consult.ledger import entries, merkle, publication, queries, sequencing
from consult.ledger.models import PendingEntry
from consult.processes import services as processes
from consult.voting import box, services
from consult.voting.models import Ballot, BallotPaper
from tests.factories import Make

OPTIONS, ROUND = 20, 20
LEAST = 0.5
"""Of the bare commits, that many votes a second at least."""
AT_ONCE = 20_000


def main() -> None:
    """Fill, cast, publish and verify; end with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="bench.ledger", description=__doc__)
    parser.add_argument("--papers", type=int, default=1_000_000)
    parser.add_argument("--casts", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-ledger-") as folder:
        here = Path(folder)
        app = create_app(Settings(instance=here, database_url=f"sqlite:///{here / 'consult.sqlite3'}",
                                  secret_key="b" * 40, demo=False))
        with app.app_context():
            flask_migrate.upgrade()
            sys.exit(0 if _run(here, options.papers, options.casts) else 1)


def _run(here: Path, papers: int, casts: int) -> bool:
    make = Make()
    ballot = make.ballot(options=OPTIONS, maximum=4)
    services.open_log(ballot)
    keys.secret_for(ballot.id)  # papers without a key would be those of a lost one
    people = [make.person() for _ in range(casts)]
    ids, id = [person.id for person in people], ballot.id
    db.session.commit()
    _say(f"{papers:,} papers put into the box", lambda: _fill(id, papers))
    _say("moved into the log", lambda: _move(id))
    kept = _cast_beside_bare(here, id, ids)
    clock.shift(db.session.get_one(Ballot, id).closes_at - clock.now() + clock.timedelta(seconds=1))
    _say("closed, and counted for good", lambda: _close(id))
    _say("published", lambda: publication.to_folder(id, here / "p"))
    size = sum(path.stat().st_size for path in (here / "p").iterdir())
    print(f"publication: {size / 1e6:,.0f} MB; database: {(here / 'consult.sqlite3').stat().st_size / 1e6:,.0f} MB")
    found = queries.opened(id)
    began = time.perf_counter()
    proof = queries.proof(id, found.size // 3, found.size)
    print(f"one proof of {len(proof)} hashes: {1000 * (time.perf_counter() - began):.0f} ms")
    db.session.remove()
    status: list[int] = []
    _say("verified", lambda: status.append(_verified(here / "p" / "verify.py")))
    return kept and status == [0]


def _verified(program: Path) -> int:
    return subprocess.run([sys.executable, program], check=False).returncode  # noqa: S603 - what was just written


def _say(what: str, act: Callable[[], object]) -> None:
    began, own, children = time.perf_counter(), time.process_time(), os.times().children_user
    act()
    used = time.process_time() - own + os.times().children_user - children
    print(f"{what}: {time.perf_counter() - began:.1f} s ({used:.1f} s of processor)", flush=True)


def _fill(ballot_id: int, papers: int) -> None:
    ballot = db.session.get_one(Ballot, ballot_id)
    rng = random.Random(7)
    codes = [option.code for option in ballot.options]
    for start in range(0, papers, AT_ONCE):
        rows = [box.sealed(ballot, tag=f"{rng.getrandbits(128):032x}", municipality_id=None,
                           marks=dict.fromkeys(rng.sample(codes, rng.randint(1, 4)), 1))
                for _ in range(min(AT_ONCE, papers - start))]
        db.session.execute(sa.insert(table(BallotPaper)), rows)
        leaves = [entries.cast(ballot_id, row["tag"], row["marks"], 1, row["nonce"]) for row in rows]
        db.session.execute(sa.insert(table(PendingEntry)), [
            {"activity_id": ballot_id, "hash": merkle.leaf(leaf), "leaf": leaf} for leaf in leaves])
        db.session.commit()
    own = table(Ballot)
    db.session.execute(sa.update(own).where(own.c.id == ballot_id).values(paper_count=papers))
    db.session.commit()


def _move(ballot_id: int) -> None:
    while sequencing.advance(ballot_id):
        db.session.commit()
    db.session.commit()


def _cast_beside_bare(here: Path, ballot_id: int, ids: list[int]) -> bool:
    """Rounds of votes and of bare commits in turn: whatever else the machine does touches both."""
    bare = sqlite3.connect(here / "bare.sqlite3", isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        bare.execute(f"PRAGMA {pragma}")
    bare.execute("CREATE TABLE row (tag TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")
    content, votes, whole, commits = b"x" * 300, [], [], []
    for start in range(0, len(ids), ROUND):
        some = ids[start:start + ROUND]
        whole.append(len(some) / _timed(lambda some=some: [_vote(ballot_id, id) for id in some]))
        votes.append(len(some) / _timed(lambda some=some: [_put(ballot_id, id) for id in some]))
        commits.append(len(some) / _timed(lambda some=some: [bare.execute(
            "INSERT INTO row VALUES (?, ?)", (os.urandom(16).hex(), content)) for _ in some]))
    bare.close()
    rates = {name: statistics.median(found) for name, found in (("vote", whole), ("put", votes), ("bare", commits))}
    print(f"bare commits: {rates['bare']:,.0f}/s; papers and entries written: {rates['put']:,.0f}/s "
          f"({rates['put'] / rates['bare']:.0%}); votes with all that a vote asks: {rates['vote']:,.0f}/s "
          f"({rates['vote'] / rates['bare']:.0%})", flush=True)
    return rates["put"] >= LEAST * rates["bare"]


def _timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def _vote(ballot_id: int, person_id: int) -> None:
    services.cast(db.session.get_one(Ballot, ballot_id), db.session.get_one(Person, person_id), {"B01": 1, "B02": 1})
    db.session.commit()


def _put(ballot_id: int, number: int) -> None:
    """The paper and its entry alone, as plain statements: what is bound to the disk."""
    tag, nonce = f"{number:032x}", entries.fresh_nonce()
    leaf = entries.cast(ballot_id, tag, {"B01": 1, "B02": 1}, 1, nonce)
    db.session.execute(sa.insert(table(BallotPaper)), [{
        "ballot_id": ballot_id, "tag": tag, "marks": {"B01": 1, "B02": 1}, "nonce": nonce,
        "entry_hash": entries.leaf_hash(leaf)}])
    db.session.execute(sa.insert(table(PendingEntry)), [
        {"activity_id": ballot_id, "hash": merkle.leaf(leaf), "leaf": leaf}])
    db.session.commit()


def _close(ballot_id: int) -> None:
    processes.announce_passages()
    db.session.commit()
    _move(ballot_id)


if __name__ == "__main__":
    main()
