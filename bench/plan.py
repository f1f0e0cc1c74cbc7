"""`python -m bench.plan`: when the first byte of a large plan comes, beside that of a bare Flask hello in the same run.

The demonstration's plan is given 500 more paragraphs, 300 links and 2,000 remarks on an edition of it. Each page is
asked for in turn with the hello, one at a time, and made anew each time; the median of both and their ratio is told.
"""

import argparse
import http.client
import itertools
import statistics
import tempfile
import time
from pathlib import Path

import sqlalchemy as sa

from bench import served
from bench.served import Server
from consult.accounts.models import Person
from consult.core.config import Settings
from consult.core.db import db
from consult.editions import services as editions
from consult.factory import create_app
from consult.planning.models import DraftConsultation, Plan
from consult.proposals.models import Proposal
from tests.remarks import large

PAGES = {"the plan": "/piani/{slug}", "an edition in consultation": "/piani/{slug}/edizioni/{number}",
         "its remarks": "/piani/{slug}/edizioni/{number}/osservazioni"}


def main() -> None:
    """Grow a plan, serve it beside the bare floor, ask both in turn, print a table."""
    parser = argparse.ArgumentParser(prog="bench.plan", description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as name:
        folder = Path(name)
        served.grow(folder, proposals=100, comments=0, people=100, supports=0)
        where = _grown(folder)
        with served.bare(folder) as bare, served.consult(folder) as consult:
            cookie, _token = served.signed_in(consult)
            print("| page | hello ms | page ms | times the hello |\n| --- | ---: | ---: | ---: |")
            for title, path in PAGES.items():
                for who, headers in (("visitor", {}), ("signed in", {"Cookie": cookie})):
                    floor, page = _both(bare, consult, path.format(**where), headers, times)
                    print(f"| {title}, {who} | {floor:.1f} | {page:.0f} | {page / floor:.0f} |", flush=True)


def _grown(folder: Path) -> dict[str, str]:
    """Write the large plan, and answer what its addresses say."""
    settings = Settings.load({"INSTANCE": str(folder), "CONSULT_DEMO": "1"})
    with create_app(settings).app_context():
        plan = db.session.scalars(sa.select(Plan)).one()
        consultation = db.session.scalars(sa.select(DraftConsultation)).one()
        person = db.session.scalars(sa.select(Person.id).limit(1)).one()
        large.write(plan, consultation)
        large.link(plan, list(db.session.scalars(sa.select(Proposal.id).limit(12))), person)
        edition = editions.make(plan, None, name="0.5", kind=plan.state)
        large.remark(edition, consultation, person)
        where = {"slug": plan.slug, "number": str(edition.number)}
        db.session.commit()
    return where


def _both(bare: Server, consult: Server, path: str, headers: dict[str, str], times: int) -> tuple[float, float]:
    numbers = itertools.count()
    floors, pages = [], []
    for _time in range(times):
        floors.append(_first_byte(bare, "/", {}))
        pages.append(_first_byte(consult, f"{path}?v={next(numbers)}", headers))
    return statistics.median(floors), statistics.median(pages)


def _first_byte(server: Server, path: str, headers: dict[str, str]) -> float:
    """Milliseconds from the question to the first byte of the answer's body."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    start = time.perf_counter()
    connection.request("GET", path, headers=headers)
    answer = connection.getresponse()
    answer.read(1)
    passed = 1000 * (time.perf_counter() - start)
    answer.read()
    connection.close()
    if answer.status != http.client.OK:
        raise SystemExit(f"{path} answers {answer.status}")
    return passed


if __name__ == "__main__":
    main()
