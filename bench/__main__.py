"""`make bench` or `python -m bench --comments 1000000`: what each page costs. Needs only this machine."""

import argparse
import itertools
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlencode

from bench import served
from bench.load import Measure, Request, get, measure, memory, post
from bench.served import Server


def main() -> None:
    """Grow a demonstration, serve it beside the bare floor, ask both in turn, print a table."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        served.grow(Path(folder), proposals=options.proposals, comments=options.comments, people=options.people,
                    supports=options.supports)
        with served.bare(Path(folder)) as bare, served.consult(Path(folder)) as consult:
            floor_get = _run(bare, lambda _n: get("/"), options)
            floor_post = _run(bare, lambda _n: post("/", "body=Sono+d%27accordo"), options)
            _print("bare Flask hello", floor_get, floor_get)
            _print("bare POST", floor_post, floor_post)
            for name, request, floor in _work(Path(folder), consult, floor_get, floor_post):
                _print(name, _run(consult, request, options), floor)
            print(f"\nmemory of the server under load: {memory(consult.pid):.0f} MB")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description="What each page costs, as ratios to bare Flask.")
    parser.add_argument("--proposals", type=int, default=1_000)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--supports", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=4.0)
    parser.add_argument("--connections", type=int, default=16)
    return parser.parse_args()


def _work(folder: Path, server: Server, floor_get: Measure,
          floor_post: Measure) -> Iterator[tuple[str, Request, Measure]]:
    with sqlite3.connect(folder / "consult.sqlite3") as database:
        call = database.execute("SELECT activity_id FROM contribution WHERE kind = 'proposal' GROUP BY activity_id "
                                "ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
        rows = database.execute(
            "SELECT id, thread_id FROM contribution WHERE kind = 'proposal' AND activity_id = ? "
            "AND state = 'published' AND thread_id IN (SELECT id FROM thread WHERE NOT locked) "
            "ORDER BY comment_count DESC LIMIT 500", (call,)).fetchall()
        options = database.execute(
            "SELECT ballot_id, code FROM ballot_option JOIN activity ON activity.id = ballot_id WHERE published "
            "AND datetime('now') BETWEEN opens_at AND closes_at ORDER BY ballot_id, position LIMIT 2").fetchall()
    database.close()
    page = served.final(server, f"/proposte/{rows[0][0]}")
    cookie, token = served.signed_in(server)
    numbers = itertools.count()
    plain: list[tuple[str, Callable[[int], bytes]]] = [
        ("home, visitor", lambda _n: get("/")),
        ("list of proposals, visitor", lambda _n: get(f"/raccolte/{call}")),
        ("proposal with 50 comments, visitor", lambda _n: get(page)),
        ("list of proposals, visitor, rendered", lambda _n: get(f"/raccolte/{call}?v={next(numbers)}")),
        ("proposal with 50 comments, visitor, rendered", lambda _n: get(f"{page}?v={next(numbers)}")),
        ("search in the list, visitor, rendered", lambda _n: get(f"/raccolte/{call}?q=autobus&v={next(numbers)}")),
        ("list at random, visitor, rendered", lambda _n: get(f"/raccolte/{call}?ordine=caso&seme={next(numbers)}")),
        ("list of proposals, signed in", lambda _n: get(f"/raccolte/{call}", Cookie=cookie)),
        ("proposal with 50 comments, signed in", lambda _n: get(page, Cookie=cookie)),
    ]
    for name, request in plain:
        yield name, request, floor_get
    body = urlencode({"csrf_token": token, "body": "Sono d'accordo, ma serve anche la sera."})
    yield "post a comment", lambda n: post(f"/discussioni/{rows[n % 500][1]}/commenti", body, Cookie=cookie), floor_post
    own = urlencode({"csrf_token": token})

    def support(n: int) -> bytes:
        act = "sostegno" if (n // 500) % 2 == 0 else "sostegno/ritira"
        return post(f"/proposte/{rows[n % 500][0]}/{act}", own, Cookie=cookie)

    yield "support and take back", support, floor_post
    papers = [urlencode({"csrf_token": token, "step": "cast", "choices": code}) for _ballot, code in options]
    yield "cast a vote", lambda n: post(f"/votazioni/{options[0][0]}/vota", papers[n % 2], Cookie=cookie), floor_post


def _run(server: Server, request: Request, options: argparse.Namespace) -> Measure:
    measure(server.port, [server.pid], request, seconds=1, connections=2)
    return measure(server.port, [server.pid], request, seconds=options.seconds, connections=options.connections)


def _print(name: str, found: Measure, floor: Measure) -> None:
    if name.startswith("bare Flask"):
        print(f"{'':46} {'req/s':>8} {'of bare':>8} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'CPU ms':>8} {'refused':>8}")
    print(f"{name:46} {found.rate:8.0f} {found.rate / floor.rate:8.0%} {found.p50:8.1f} {found.p95:8.1f} "
          f"{found.p99:8.1f} {found.cpu:8.2f} {found.refused:8}", flush=True)


if __name__ == "__main__":
    main()
