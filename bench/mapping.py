"""`python -m bench.mapping [--oracle]`: what a map of opinions costs, beside red-dwarf on the same votes in one run.

Each map is drawn in a process of its own with one thread; only the drawing is timed (the votes are in memory, in the
form each program asks for), the memory is the peak of the process. Ours includes the test of stability by ten further
recomputations, which the other does not make; what the map costs without it stands beside. `alike` is the adjusted
Rand index to the groups that were planted.
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
from pathlib import Path
from typing import Any

import numpy as np

from consult.mapping.maps import Settings, map_of
from consult.mapping.partition import likeness
from consult.mapping.votes import Votes

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / ".oracles" / "bin" / "python"
SIZES = ((2_000, 300), (20_000, 500), (50_000, 500))
RATIOS = {2_000: 2, 20_000: 8, 50_000: 12}
MEMORY, GROWTH = 1 / 5, 1.25
LONG, LARGEST = 5_000, 50_000


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
          f"{'alike':>6}" + (f" {'oracle s':>9} {'MB':>6} {'alike':>6} {'ratio':>7} {'without':>8} {'memory':>7}" if oracle else ""))
    with tempfile.TemporaryDirectory(prefix="consult-bench-") as folder:
        for participants, statements in SIZES:
            votes, planted = conversation(participants, statements)
            file = Path(folder) / f"{participants}.npz"
            np.savez(file, participants=votes.participants, statements=votes.statements, values=votes.values,
                     moderated=np.zeros(0, np.int64), kept=np.zeros(0, np.int64))
            draw = [sys.executable, "-m", "bench.mapping", "--draw", str(file)]
            own, untested = _fastest(draw, times), _fastest([*draw, "--recomputations", "0"], times)
            rows.append((participants, len(votes), own["cpu"]))
            line = (f"{participants:12,} {statements:10,} {len(votes):10,} {own['cpu']:7.2f} {own['peak']:6.0f} "
                    f"{untested['cpu']:12.2f} {_alike(own, planted):6.3f}")
            if oracle:
                other = _fastest([str(ORACLE), str(ROOT / "bench" / "oracle_map.py"), str(file)],
                                 times if participants < LONG else 1)
                ratio, memory = other["cpu"] / own["cpu"], own["peak"] / other["peak"]
                kept &= ratio >= RATIOS[participants] and (participants < LARGEST or memory <= MEMORY)
                line += (f" {other['cpu']:9.2f} {other['peak']:6.0f} {_alike(other, planted):6.3f} {ratio:6.1f}x "
                         f"{other['cpu'] / untested['cpu']:7.1f}x {memory:7.2f}")
            print(line, flush=True)
    return _growth(rows) and kept


def _growth(rows: list[tuple[int, int, float]]) -> bool:
    """How the time grows with the votes, as an exponent, between each two sizes: printed, and whether it is kept."""
    exponents = [math.log(later[2] / earlier[2]) / math.log(later[1] / earlier[1])
                 for earlier, later in itertools.pairwise(rows)]
    print("growth exponent: " + ", ".join(f"{one:.2f}" for one in exponents))
    return all(one <= GROWTH for one in exponents)


def conversation(participants: int, statements: int, *, seed: int = 0, answers: int = 40) -> tuple[Votes, np.ndarray]:
    """Votes of three planted groups of unlike size, about so many answers each, and the group of each participant."""
    rng = np.random.default_rng(seed)
    group = rng.choice(3, size=participants, p=[0.5, 0.3, 0.2])
    leaning = rng.normal(0, 1.1, size=(3, statements)) + rng.normal(0, 0.8, size=statements)
    active = np.clip(rng.lognormal(math.log(answers), 0.5, size=participants), 3, statements).astype(np.int64)
    who = np.repeat(np.arange(participants), active)
    what = np.concatenate([rng.permutation(statements)[:number] for number in active])
    feeling = leaning[group[who], what] + rng.logistic(0, 0.6, size=len(who))
    values = np.where(np.abs(feeling) < 0.25, 0, np.sign(feeling)).astype(np.int8)
    return Votes(who, what, values), group


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


def _alike(run: dict[str, Any], planted: np.ndarray) -> float:
    return likeness(planted[np.array(run["participants"])], np.array(run["labels"]))


if __name__ == "__main__":
    main()
