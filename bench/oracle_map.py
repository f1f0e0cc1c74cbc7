"""What another program needs for the same map: red-dwarf 0.4.0, in its own environment (`make oracles`).

Run as a file by that environment's Python: `bench/oracle_map.py VOTES.npz[:groups] …` prints a line of JSON for each.
"""

import json
import resource
import sys
import time
import warnings

import numpy as np

warnings.filterwarnings("ignore")  # it speaks of the libraries it is built on

from reddwarf.implementations.polis import run_pipeline  # noqa: E402


def main() -> None:
    """Draw the map of each file of votes and print what that took."""
    for named in sys.argv[1:]:
        file, _, groups = named.partition(":")
        print(json.dumps(_drawn(file, int(groups) if groups else None)), flush=True)


def _drawn(file: str, groups: int | None) -> dict[str, object]:
    with np.load(file) as kept:
        columns = [kept[name].tolist() for name in ("participants", "statements", "values")]
        moderated, taking_part = kept["moderated"].tolist(), kept["kept"].tolist()
    votes = [{"participant_id": participant, "statement_id": statement, "vote": value, "modified": 0}
             for participant, statement, value in zip(*columns, strict=True)]
    del columns
    started = time.process_time()
    drawn = run_pipeline(votes=votes, mod_out_statement_ids=moderated, keep_participant_ids=taking_part,
                         force_group_count=groups, random_state=0)
    spent = time.process_time() - started
    grouped = drawn.participants_df["cluster_id"].dropna()
    return {"cpu": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
            "participants": [int(one) for one in grouped.index], "labels": [int(one) for one in grouped]}


if __name__ == "__main__":
    main()
