"""verify.py counts every way of voting to the same result as the platform, though it shares no line with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from consult.ledger.canonical import plain
from consult.ledger.verifier import counting
from consult.methods.interface import Option, Paper, Rules
from consult.methods.registry import METHODS

CODES = ("a", "b", "c", "d")


@st.composite
def elections(draw, name):
    """Rules of a way of voting with a few papers, good and bad."""
    options = [Option(code=code, cost=draw(st.integers(1, 6)) * 10,
                      group=("merger" if code in "ab" else "name") if name == "poll" else draw(st.sampled_from("xy")))
               for code in CODES]
    parameters = {
        "score": {"lowest": -1, "highest": 3}, "points": {"points": 5}, "consent": {"most_objections": 30},
        "judgement": {"grades": ["no", "forse", "sì"]}, "greedy": {"skip": draw(st.booleans()), "lots": {"x": 60}},
        "greedy_threshold": {"threshold_percent": draw(st.integers(1, 60)), "exclusive": [["a", "b"]]},
        "equal_shares": {"completion": draw(st.sampled_from(["none", "greedy"])), "paper_budget": draw(st.booleans())},
    }.get(name, {})
    budget = 120 if METHODS[name].needs_budget or (name == "points" and draw(st.booleans())) else None
    rules = Rules(method=name, options=tuple(options), minimum=draw(st.integers(0, 1)), budget=budget,
                  maximum=1 if name == "single" else 4, parameters=parameters, seed="5eed")
    marks = st.dictionaries(st.sampled_from(CODES), st.integers(-1, 5) if draw(st.booleans()) else st.just(1))
    return rules, draw(st.lists(st.tuples(marks, st.integers(1, 3)), max_size=9))


@pytest.mark.parametrize("name", sorted(METHODS))
@settings(max_examples=60)
@given(data=st.data())
def test_the_recount_agrees(name, data):
    rules, papers = data.draw(elections(name))
    method = METHODS[name]
    fixed = plain({"method": name, "minimum": rules.minimum, "maximum": rules.maximum, "budget": rules.budget,
                   "parameters": rules.parameters, "seed": rules.seed,
                   "options": [{"code": o.code, "cost": o.cost, "group": o.group} for o in rules.options]})
    for marks, _times in papers:
        assert counting.valid(fixed, marks) == (method.fault(rules, marks) is None), marks
        if counting.valid(fixed, marks):
            assert dict(counting.adds(fixed, marks)) == dict(method.adds(rules, marks))
    counted = method.tally(rules, [Paper(marks=marks, times=times) for marks, times in papers])
    piles = [(marks, times) for marks, times in papers if counting.valid(fixed, marks)]
    assert sorted(counting.winners(fixed, piles)) == sorted(counted.winners)


def test_every_way_of_voting_can_be_recounted():
    assert set(counting.COUNTS) == set(METHODS)
