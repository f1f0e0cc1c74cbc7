"""`make bench` or `python -m bench --comments 1000000`: what each page costs. Needs only this machine."""

import argparse
import contextlib
import http.cookiejar
import itertools
import os
import re
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from bench.load import Measure, Request, get, measure, memory, post

HOUSE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Server:
    """A running server."""

    port: int
    pid: int


def main() -> None:
    """Grow a demonstration, serve it beside the bare floor, ask both in turn, print a table."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        _grow(Path(folder), options)
        with _bare(Path(folder)) as bare, _consult(Path(folder)) as consult:
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


def _environment(folder: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return {**kept, "INSTANCE": str(folder), "CONSULT_RATE_LIMITS": "0", **more}


def _grow(folder: Path, options: argparse.Namespace) -> None:
    flask = [sys.executable, "-m", "flask", "--app", "app"]
    grow = ["demo", "grow", "--proposals", options.proposals, "--comments", options.comments,
            "--people", options.people, "--supports", options.supports, "--submissions", 0]
    for command in (["db", "upgrade"], ["demo", "load"], grow):
        subprocess.run([*flask, *map(str, command)], cwd=HOUSE, env=_environment(folder), check=True)  # noqa: S603 - our own commands


@contextlib.contextmanager
def _serving(command: list[str], folder: Path, **more: str) -> Iterator[Server]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    argv = [part.replace("PORT", str(port)) for part in command]
    process = subprocess.Popen(argv, cwd=HOUSE,  # noqa: S603 - our own servers
                               env=_environment(folder, PORT=str(port), **more), stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield Server(port, process.pid)
    finally:
        process.terminate()
        process.wait()


def _bare(folder: Path) -> contextlib.AbstractContextManager[Server]:
    return _serving([sys.executable, "-m", "bench.bare", "PORT"], folder,
                    BARE_DATABASE=str(folder / "bare.sqlite3"))


def _consult(folder: Path) -> contextlib.AbstractContextManager[Server]:
    return _serving([sys.executable, "app.py"], folder)


def _work(folder: Path, server: Server, floor_get: Measure,
          floor_post: Measure) -> Iterator[tuple[str, Request, Measure]]:
    with sqlite3.connect(folder / "consult.sqlite3") as database:
        call = database.execute("SELECT activity_id FROM contribution WHERE kind = 'proposal' GROUP BY activity_id "
                                "ORDER BY count(*) DESC LIMIT 1").fetchone()[0]
        rows = database.execute(
            "SELECT id, thread_id FROM contribution WHERE kind = 'proposal' AND activity_id = ? "
            "AND state = 'published' ORDER BY comment_count DESC LIMIT 500", (call,)).fetchall()
    database.close()
    page = _page(server, f"/proposte/{rows[0][0]}")
    cookie, token = _signed_in(server)
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


def _page(server: Server, path: str) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{server.port}{path}") as answer:
        return str(answer.url).partition(f":{server.port}")[2]


def _signed_in(server: Server) -> tuple[str, str]:
    """The cookie of a citizen and a token for forms."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{server.port}"

    def token(path: str) -> str:
        page = opener.open(address + path).read().decode()
        found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        if not found:
            raise SystemExit(f"{path} has no form token")
        return found[1]

    form = {"csrf_token": token("/accedi"), "email": "cittadina@example.org", "password": "dimostrazione"}
    opener.open(f"{address}/accedi", urlencode(form).encode())
    made = token("/profilo")
    return "; ".join(f"{kept.name}={kept.value}" for kept in jar), made


def _run(server: Server, request: Request, options: argparse.Namespace) -> Measure:
    measure(server.port, server.pid, request, seconds=1, connections=2)
    return measure(server.port, server.pid, request, seconds=options.seconds, connections=options.connections)


def _print(name: str, found: Measure, floor: Measure) -> None:
    if name.startswith("bare Flask"):
        print(f"{'':46} {'req/s':>8} {'of bare':>8} {'p50 ms':>8} {'p95':>8} {'p99':>8} {'CPU ms':>8} {'refused':>8}")
    print(f"{name:46} {found.rate:8.0f} {found.rate / floor.rate:8.0%} {found.p50:8.1f} {found.p95:8.1f} "
          f"{found.p99:8.1f} {found.cpu:8.2f} {found.refused:8}", flush=True)


if __name__ == "__main__":
    main()
