"""`python -m bench.moderation`: what the desk of the moderators costs among a million contributions.

Two thousand things await a decision: held texts, reported ones, some in which signs were found, and appeals. Queries
are counted in this process; times and the processor are those of the application as it is served, asked by one person,
beside the bare floor in the same run.
"""

import argparse
import contextlib
import itertools
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Flask

from bench import served
from bench.load import Request, get, measure, post
from bench.served import Server
from consult.accounts.models import Person
from consult.appeals.models import Appeal
from consult.contributions.models import Contribution, Flag, State
from consult.core import clock
from consult.core.config import Settings
from consult.core.db import db, table
from consult.factory import create_app
from consult.moderation.models import Decision
from consult.screening.models import Finding, Mode, Signal
from tests.browser import Browser
from tests.postgresql import Cluster

MODERATOR = "moderatrice@example.org"
HELD, REPORTED, SIGNS, APPEALS = 1_150, 600, 100, 150
"""How many wait for each reason."""
NOTE = "Il testo attacca una persona e non la sua proposta."
DECISIONS = {
    "decide: leave what was reported": ("reported", {"decision": "keep"}),
    "decide: publish what was held": ("held", {"decision": "approve"}),
    "decide: hide what was held": ("held", {"decision": "hide", "reason": "offence", "note": NOTE}),
}


def main() -> None:
    """Grow a demonstration, or take one that was kept, let two thousand things wait, and print what the desk costs."""
    options = _options()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="consult-bench-")))
        cluster = stack.enter_context(Cluster(durable=True)) if options.postgresql else None
        database = cluster.create("grown") if cluster else ""
        if options.kept and not cluster:
            served.copied(options.kept, folder)
        else:
            served.grow(folder, database=database, people=20_000, proposals=10_000, comments=options.comments)
        app = create_app(Settings(
            instance=folder, database_url=database or f"sqlite:///{folder}/consult.sqlite3", secret_key="bench" * 8,
            demo=True, port=8000, host="localhost", rate_limits=False))
        with app.app_context():
            waiting = _waiting()
            thread = db.session.scalar(sa.select(Contribution.thread_id).where(Contribution.id == waiting["held"][0]))
            queries = _queries(app, waiting, thread)
        server = stack.enter_context(served.consult(folder, database=database))
        pids = [server.pid, *([cluster.pid] if cluster else [])]
        bare = stack.enter_context(served.bare(folder))
        print(f"{'':36} {'queries':>8} {'p50 ms':>8} {'CPU ms':>8} {'refused':>8}")
        for name, request in (("bare Flask hello", lambda _n: get("/")), ("bare POST", lambda _n: post("/", "body=s"))):
            _print(name, "", bare, [bare.pid], request, options.seconds)
        for name, request in _work(server, waiting, thread):
            _print(name, str(queries[name]), server, pids, request, options.seconds)


def _print(name: str, queries: str, server: Server, pids: list[int], request: Request, seconds: float) -> None:
    measure(server.port, pids, request, seconds=0.5, connections=1)
    found = measure(server.port, pids, request, seconds=seconds, connections=1)
    print(f"{name:36} {queries:>8} {found.p50:8.1f} {found.cpu:8.1f} {found.refused:8}", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.moderation", description=__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each piece of work")
    parser.add_argument("--postgresql", action="store_true", help="in a cluster of its own instead of SQLite")
    parser.add_argument("--kept", type=Path, help="the folder of a SQLite database that was grown before; it is copied")
    return parser.parse_args()


def _waiting() -> dict[str, list[int]]:
    """Of all that was grown let so many things wait, and nothing else; answers the comments by why they wait."""
    kept, flag, now = table(Contribution), table(Flag), clock.now()
    held = _ids(kept.c.state == State.PENDING, HELD)
    db.session.execute(sa.update(kept).where(kept.c.state == State.PENDING, kept.c.id.not_in(held))
                       .values(state=State.PUBLISHED, published_at=kept.c.created_at))
    reported = _ids(sa.and_(kept.c.flag_count > 0, kept.c.state == State.PUBLISHED), REPORTED)
    db.session.execute(sa.update(flag).where(flag.c.contribution_id.not_in(reported), flag.c.decided_at.is_(None))
                       .values(decided_at=now))
    db.session.execute(sa.update(kept).where(kept.c.flag_count > 0, kept.c.id.not_in(reported)).values(flag_count=0))
    public = _ids(sa.and_(kept.c.flag_count == 0, kept.c.state == State.PUBLISHED), SIGNS)
    db.session.execute(sa.insert(table(Finding)), [
        {"contribution_id": id, "version": 1, "signal": Signal.LINKS, "mode": Mode.HINT, "number": 4, "found_at": now}
        for id in public])
    moderator = _moderator()
    hidden = db.session.execute(
        sa.select(Decision.id, Decision.moderator_id, Decision.process_id, kept.c.author_id)
        .join(kept, kept.c.id == Decision.contribution_id)
        .where(Decision.moderator_id != moderator.id, kept.c.state == State.HIDDEN).order_by(Decision.id)
        .limit(APPEALS))
    db.session.execute(sa.insert(table(Appeal)), [
        {"decision_id": row.id, "decider_id": row.moderator_id, "process_id": row.process_id, "of_author": True,
         "person_id": row.author_id, "words": NOTE, "asked_at": now} for row in hidden])
    db.session.commit()
    if db.engine.dialect.name == "postgresql":  # what the server does by itself within some minutes
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(sa.text("VACUUM ANALYZE"))
    return {"held": held, "reported": reported}


def _ids(which: sa.ColumnElement[bool], most: int) -> list[int]:
    """Comments of which something holds, from all over the threads."""
    kept = table(Contribution)
    found = db.session.scalars(sa.select(kept.c.id).where(which, kept.c.kind == "comment").order_by(kept.c.id)).all()
    return list(found[::max(len(found) // most, 1)][:most])


def _moderator() -> Person:
    return db.session.scalars(sa.select(Person).where(Person.email == MODERATOR)).one()


def _queries(app: Flask, waiting: dict[str, list[int]], thread: int) -> dict[str, int]:
    """How many statements each piece of work asks of the database."""
    moderator, citizen = Browser(app, _moderator()), Browser(app, db.session.scalars(
        sa.select(Person).where(Person.email == "cittadina@example.org")).one())
    take = "/moderazione/contribution/{}/prendi"
    work: dict[str, Callable[[], Any]] = {
        "queue of 50": lambda: moderator.get("/moderazione"),
        "open": lambda: moderator.get(f"/moderazione/{waiting['held'][0]}"),
        "claim": lambda: moderator.post(take.format(waiting["held"][0])),
        "post a comment": lambda: citizen.post(f"/discussioni/{thread}/commenti", {"body": "Va bene così."})}
    for name, (reason, asked) in DECISIONS.items():
        decided = waiting[reason].pop()
        moderator.post(take.format(decided))
        work[name] = partial(moderator.post, f"/moderazione/{decided}", {**asked, "version": "1"})
    return {name: _counted(act) for name, act in work.items()}


def _counted(act: Callable[[], Any]) -> int:
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        answer = act()
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)
    if answer.status_code not in (200, 303):
        raise SystemExit(f"{answer.request.path} answers {answer.status_code}")
    return len(seen)


def _work(server: Server, waiting: dict[str, list[int]], thread: int) -> Iterator[tuple[str, Request]]:
    cookie, token = served.signed_in(server, MODERATOR)
    own = urlencode({"csrf_token": token})
    opened = itertools.cycle(waiting["held"][:200])
    yield "queue of 50", lambda _n: get("/moderazione", Cookie=cookie)
    yield "open", lambda _n: get(f"/moderazione/{next(opened)}", Cookie=cookie)
    yield "claim", lambda _n: post(f"/moderazione/contribution/{next(opened)}/prendi", own, Cookie=cookie)
    citizen, theirs = served.signed_in(server)
    said = urlencode({"csrf_token": theirs, "body": "Sono d'accordo, ma serve anche la sera."})
    yield "post a comment", lambda _n: post(f"/discussioni/{thread}/commenti", said, Cookie=citizen)
    left = {reason: iter(ids) for reason, ids in waiting.items()}
    for name, (reason, asked) in DECISIONS.items():
        body = urlencode({"csrf_token": token, "version": "1", **asked})
        yield name, lambda _n, ids=left[reason], body=body: post(f"/moderazione/{next(ids)}", body, Cookie=cookie)


if __name__ == "__main__":
    main()
