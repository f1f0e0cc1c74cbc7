"""`python -m bench.sizes`: what pages cost with a million comments beside what they cost with ten thousand.

Of the comments, three in ten stand in one thread. One person asks at a time, so that times are not those of a queue,
now the one size and now the other, so that whatever else this machine does weighs on both. With `--beside` it is now
this version, now another, and both with the smaller size.
"""

import argparse
import contextlib
import itertools
import statistics
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus, urlencode

import sqlalchemy as sa

from bench import served
from bench.load import Measure, Request, get, measure, post
from bench.served import Server
from consult import factory  # noqa: F401 - with it all models are known
from consult.contributions.models import Contribution, State
from consult.contributions.queries import FIRST_COMMENTS, THREAD_ORDERS
from consult.core import paging
from consult.proposals.models import Proposal
from tests.postgresql import Cluster

ROUNDS = 4
AT_ONCE = 16
"""Connections from which a page that is not made anew is asked for, as the floor is."""
PLACES = ("first", "middle", "last")
ORDERS = dict(zip(THREAD_ORDERS, ("oldest", "newest", "most agreed", "most discussed"), strict=True))


@dataclass
class Place:
    """A database that was grown: where it is, and who serves it."""

    name: str
    comments: int
    folder: Path
    database: str
    pids: list[int]
    server: Server | None = None
    house: Path = served.HOUSE


def main() -> None:
    """Grow both sizes, or take those that were kept, serve both, print what each piece of work costs."""
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = Path(options.keep or stack.enter_context(tempfile.TemporaryDirectory(prefix="consult-bench-")))
        cluster = stack.enter_context(Cluster(durable=True)) if options.postgresql else None
        sizes = options.comments[:1] if options.beside else options.comments
        places = [_grown(folder, comments, cluster) for comments in sizes]
        if options.beside:
            places = [replace(places[0], name="beside", house=Path(options.beside)), replace(places[0], name="here")]
        bare = stack.enter_context(served.bare(folder))
        for place in places:
            place.server = stack.enter_context(served.consult(place.folder, database=place.database,
                                                              house=place.house))
            place.pids = [place.server.pid, *([cluster.pid] if cluster else [])]
        _compare(places, options.seconds)
        _unchanged(bare, places, options.seconds)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.sizes", description=__doc__)
    parser.add_argument("--comments", type=int, nargs=2, default=[10_000, 1_000_000])
    parser.add_argument("--seconds", type=float, default=1.0, help="for each of four rounds of a piece of work")
    parser.add_argument("--postgresql", action="store_true", help="in a cluster of its own instead of SQLite")
    parser.add_argument("--beside", help="a folder with another version, to be compared in place of the larger size")
    parser.add_argument("--keep", help="a folder in which SQLite databases stay, and are found the next time")
    return parser.parse_args()


def _grown(folder: Path, comments: int, cluster: Cluster | None) -> Place:
    place = Place(f"{comments:,}", comments, folder / str(comments), "", [])
    known = place.folder.exists() and not cluster
    place.folder.mkdir(exist_ok=True, parents=True)
    if cluster:
        place.database = cluster.create(f"grown{comments}")
    if not known:
        served.grow(place.folder, database=place.database, people=20_000, proposals=10_000, comments=comments,
                    supports=50_000)
    if cluster:  # what the server does by itself within some minutes
        with sa.create_engine(place.database, isolation_level="AUTOCOMMIT").connect() as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
    return place


def _compare(places: list[Place], seconds: float) -> None:
    works = [dict(_work(place)) for place in places]
    few, many = (place.name for place in places)
    print(f"{'p50 and processor time in ms':46} {'p50 ' + few:>14} {'p50 ' + many:>14} {'ratio':>6} {'CPU ' + few:>14} "
          f"{'CPU ' + many:>14} {'refused':>8}")
    for name in works[0]:
        rounds: list[list[Measure]] = [[] for _ in places]
        for turn in range(ROUNDS + 1):
            for place, work, kept in zip(places, works, rounds, strict=True):
                kept.append(_asked(place, work[name], seconds if turn else 0.5, turn))
        (p50, cpu, refused), (p50_many, cpu_many, refused_many) = (_of_rounds(kept[1:]) for kept in rounds)
        print(f"{name:46} {p50:14.1f} {p50_many:14.1f} {p50_many / p50:6.2f} {cpu:14.1f} {cpu_many:14.1f} "
              f"{refused + refused_many:8}", flush=True)


def _asked(place: Place, request: Request, seconds: float, turn: int) -> Measure:
    assert place.server
    return measure(place.server.port, place.pids, request, seconds=seconds, connections=1, first=turn * 10_000)


def _of_rounds(rounds: list[Measure]) -> tuple[float, float, int]:
    return (statistics.median(one.p50 for one in rounds), statistics.median(one.cpu for one in rounds),
            sum(one.refused for one in rounds))


def _unchanged(bare: Server, places: list[Place], seconds: float) -> None:
    """What visitors get while nothing has changed, beside the bare floor under the same load."""
    floor = measure(bare.port, [bare.pid], lambda _n: get("/"), seconds=2 * seconds, connections=AT_ONCE)
    print(f"\n{'visitors, nothing changed':46} {'req/s':>8} {'of bare':>8}\n{'bare Flask hello':46} {floor.rate:8.0f}")
    for place in places:
        assert place.server
        with _connected(place) as connection:
            pages = _Pages(connection)
            paths = {"list of proposals": pages.list, "proposal with 50 comments": pages.fifty,
                     "hot thread, middle": pages.hot("condivisi", "middle")}
        for name, path in paths.items():
            page = served.final(place.server, path)
            found = measure(place.server.port, place.pids, lambda _n, page=page: get(page), seconds=2 * seconds,
                            connections=AT_ONCE)
            print(f"{name + f', {place.name}':46} {found.rate:8.0f} {found.rate / floor.rate:8.0%}",
                  flush=True)


def _connected(place: Place) -> sa.Connection:
    return sa.create_engine(place.database or f"sqlite:///{place.folder}/consult.sqlite3").connect()


class _Pages:
    """The addresses that are asked for in one database."""

    def __init__(self, connection: sa.Connection) -> None:
        self.connection = connection
        public = sa.select(Proposal.id, Proposal.slug, Proposal.thread_id, Proposal.activity_id).where(
            Proposal.state == State.PUBLISHED)
        self.hottest = self._row(public.order_by(Proposal.comment_count.desc()))
        fifty = self._row(public.where(Proposal.activity_id == self.hottest.activity_id).order_by(
            sa.func.abs(Proposal.comment_count - 50), Proposal.id))
        self.list = f"/raccolte/{self.hottest.activity_id}"
        self.fifty, self.thread_id = _path(fifty), fifty.thread_id
        self.permalink = f"/c/{self._first_level(0.5, 'primi', Contribution.code)[0]}"
        self.supported = [row.id for row in connection.execute(
            public.where(Proposal.activity_id == self.hottest.activity_id).order_by(Proposal.id).limit(2000))]

    def hot(self, order: str, where: str) -> str:
        """A page of the hottest thread: the first, one in the middle, or the last."""
        after = ""
        if where != "first":
            keys = THREAD_ORDERS[order]
            place = self._first_level(0.5 if where == "middle" else 1, order, *(key.column for key in keys))
            after = f"&dopo={quote_plus(paging.cursor(*place))}"
        return f"{_path(self.hottest)}?ordine={order}{after}"

    def _first_level(self, part: float, order: str, *columns: Any) -> Any:
        """Of the first-level comments of the hottest thread, that at some part of an order, a page from its end."""
        those = sa.and_(Contribution.thread_id == self.hottest.thread_id, Contribution.about_id.is_(None),
                        Contribution.kind == "comment", Contribution.state == State.PUBLISHED)
        there: int = self.connection.scalar(sa.select(sa.func.count()).select_from(Contribution).where(those)) or 0
        keys = (key.column.desc() if key.descending else key.column.asc() for key in THREAD_ORDERS[order])
        skipped = max(int(there * part) - FIRST_COMMENTS - 1, 0)
        return self._row(sa.select(*columns).where(those).order_by(*keys).offset(skipped))

    def _row(self, wanted: sa.Select[Any]) -> Any:
        return self.connection.execute(wanted.limit(1)).one()


def _path(proposal: Any) -> str:
    return f"/proposte/{proposal.id}-{proposal.slug}"


def _work(place: Place) -> Iterator[tuple[str, Request]]:
    assert place.server
    cookie, token = served.signed_in(place.server)
    with _connected(place) as connection:
        pages = _Pages(connection)
        threads = {f"hot thread, {name}, {where}": pages.hot(order, where)
                   for order, name in ORDERS.items() for where in PLACES}
    anew = itertools.count()

    def rendered(path: str) -> Callable[[int], bytes]:
        return lambda _n: get(f"{path}{'&' if '?' in path else '?'}v={next(anew)}")

    yield "list of proposals", rendered(pages.list)
    yield "proposal with 50 comments", rendered(pages.fifty)
    yield "the same, signed in", lambda _n: get(pages.fifty, Cookie=cookie)
    yield from ((name, rendered(path)) for name, path in threads.items())
    yield "hot thread, first, signed in", lambda _n: get(_path(pages.hottest), Cookie=cookie)
    yield "permalink into the middle of the hot thread", rendered(pages.permalink)
    body = urlencode({"csrf_token": token, "body": "Sono d'accordo, ma serve anche la sera."})
    yield "post a comment", lambda _n: post(f"/discussioni/{pages.thread_id}/commenti", body, Cookie=cookie)
    yield "post a comment in the hot thread", lambda _n: post(
        f"/discussioni/{pages.hottest.thread_id}/commenti", body, Cookie=cookie)
    own = urlencode({"csrf_token": token})
    each = itertools.cycle([f"/proposte/{id}/{act}" for act in ("sostegno", "sostegno/ritira")
                            for id in pages.supported])
    yield "support and take back", lambda _n: post(next(each), own, Cookie=cookie)


if __name__ == "__main__":
    main()
