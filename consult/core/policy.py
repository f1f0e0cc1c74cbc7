"""One question for every permission: may this person do this to that, and if not, why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

Reason: TypeAlias = str | LazyString


@dataclass(frozen=True)
class Verdict:
    """The answer to `can`: true or false, with the sentence for the one refused."""

    granted: bool
    reason: Reason = ""
    sign_in_helps: bool = False

    def __bool__(self) -> bool:
        return self.granted


@dataclass(frozen=True)
class Predicate:
    """A small condition on a person and a thing, with the sentence shown where it fails.

    A reason that is a function is asked for the sentence with the same person and thing. `roles` names those who
    fulfil a condition on the role somebody has.
    """

    holds: Callable[[Any, Any], bool]
    name: str
    reason: Reason | Callable[[Any, Any], Reason]
    sign_in_helps: bool = False
    roles: frozenset[str] = frozenset()

    def __call__(self, person: Any, thing: Any) -> bool:
        return self.holds(person, thing)

    def sentence(self, person: Any, thing: Any) -> Reason:
        return self.reason(person, thing) if callable(self.reason) else self.reason


Rules = dict[str, list[list[Predicate]]]
"""For each action, clauses of which one must hold whole."""

_rules: Rules = {}


def refusing(
    reason: Reason | Callable[[Any, Any], Reason], *, sign_in_helps: bool = False
) -> Callable[[Callable[[Any, Any], bool]], Predicate]:
    """Make a predicate of a function of (person, thing)."""

    def wrap(holds: Callable[[Any, Any], bool]) -> Predicate:
        return Predicate(holds, holds.__name__, reason, sign_in_helps)

    return wrap


def register(rules: Rules) -> None:
    """Add a feature's table to the policy; an action is defined once."""
    twice = set(rules) & set(_rules)
    if twice and any(_rules[action] is not rules[action] for action in twice):
        raise ValueError(f"defined twice: {sorted(twice)}")
    _rules.update(rules)


def actions() -> Rules:
    """The whole policy, for the printed matrix and the tests."""
    return dict(sorted(_rules.items()))


def printed() -> str:
    """The whole policy as a table in Markdown: each action with the ways of being allowed."""
    lines = ["| action | allowed to |", "| --- | --- |"]
    for action, clauses in actions().items():
        ways = " *or* ".join(", ".join(predicate.name.replace("_", " ") for predicate in clause) for clause in clauses)
        lines.append(f"| `{action}` | {ways} |")
    return "\n".join(lines)


def can(person: Any, action: str, thing: Any = None) -> Verdict:
    """Ask the policy; of several failed clauses the one that got furthest gives the reason."""
    refusal, helps, furthest = _l("You are not allowed to do this."), False, -1
    for clause in _rules[action]:
        for met, predicate in enumerate(clause):
            if not predicate(person, thing):
                if met > furthest:
                    furthest, refusal = met, predicate.sentence(person, thing)
                    helps = predicate.sign_in_helps
                break
        else:
            return Verdict(True)
    return Verdict(False, refusal, helps)


@refusing(_l("This is open to everyone."))
def anyone(person: Any, thing: Any) -> bool:
    """Holds for every visitor."""
    return True


@refusing(_l("Sign in to do this."), sign_in_helps=True)
def signed_in(person: Any, thing: Any) -> bool:
    """Holds for whoever has signed in."""
    return bool(person.is_authenticated)
