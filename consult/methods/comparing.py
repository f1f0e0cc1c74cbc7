"""The same papers counted by another rule that can read them, or what follows from them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.methods import score
from consult.methods.interface import Form, Marks, Paper, Result, Rules
from consult.methods.ranked import in_order
from consult.methods.registry import METHODS

Reading = Callable[[Rules, Marks], Marks]


@dataclass(frozen=True)
class Compared:
    """A rule, what would have come of the papers by it, and how they were read where it asks for another paper."""

    method: str
    title: LazyString
    rules: Rules
    result: Result
    read_as: LazyString | None

    @property
    def winners(self) -> tuple[str, ...]:
        return self.result.winners


def compared(rules: Rules, papers: Iterable[Paper]) -> tuple[Compared, ...]:
    """What would have come of the papers by each other rule that can read them; invalid ones are left aside."""
    method = METHODS[rules.method]
    valid = [paper for paper in papers if method.fault(rules, paper.marks) is None]
    found = []
    for other, read_as, reading in _others(rules):
        other_rules = _rules_for(rules, other)
        if METHODS[other].parameter_faults(other_rules):
            continue
        read = [replace(paper, marks=reading(rules, paper.marks)) for paper in valid]
        found.append(Compared(other, METHODS[other].title, other_rules, METHODS[other].tally(other_rules, read),
                              read_as))
    return tuple(found)


def _others(rules: Rules) -> list[tuple[str, LazyString | None, Reading]]:
    form = METHODS[rules.method].form
    return [(name, said, reading) for name, said, reading in _READINGS.get(form, ())
            if name != rules.method and (rules.budget is not None) == METHODS[name].needs_budget]


def _rules_for(rules: Rules, name: str) -> Rules:
    """The rules of a ballot with the same options and the same money, under which every paper read is valid."""
    parameters: dict[str, Any] = {**rules.parameters, "paper_budget": False}
    single = name == "single"
    return replace(rules, method=name, parameters=parameters, minimum=0, maximum=1 if single else len(rules.options))


def _as_it_is(_rules: Rules, marks: Marks) -> Marks:
    return marks


def _first(_rules: Rules, marks: Marks) -> Marks:
    """Only the one that is first alone."""
    best = [code for code, place in marks.items() if place == min(marks.values())]
    return {best[0]: 1} if len(best) == 1 else {}


def _strict(_rules: Rules, marks: Marks) -> Marks:
    """The order up to where several share a place."""
    kept: dict[str, int] = {}
    places = list(marks.values())
    for code in in_order(marks):
        if places.count(marks[code]) > 1:
            break
        kept[code] = len(kept) + 1
    return kept


def _by_height(_rules: Rules, marks: Marks) -> Marks:
    """Scores, grades or points as places: the highest first, equals together."""
    heights = sorted(set(marks.values()), reverse=True)
    return {code: heights.index(mark) + 1 for code, mark in marks.items()}


def _strict_by_height(rules: Rules, marks: Marks) -> Marks:
    return _strict(rules, _by_height(rules, marks))


def _only_highest(rules: Rules, marks: Marks) -> Marks:
    return _first(rules, _by_height(rules, marks))


def _upper_scores(rules: Rules, marks: Marks) -> Marks:
    lowest, highest = score.bounds(rules)
    return {code: 1 for code, mark in marks.items() if 2 * mark > lowest + highest}


def _upper_grades(rules: Rules, marks: Marks) -> Marks:
    return METHODS["judgement"].adds(rules, marks)


def _any_points(_rules: Rules, marks: Marks) -> Marks:
    return dict.fromkeys(marks, 1)


def _consents(_rules: Rules, marks: Marks) -> Marks:
    return {code: int(mark != 0) for code, mark in marks.items()}


_HIGHER = _l("What has the higher mark is read as preferred.")
_ALONE = _l("Only what a paper puts first, alone, is read.")
_UNTIL = _l("The order is read up to where several are equal.")
_CHOSEN = _l("What got points is read as chosen.")
_UPPER = _l("Marks of the upper half are read as approval.")
_READINGS: Mapping[Form, Sequence[tuple[str, LazyString | None, Reading]]] = {
    Form.CHOICES: [("greedy", None, _as_it_is), ("greedy_threshold", None, _as_it_is),
                   ("equal_shares", None, _as_it_is)],
    Form.RANKS: [("schulze", None, _as_it_is), ("runoff", _UNTIL, _strict), ("borda", None, _as_it_is),
                 ("single", _ALONE, _first)],
    Form.SCORES: [("approval", _UPPER, _upper_scores), ("schulze", _HIGHER, _by_height), ("borda", _HIGHER, _by_height),
                  ("runoff", _HIGHER, _strict_by_height), ("single", _ALONE, _only_highest)],
    Form.GRADES: [("approval", _UPPER, _upper_grades), ("schulze", _HIGHER, _by_height),
                  ("borda", _HIGHER, _by_height), ("single", _ALONE, _only_highest)],
    Form.POINTS: [("approval", _CHOSEN, _any_points), ("schulze", _HIGHER, _by_height),
                  ("greedy", _CHOSEN, _any_points), ("equal_shares", _CHOSEN, _any_points)],
    Form.CONSENT: [("stances", _l("Consent, with or without a reservation, is read as yes, an objection as no."),
                    _consents)],
}
