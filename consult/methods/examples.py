"""Three papers and what comes of them: what a way of voting does, seen at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import papers
from consult.methods.interface import Marks, Names, Option, Paper, Result, Rules
from consult.methods.registry import METHODS


@dataclass(frozen=True)
class Example:
    """A small ballot of three papers, each told in words, and its result with the reasons."""

    rules: Rules
    papers: tuple[Paper, ...]
    said: tuple[tuple[LazyString, ...], ...]
    result: Result
    because: tuple[LazyString, ...]
    names: Names


PATH, NURSERY, SQUARE = "A", "B", "C"
TITLES: Mapping[str, LazyString] = {
    PATH: _l("Cycle path"), NURSERY: _l("Nursery school"), SQUARE: _l("Market square"), "M1": _l("Yes, merge"),
    "M2": _l("No, stay as we are"), "N1": _l("Three Valleys"), "N2": _l("Upper Valley")}
_OPTIONS = tuple(Option(code=code) for code in (PATH, NURSERY, SQUARE))
_PROJECTS = (Option(code=PATH, cost=46_000), Option(code=NURSERY, cost=44_000), Option(code=SQUARE, cost=30_000))
_PLACES = (Option(code="M1", group="merger"), Option(code="M2", group="merger"), Option(code="N1", group="name"),
           Option(code="N2", group="name"))
_BUDGET = 90_000
_FREE = {"paper_budget": False}
_LIKED = ({PATH: 1, NURSERY: 1}, {PATH: 1, NURSERY: 1}, {SQUARE: 1})
_RANKED = ({PATH: 1, SQUARE: 2, NURSERY: 3}, {SQUARE: 1, NURSERY: 2, PATH: 3}, {PATH: 1, NURSERY: 2, SQUARE: 3})
_MARKS: Mapping[str, Sequence[Marks]] = {
    "single": ({PATH: 1}, {NURSERY: 1}, {PATH: 1}),
    "approval": ({PATH: 1, SQUARE: 1}, {NURSERY: 1, SQUARE: 1}, {SQUARE: 1}),
    "stances": ({PATH: 1, NURSERY: 0, SQUARE: 1}, {PATH: 1, NURSERY: 2, SQUARE: 0}, {PATH: 0, NURSERY: 0, SQUARE: 2}),
    "score": ({PATH: 8, NURSERY: 5, SQUARE: 2}, {PATH: 6, NURSERY: 9}, {PATH: 7, NURSERY: 4, SQUARE: 9}),
    "judgement": ({PATH: 4, NURSERY: 5, SQUARE: 1}, {PATH: 3, NURSERY: 0, SQUARE: 2},
                  {PATH: 4, NURSERY: 2, SQUARE: 5}),
    "schulze": _RANKED,
    "runoff": _RANKED,
    "borda": _RANKED,
    "points": ({PATH: 6, SQUARE: 4}, {NURSERY: 10}, {PATH: 3, SQUARE: 7}),
    "greedy": _LIKED,
    "greedy_threshold": _LIKED,
    "equal_shares": _LIKED,
    "consent": ({PATH: 1, NURSERY: 1, SQUARE: 1}, {PATH: 1, NURSERY: 2, SQUARE: 0}, {PATH: 1, NURSERY: 1, SQUARE: 1}),
    "poll": ({"M1": 1, "N1": 1}, {"M2": 1, "N1": 1}, {"M1": 1, "N2": 1}),
}
_RULES: Mapping[str, Mapping[str, Any]] = {
    "single": {"maximum": 1},
    "points": {"parameters": {"points": 10}},
    "greedy": {"options": _PROJECTS, "budget": _BUDGET, "parameters": _FREE},
    "greedy_threshold": {"options": _PROJECTS, "budget": _BUDGET, "parameters": {**_FREE, "threshold": 2}},
    "equal_shares": {"options": _PROJECTS, "budget": _BUDGET, "parameters": _FREE},
    "poll": {"options": _PLACES, "maximum": 2},
}


def example(name: str) -> Example:
    """Three papers of a way of voting, counted by it."""
    method = METHODS[name]
    rules = replace(Rules(method=name, options=_OPTIONS, minimum=1, maximum=len(_OPTIONS), seed="example"),
                    **_RULES.get(name, {}))
    cast = tuple(Paper(marks=marks) for marks in _MARKS[name])
    result = method.tally(rules, cast)
    names = TITLES.__getitem__
    return Example(rules, cast, tuple(tuple(papers.said(method, rules, paper.marks, names)) for paper in cast), result,
                   tuple(method.because(rules, result, names)), names)
