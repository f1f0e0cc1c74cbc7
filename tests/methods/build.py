"""Small ballots to count."""

from consult.methods.interface import Option, Paper, Rules
from consult.methods.registry import METHODS


def rules(method, *, costs=None, codes="ABC", groups=None, **values):
    """A ballot on these options, or on projects with these costs; one paper may mark them all."""
    costs = costs or dict.fromkeys(codes, 0)
    options = tuple(Option(code=code, cost=cost, group=(groups or {}).get(code, "")) for code, cost in costs.items())
    return Rules(**{"method": method, "options": options, "minimum": 0, "maximum": len(options), "seed": "seed",
                    **values})


def count(these, *cast):
    """The result of papers given as marks, or as (marks, how many)."""
    papers = [Paper(marks=each[0], times=each[1]) if isinstance(each, tuple) else Paper(marks=each) for each in cast]
    return METHODS[these.method].tally(these, papers)


def ranking(text):
    """Places from an order such as "A>B=C>D"."""
    return {code: place for place, together in enumerate(text.split(">"), 1) for code in together.split("=")}


def named(code):
    """The name of an option in a test: its code."""
    return code


def said(these, result):
    """The reasons of a result, as one text."""
    return " ".join(map(str, METHODS[these.method].because(these, result, named)))
