"""Random ballots counted by pref_voting and pabutools too; `make oracles` brings them."""

import json
import random
import subprocess
from pathlib import Path

import pytest

from consult.methods import lots
from consult.methods.interface import Paper
from consult.methods.registry import METHODS
from tests.methods.build import rules

ORACLE = Path(__file__).resolve().parents[2] / ".oracles" / "bin" / "python"
CODES = "ABCDE"
EACH = 60
chance = random.Random(2026)  # noqa: S311 - papers, not secrets


def tied_order():
    ranked = chance.sample(CODES, chance.randint(1, len(CODES)))
    return {code: chance.randint(1, len(ranked)) for code in ranked}


def strict_order():
    return {code: place for place, code in enumerate(chance.sample(CODES, chance.randint(1, len(CODES))), 1)}


def grades():
    return {code: chance.randint(0, 5) for code in CODES}


def ballot(rule, draw):
    papers = [(draw(), chance.randint(1, 4)) for _ in range(chance.randint(1, 9))]
    return {"rule": rule, "papers": papers, "codes": list(CODES), "grades": 6}


def budget():
    costs = {code: chance.randint(5, 60) for code in CODES}
    papers = [(sorted(chance.sample(CODES, chance.randint(1, 4))), chance.randint(1, 3)) for _ in range(8)]
    drawn = lots.drawn(rules("equal_shares", costs=costs), CODES)
    return {"rule": "equal_shares", "costs": costs, "papers": papers, "budget": chance.randint(60, 140),
            "rank": {code: at for at, code in enumerate(drawn)}}


@pytest.fixture(scope="module")
def answered():
    """Tasks by rule, each with the winners that the other program finds: all asked at once, as it starts slowly."""
    if not ORACLE.exists():
        pytest.skip("pref_voting and pabutools are not there: `make oracles` brings them")
    drawn = {"schulze": tied_order, "borda": tied_order, "runoff": strict_order, "judgement": grades}
    tasks = [ballot(rule, draw) for rule, draw in drawn.items() for _ in range(EACH)]
    tasks += [budget() for _ in range(EACH // 2)]
    said = subprocess.run([ORACLE, Path(__file__).with_name("oracle.py")], input=json.dumps(tasks), text=True,
                          capture_output=True, check=True).stdout
    answers = {}
    for task, winners in zip(tasks, json.loads(said), strict=True):
        answers.setdefault(task["rule"], []).append((task, winners))
    return answers


def counted(task):
    return METHODS[task["rule"]].tally(rules(task["rule"], codes=CODES), [
        Paper(marks=marks, times=times) for marks, times in task["papers"]])


@pytest.mark.parametrize("method", ["schulze", "borda"])
def test_random_orders_have_the_winners_that_pref_voting_finds(answered, method):
    for task, winners in answered[method]:
        assert list(counted(task).order[0]) == winners


def test_random_runoffs_have_the_winner_that_pref_voting_finds(answered):
    compared = 0
    for task, winners in answered["runoff"]:
        result = counted(task)
        if all(tie.dropped == tie.among for tie in result.ties):  # of several last it takes out all, always
            assert list(result.winners) == winners
            compared += 1
    assert compared > EACH // 3


def test_random_grades_have_the_winners_that_pref_voting_finds(answered):
    for task, winners in answered["judgement"]:  # it tells fewer of equal middle grades apart
        assert set(counted(task).order[0]) <= set(winners)
    assert sum(len(winners) == 1 for _task, winners in answered["judgement"]) > EACH // 2


def test_random_budgets_have_the_projects_that_pabutools_funds(answered):
    for task, funded in answered["equal_shares"]:
        these = rules("equal_shares", costs=task["costs"], budget=task["budget"], parameters={"paper_budget": False})
        result = METHODS["equal_shares"].tally(these, [
            Paper(marks=dict.fromkeys(chosen, 1), times=times) for chosen, times in task["papers"]])
        assert sorted(result.winners) == funded, task
