"""Counts papers with other programs, in the environment of `make oracles`: tasks as JSON in, winners as JSON out."""

import json
import sys
import warnings

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import exhaustion_by_budget_increase, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule
from pref_voting.grade_methods import majority_judgement
from pref_voting.grade_profiles import GradeProfile
from pref_voting.iterative_methods import instant_runoff_for_truncated_linear_orders
from pref_voting.margin_based_methods import beat_path
from pref_voting.profiles_with_ties import ProfileWithTies


def ranked(task):
    return ProfileWithTies([paper for paper, _times in task["papers"]],
                           rcounts=[times for _paper, times in task["papers"]], candidates=task["codes"])


def schulze(task):
    profile = ranked(task)
    profile.use_extended_strict_preference()
    return beat_path(profile, strength_function=profile.support)


def runoff(task):
    return instant_runoff_for_truncated_linear_orders(ranked(task))


def borda(task):
    profile = ranked(task)
    profile.use_extended_strict_preference()
    margins = {code: sum(profile.margin(code, other) for other in task["codes"]) for code in task["codes"]}
    return [code for code, margin in margins.items() if margin == max(margins.values())]


def judgement(task):
    profile = GradeProfile([paper for paper, _times in task["papers"]], list(range(task["grades"])),
                           gcounts=[times for _paper, times in task["papers"]])
    return majority_judgement(profile)


def budget(task):
    projects = {code: Project(code, cost) for code, cost in task["costs"].items()}
    instance = Instance(projects.values(), budget_limit=task["budget"])
    profile = ApprovalProfile(ApprovalBallot(projects[code] for code in paper)
                              for paper, times in task["papers"] for _ in range(times))
    rank = task["rank"]
    return instance, profile, TieBreakingRule(
        lambda _instance, found, project: (-found.approval_score(project), project.cost, rank[project.name]))


def equal_shares(task):
    instance, profile, ties = budget(task)
    return [project.name for project in exhaustion_by_budget_increase(
        instance, profile, method_of_equal_shares, {"sat_class": Cost_Sat, "tie_breaking": ties},
        exhaustive_stop=False, budget_step=len(profile) * task.get("step", 1))]


RULES = {"schulze": schulze, "runoff": runoff, "borda": borda, "judgement": judgement, "equal_shares": equal_shares}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    json.dump([sorted(map(str, RULES[task["rule"]](task))) for task in json.load(sys.stdin)], sys.stdout)
