"""`python -m bench.mapping [--oracle]`: what a map of opinions costs, beside red-dwarf on the same votes in one run.

Each map is drawn in a process of its own with one thread; only the drawing is timed (the votes are in memory, in the
form each program asks for), the memory is the peak of the process. Ours includes the test of stability by ten further
recomputations, which the other does not make; the promises are about the whole, and what the map costs without the
test stands beside. `alike` is the adjusted Rand index to the groups that were planted, or published by Polis of the
real conversation in the first line.
"""

import argparse
import itertools
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from consult.mapping.maps import Settings, map_of
from consult.mapping.partition import likeness
from consult.mapping.votes import Votes
from tests.mapping.conversations import DATA, conversation, published

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / ".oracles" / "bin" / "python"
SIZES = ((2_000, 300), (20_000, 500), (50_000, 500))
RATIOS = {2_000: 2, 20_000: 8, 50_000: 12}
MEMORY = {2_000: 1 / 2, 20_000: 1 / 5, 50_000: 1 / 5}
"""What is promised for conversations of at least so many participants."""
GROWTH, LONG = 1.25, 5_000
REAL = "american-assembly.bowling-green"


def main() -> None:
    """Draw maps of conversations of growing size and print a table; end with 1 where a promise is not kept."""
    parser = argparse.ArgumentParser(prog="bench.mapping", description=__doc__)
    parser.add_argument("--oracle", action="store_true", help="beside red-dwarf, of `make oracles`")
    parser.add_argument("--draw", metavar="FILE", help=argparse.SUPPRESS)
    parser.add_argument("--recomputations", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--times", type=int, default=3)
    options = parser.parse_args()
    if options.draw:
        print(json.dumps(_draw(Path(options.draw), options.recomputations)))
        return
    sys.exit(0 if _compare(oracle=options.oracle, times=options.times) else 1)


def _compare(*, oracle: bool, times: int) -> bool:
    rows: list[tuple[int, int, float]] = []
    kept = True
    print(f"{'participants':>12} {'statements':>10} {'votes':>10} {'cpu s':>7} {'MB':>6} {'without test':>12} "
          f"{'alike':>6}"
          + (f" {'oracle s':>9} {'MB':>6} {'alike':>6} {'ratio':>7} {'without':>8} {'memory':>7}" if oracle else ""))
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        for votes, truth in _conversations():
            participants, statements = (len(np.unique(ids)) for ids in (votes.participants, votes.statements))
            file = Path(folder) / "votes.npz"
            np.savez(file, participants=votes.participants, statements=votes.statements, values=votes.values,
                     moderated=np.zeros(0, np.int64), kept=np.zeros(0, np.int64))
            draw = [sys.executable, "-m", "bench.mapping", "--draw", str(file)]
            own, untested = _fastest(draw, times), _fastest([*draw, "--recomputations", "0"], times)
            rows.append((participants, len(votes), own["cpu"]))
            line = (f"{participants:12,} {statements:10,} {len(votes):10,} {own['cpu']:7.2f} {own['peak']:6.0f} "
                    f"{untested['cpu']:12.2f} {_alike(own, truth):6.3f}")
            if oracle:
                other = _fastest([str(ORACLE), str(ROOT / "bench" / "oracle_map.py"), str(file)],
                                 times if participants < LONG else 1)
                ratio, memory = other["cpu"] / own["cpu"], own["peak"] / other["peak"]
                size = max(one for one in RATIOS if one <= participants)
                kept &= ratio >= RATIOS[size] and memory <= MEMORY[size]
                line += (f" {other['cpu']:9.2f} {other['peak']:6.0f} {_alike(other, truth):6.3f} {ratio:6.1f}x "
                         f"{other['cpu'] / untested['cpu']:7.1f}x {memory:7.2f}")
            print(line, flush=True)
    return _growth(rows[-len(SIZES):]) and kept


def _conversations() -> Iterator[tuple[Votes, dict[int, int]]]:
    """A real one, where it is beside the repository, then those made up, each with the groups of its participants."""
    if (DATA / "polis" / REAL).is_dir():
        real = published(REAL)
        yield real.votes.without(real.moderated), real.groups
    for participants, statements in SIZES:
        votes, planted = conversation(participants, statements)
        yield votes, dict(enumerate(planted.tolist()))


def _growth(rows: list[tuple[int, int, float]]) -> bool:
    """How the time grows with the votes, as an exponent, between each two sizes: printed, and whether it is kept."""
    exponents = [math.log(later[2] / earlier[2]) / math.log(later[1] / earlier[1])
                 for earlier, later in itertools.pairwise(rows)]
    print("growth exponent: " + ", ".join(f"{one:.2f}" for one in exponents))
    return all(one <= GROWTH for one in exponents)


def _draw(file: Path, recomputations: int | None) -> dict[str, Any]:
    with np.load(file) as kept:
        votes = Votes(kept["participants"], kept["statements"], kept["values"])
    started = time.process_time()
    drawn = map_of(votes, Settings(recomputations=recomputations))
    spent = time.process_time() - started
    return {"cpu": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "participants": drawn.participants[drawn.measured >= 0].tolist(),
            "labels": drawn.measured[drawn.measured >= 0].tolist()}


def _fastest(command: list[str], times: int) -> dict[str, Any]:
    """The least processor time of some runs of a command, with the rest it printed."""
    one_thread = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    runs = [json.loads(subprocess.run(command, cwd=ROOT, env=one_thread, check=True,  # noqa: S603 - our own programs
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout) for _ in range(times)]
    return min(runs, key=lambda run: run["cpu"])


def _alike(run: dict[str, Any], truth: dict[int, int]) -> float:
    found = dict(zip(run["participants"], run["labels"], strict=True))
    both = [one for one in truth if one in found]
    return likeness(np.array([truth[one] for one in both]), np.array([found[one] for one in both]))


if __name__ == "__main__":
    main()
