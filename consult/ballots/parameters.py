"""What each way of voting asks to know besides its options: which fields matter for it, and what is kept of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from consult.core.languages import Localized
from consult.methods.interface import Form
from consult.methods.registry import METHODS

ORDERED = (Form.CHOICES, Form.RANKS, Form.POINTS)
FUNDED = tuple(name for name, method in METHODS.items() if method.needs_budget)
PAID = (*FUNDED, "points")
"""With these a budget can be spent, and options belong to lots of it."""
GREEDY = ("greedy", "greedy_threshold", "points")

MATTERS: Mapping[str, tuple[str, ...]] = {
    "maximum": tuple(name for name, method in METHODS.items() if method.form in ORDERED and name != "single"),
    "budget": PAID,
    "paper_budget": FUNDED,
    "lots": GREEDY,
    "exclusive": GREEDY,
    "skip": GREEDY,
    "threshold": ("greedy_threshold",),
    "threshold_percent": ("greedy_threshold",),
    "completion": ("equal_shares",),
    "lowest": ("score",),
    "highest": ("score",),
    "grades": ("judgement",),
    "points": ("points",),
    "most_objections": ("consent",),
    "cost": PAID,
    "lot": GREEDY,
}
"""The ways of voting for which a field of the form is asked; for the others it is neither shown nor kept."""
PLAIN = ("threshold", "threshold_percent", "lowest", "highest", "points", "most_objections", "skip", "paper_budget",
         "completion")
"""Those that are kept as they are typed."""
YES_OR_NO = (("yes", Localized({"it": "Sì", "en": "Yes", "de": "Ja", "fr": "Oui"})),
             ("no", Localized({"it": "No", "en": "No", "de": "Nein", "fr": "Non"})))
"""The options of the first question of a poll on a merger, which nobody has to write."""


def matters(field: str, method: str) -> bool:
    """Whether a field is asked for a way of voting."""
    return field not in MATTERS or method in MATTERS[field]


def kept(method: str, typed: Mapping[str, Any], *, lots: Mapping[str, int], exclusive: Sequence[Sequence[str]],
         grades: Sequence[Localized]) -> dict[str, Any]:
    """The parameters of a ballot: of what was typed, what matters for its way of voting."""
    found = {name: typed[name] for name in PLAIN if matters(name, method) and typed.get(name) is not None}
    if lots and matters("lots", method):
        found["lots"] = dict(lots)
    if exclusive and matters("exclusive", method):
        found["exclusive"] = [list(codes) for codes in exclusive]
    if grades and matters("grades", method):
        found["grades"] = [dict(grade) for grade in grades]
    return found
