"""`python -m bench.search --proposals 10000`: what searching, listing and finding the like cost in the database."""

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import flask_migrate

from consult.core.config import Settings
from consult.core.db import db
from consult.demo import services as demo
from consult.factory import create_app
from consult.proposals import listing, queries
from consult.proposals.models import Proposal
from consult.search import queries as search

ASKED = ("autobus", "la biblioteca di sera", "illuminazi", "pista ciclabile sicura", "co", "anziani soli in frazione")


def main() -> None:
    """Grow a demonstration in a folder of its own and print p50 and p95 of each kind of question."""
    parser = argparse.ArgumentParser(prog="bench.search", description=__doc__)
    parser.add_argument("--proposals", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=60)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        app = create_app(Settings(instance=Path(folder), database_url=f"sqlite:///{folder}/consult.sqlite3",
                                  secret_key="bench" * 8, demo=True, port=8000, host="localhost"))
        with app.app_context():
            flask_migrate.upgrade()
            _grow(options.proposals)
            _measure(options.times)


def _grow(proposals: int) -> None:
    demo.load()
    size = demo.Size(proposals=proposals, people=500)
    for _batch in demo.grow(size, seed=1):
        db.session.commit()
    begun = time.perf_counter()
    demo.settle(size)
    db.session.commit()
    print(f"counters and index of {proposals} proposals: {time.perf_counter() - begun:.1f} s")


def _measure(times: int) -> None:
    rng = random.Random(7)
    call = db.session.query(Proposal).order_by(Proposal.id.desc()).first().activity
    one, whole = listing.of_call(call), listing.of_process(call.phase.process)
    texts = db.session.query(Proposal.title, Proposal.body).order_by(Proposal.id).all()
    work: dict[str, Callable[[], object]] = {
        f"list, {order}": lambda order=order: listing.listed(one, order, listing.Filter(), seed=rng.randrange(10**6))
        for order in listing.ORDERS}
    work |= {f"list of the percorso, {order}": lambda order=order: listing.listed(
        whole, order, listing.Filter(), seed=rng.randrange(10**6)) for order in listing.ORDERS}
    work |= {f"search for «{asked}»": lambda asked=asked: listing.listed(
        one, "sostenute", listing.Filter(words=search.wanted(asked, "it"))) for asked in ASKED}
    work["proposals that say the like"] = lambda: queries.alike(call, *rng.choice(texts), language="it")
    for name, act in work.items():
        took = [_took(act) for _ in range(times)]
        print(f"{name:46} p50 {statistics.median(took):7.1f} ms   p95 {sorted(took)[int(times * .95)]:7.1f} ms")


def _took(act: Callable[[], object]) -> float:
    db.session.rollback()
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    main()
