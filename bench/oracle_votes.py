"""What pabutools needs for equal shares with Add1, in the environment of `make oracles`.

Run as a file by that environment's Python: `bench/oracle_votes.py FILE.json` prints figures as JSON.
"""

import json
import resource
import sys
import time
from pathlib import Path

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import exhaustion_by_budget_increase, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule


def main() -> None:
    """Fund the projects of a file once and print what that took."""
    task = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    projects = {code: Project(code, cost) for code, cost in task["costs"].items()}
    instance = Instance(projects.values(), budget_limit=task["budget"])
    profile = ApprovalProfile(ApprovalBallot(projects[code] for code in paper)
                              for paper, times in task["papers"] for _ in range(times))
    ties = TieBreakingRule(lambda _instance, found, project: (
        -found.approval_score(project), project.cost, task["rank"][project.name]))
    started = time.process_time()
    funded = exhaustion_by_budget_increase(
        instance, profile, method_of_equal_shares, {"sat_class": Cost_Sat, "tie_breaking": ties},
        exhaustive_stop=False, budget_step=len(profile) * task["step"])
    spent = time.process_time() - started
    print(json.dumps({"cpu": spent, "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                      "funded": sorted(project.name for project in funded)}))


if __name__ == "__main__":
    main()
