"""`python -m bench.ledger [--papers 1000000] [--casts 400]`: what a vote, its log, its publication and a recount cost.

The box and the log of one ballot are filled as the demonstration fills them; what waits is moved into the log as the
job does. Then three things are done in turn, each in a transaction of its own:
- bare commits: one row of the size of a paper into a table of as many rows, in the same file system, by the driver
  alone, over a connection that is told the same as those of the application;
- the paper and its entry alone, as plain statements of the application;
- the whole act of casting: who asks and the ballot are read, the policy is asked, the paper is cast with all that is
  checked, counted and recorded, and kept. What a request adds (cookies, forms, the answer) is not in it.

It ends with 1 where the whole act comes to less than half of the bare commits, or the publication does not verify.
"""

import argparse
import contextlib
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

from consult.accounts import services as accounts
from consult.core import clock, keys
from consult.core.config import Settings
from consult.core.db import db, table
from consult.core.policy import can
from consult.core.sqlite import set_pragmas
from consult.factory import create_app
from consult.ledger import entries, merkle, publication, queries, sequencing
from consult.ledger.models import PendingEntry
from consult.processes import services as processes
from consult.voting import box, services
from consult.voting import queries as voting
from consult.voting.models import Ballot, BallotPaper
from tests.factories import Make

OPTIONS, ROUND = 20, 20
LEAST = 0.5
"""Of the bare commits, that many whole acts of casting a second at least."""
AT_ONCE = 20_000
ROW, CONTENT = "INSERT INTO row VALUES (?, ?)", b"x" * 300


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
    tokens, id = [accounts.start_session(person) for person in people], ballot.id
    db.session.commit()
    db.session.remove()
    _say(f"{papers:,} papers put into the box", lambda: _fill(id, papers))
    _say("moved into the log", lambda: _move(id))
    with contextlib.closing(_bare(here, papers)) as bare:
        kept = _cast_beside_bare(bare, id, tokens)
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


def _bare(here: Path, rows: int) -> sqlite3.Connection:
    """A table of as many rows as there are papers: neither it nor its file is smaller than what it is compared with."""
    bare = sqlite3.connect(here / "bare.sqlite3")
    set_pragmas(bare, None)
    bare.execute("CREATE TABLE row (tag TEXT PRIMARY KEY, content BLOB) WITHOUT ROWID")
    for start in range(0, rows, AT_ONCE):
        bare.execute("BEGIN")
        bare.executemany(ROW, ((os.urandom(16).hex(), CONTENT) for _ in range(min(AT_ONCE, rows - start))))
        bare.execute("COMMIT")
    return bare


def _cast_beside_bare(bare: sqlite3.Connection, ballot_id: int, tokens: list[str]) -> bool:
    """Rounds of each in turn: whatever else the machine does touches all."""
    acts: dict[str, Callable[[str], object]] = {
        "bare": lambda _token: bare.execute(ROW, (os.urandom(16).hex(), CONTENT)),
        "put": lambda _token: _put(ballot_id),
        "cast": lambda token: _cast(ballot_id, token)}
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in acts}
    for start in range(0, len(tokens), ROUND):
        some = tokens[start:start + ROUND]
        for name, act in acts.items():
            found[name].append(_timed(act, some))
    _count_what_was_put(ballot_id, len(tokens))
    rates = {name: 1 / statistics.median(took for took, _used in rounds) for name, rounds in found.items()}
    used = {name: 1000 * statistics.median(used for _took, used in rounds) for name, rounds in found.items()}
    for name, what in (("bare", "bare commits"), ("put", "papers and entries as plain statements"),
                       ("cast", "whole acts of casting")):
        print(f"{what}: {rates[name]:,.0f}/s ({rates[name] / rates['bare']:.0%} of the bare), "
              f"{used[name]:.2f} ms of processor each", flush=True)
    return rates["cast"] >= LEAST * rates["bare"]


def _timed(act: Callable[[str], object], tokens: list[str]) -> tuple[float, float]:
    """Seconds that each took, and those of the processor."""
    began, own = time.perf_counter(), time.process_time()
    for token in tokens:
        act(token)
    return (time.perf_counter() - began) / len(tokens), (time.process_time() - own) / len(tokens)


def _cast(ballot_id: int, token: str) -> None:
    """What a request does between its form and its answer, in a session of its own."""
    person, ballot = accounts.who(token), voting.to_vote_in(ballot_id)
    if person is None or ballot is None or not can(person, "ballot.cast", ballot):
        raise SystemExit("a vote was refused")
    services.cast(ballot, person, {"B01": 1, "B02": 1})
    db.session.commit()
    db.session.remove()


def _count_what_was_put(ballot_id: int, papers: int) -> None:
    own = table(Ballot)
    db.session.execute(sa.update(own).where(own.c.id == ballot_id).values(paper_count=own.c.paper_count + papers))
    db.session.commit()


def _put(ballot_id: int) -> None:
    """The paper and its entry alone, as plain statements: what is bound to the disk."""
    tag, nonce = os.urandom(16).hex(), entries.fresh_nonce()
    leaf = entries.cast(ballot_id, tag, {"B01": 1, "B02": 1}, 1, nonce)
    db.session.execute(sa.insert(table(BallotPaper)), [{
        "ballot_id": ballot_id, "tag": tag, "marks": {"B01": 1, "B02": 1}, "nonce": nonce,
        "entry_hash": entries.leaf_hash(leaf)}])
    db.session.execute(sa.insert(table(PendingEntry)), [
        {"activity_id": ballot_id, "hash": merkle.leaf(leaf), "leaf": leaf}])
    db.session.commit()
    db.session.remove()


def _close(ballot_id: int) -> None:
    processes.announce_passages()
    db.session.commit()
    _move(ballot_id)


if __name__ == "__main__":
    main()
