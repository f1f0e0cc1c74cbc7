"""`python -m bench.voting [--oracle]`: what counting costs, equal shares beside pabutools on the same papers and run.

Budgets and elections are the public ones of `../shared/data`. Each count runs in a process of its own; its time is
that of the processor from papers in memory to the result with its tables, its memory the peak of the process, the
file included. A million papers are read from a database of our own tables, once each.
"""

import argparse
import json
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from consult.methods import lots, shares
from consult.methods.formats import pabulib, preflib
from consult.methods.interface import Option, Rules
from consult.methods.registry import METHODS
from consult.methods.sifting import by_place, piled

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / ".oracles" / "bin" / "python"
DATA = ROOT.parent / "shared" / "data"
BUDGETS = {"Targówek": "Poland_Warszawa_2022_Targowek.pb", "Włochy": "Poland_Warszawa_2019_subunit_Wlochy.pb",
           "Łódź": "Poland_Lodz_2022.pb"}
BESIDE = ("Targówek", "Włochy")
"""Those that pabutools is asked for too: the largest would take it an hour."""
RATIO, MEMORY, SECONDS = 30, 150, 2.0
PAPERS = 1_000_000
OPTIONS, PLACES = 20, 6


def main() -> None:
    """Count, print a table, and end with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="bench.voting", description=__doc__)
    parser.add_argument("--oracle", action="store_true", help="beside pabutools, of `make oracles`")
    parser.add_argument("--count", nargs="+", metavar="TASK", help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    if options.count:
        name, *arguments = options.count
        print(json.dumps(TASKS[name](*arguments)))
        return
    kept = [_budget(name, options.times, oracle=options.oracle) for name in BUDGETS]
    kept += [_million(options.times), _orders(options.times)]
    sys.exit(0 if all(kept) else 1)


def _budget(name: str, times: int, *, oracle: bool) -> bool:
    own = _own(times, "shares", name)
    said = f"equal shares with Add1, {name}: {own['cpu']:.2f} s, {own['peak']:.0f} MB ({own['runs']} runs)"
    kept = own["peak"] < MEMORY and own["cpu"] < SECONDS
    if oracle and name in BESIDE:
        other = _oracle(name)
        ratio = other["cpu"] / own["cpu"]
        same = sorted(own["funded"]) == other["funded"]
        kept = own["peak"] < MEMORY and ratio >= RATIO and same
        said += (f"; pabutools {other['cpu']:.1f} s, {other['peak']:.0f} MB: {ratio:.0f} times as fast, "
                 f"{'the same' if same else 'OTHER'} projects")
    return _told(said, kept=kept)


def _million(times: int) -> bool:
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        file = Path(folder) / "papers.sqlite3"
        _fill(file)
        own = _own(times, "million", str(file))
    return _told(f"approval, {PAPERS} papers by municipality, read and counted: {own['cpu']:.2f} s, "
                 f"{own['peak']:.0f} MB", kept=own["cpu"] < SECONDS)


def _orders(times: int) -> bool:
    kept = True
    for method in ("schulze", "runoff", "borda"):
        own = _own(times, "orders", method)
        kept &= _told(f"{method}, 194530 papers with three of 25 options in order: {own['cpu']:.2f} s, "
                      f"{own['peak']:.0f} MB", kept=own["cpu"] < 1)
    return kept


def _told(said: str, *, kept: bool) -> bool:
    print(("     " if kept else "NOT  ") + said, flush=True)
    return kept


def _own(times: int, *task: str) -> dict[str, Any]:
    """The fastest of several runs, each in a process of its own."""
    command = [sys.executable, "-m", "bench.voting", "--count", *task]
    runs = [json.loads(subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout)  # noqa: S603 - our own
            for _ in range(times)]
    return min(runs, key=lambda found: found["cpu"])


def _measured(count: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    started = time.process_time()
    found = count()
    spent = time.process_time() - started
    return {"cpu": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, **found}


def _shares(name: str) -> dict[str, Any]:
    read = _read(name)

    def count() -> Mapping[str, Any]:
        result = METHODS["equal_shares"].tally(read[0], read[1])
        return {"funded": list(result.winners), "runs": result.facts["runs"]}

    return _measured(count)


def _read(name: str) -> tuple[Rules, list[Any]]:
    exchange = pabulib.read((DATA / "pabulib" / BUDGETS[name]).read_text(encoding="utf-8"))
    rules = replace(exchange.rules, method="equal_shares", parameters={"paper_budget": False}, seed="bench")
    return rules, list(exchange.papers)


def _oracle(name: str) -> dict[str, Any]:
    rules, papers = _read(name)
    voters = sum(paper.times for paper in papers)
    task = {"costs": rules.costs, "budget": rules.budget, "papers": [(sorted(paper.marks), paper.times)
                                                                     for paper in papers],
            "step": max(1, int((rules.budget or 0) / voters // shares.FINEST)),
            "rank": {code: at for at, code in enumerate(lots.drawn(rules, rules.codes))}}
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        file = Path(folder) / "task.json"
        file.write_text(json.dumps(task), encoding="utf-8")
        said = subprocess.run(  # noqa: S603 - our own file
            [ORACLE, ROOT / "bench" / "oracle_votes.py", file], capture_output=True, text=True, check=True).stdout
    found: dict[str, Any] = json.loads(said)
    return found


def _fill(file: Path) -> None:
    """A million papers that choose up to five of twenty options, from six municipalities, as our table keeps them."""
    chance = random.Random(6)
    codes = [f"B{number:02}" for number in range(1, OPTIONS + 1)]
    texts = [json.dumps(dict.fromkeys(sorted(chance.sample(codes, chance.randint(1, 5))), 1)) for _ in range(200_000)]
    with sqlite3.connect(file) as database:
        database.execute("CREATE TABLE ballot_paper (ballot_id INTEGER, tag VARCHAR(32), municipality_id INTEGER, "
                         "channel VARCHAR(16), marks JSON, PRIMARY KEY (ballot_id, tag)) WITHOUT ROWID")
        database.executemany("INSERT INTO ballot_paper VALUES (1, ?, ?, ?, ?)", (
            (f"{number:032x}", chance.randint(1, PLACES), "online" if chance.random() < 0.9 else "paper",
             chance.choice(texts)) for number in range(PAPERS)))
    database.close()


def _count_million(file: str) -> dict[str, Any]:
    rules = Rules(method="approval", options=tuple(Option(code=f"B{number:02}") for number in range(1, OPTIONS + 1)),
                  maximum=5)

    def count() -> Mapping[str, Any]:
        with sqlite3.connect(file) as database:
            rows = database.execute("SELECT marks, municipality_id, channel, count(*) FROM ballot_paper "
                                    "WHERE ballot_id = 1 GROUP BY marks, municipality_id, channel")
            papers = list(piled(rows))
        result = METHODS["approval"].tally(rules, papers)
        places = by_place(METHODS["approval"], rules, papers)
        assert places.papers.total() == result.valid == PAPERS
        return {"winners": list(result.winners)}

    return _measured(count)


def _count_orders(method: str) -> dict[str, Any]:
    chance = random.Random(7)
    codes = list(range(1, 26))
    orders = Counter(",".join(map(str, chance.sample(codes, 3))) for _ in range(194_530))
    lines = "\n".join(f"{times}: {order}" for order, times in orders.items())
    header = "# DATA TYPE: soi\n" + "\n".join(f"# ALTERNATIVE NAME {code}: {code}" for code in codes)
    exchange = preflib.read(f"{header}\n{lines}\n")
    rules = replace(exchange.rules, method=method)
    return _measured(lambda: {"winners": list(METHODS[method].tally(rules, exchange.papers).winners)})


TASKS: Mapping[str, Callable[..., dict[str, Any]]] = {
    "shares": _shares, "million": _count_million, "orders": _count_orders}

if __name__ == "__main__":
    main()
