"""One question for every permission: may this person do this to that, and if not, why."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_login import AnonymousUserMixin

Reason: TypeAlias = str | LazyString


@dataclass(frozen=True)
class Verdict:
    """The answer to `can`: true or false, with the sentence for the one refused.

    `remedy` names the endpoint of a page where whoever is signed in can do something about a refusal.
    """

    granted: bool
    reason: Reason = ""
    sign_in_helps: bool = False
    remedy: str = ""

    def __bool__(self) -> bool:
        return self.granted


def _none(_person: Any, _thing: Any) -> str:
    return ""


@dataclass(frozen=True)
class Predicate:
    """A small condition on a person and a thing, with the sentence shown where it fails.

    A reason that is a function is asked for the sentence with the same person and thing. `roles` names those who
    fulfil a condition on the role somebody has. `remedy` answers the endpoint of a page where the person can make
    the condition hold, or nothing.
    """

    holds: Callable[[Any, Any], bool]
    name: str
    reason: Reason | Callable[[Any, Any], Reason]
    sign_in_helps: bool = False
    roles: frozenset[str] = frozenset()
    remedy: Callable[[Any, Any], str] = _none

    def __call__(self, person: Any, thing: Any) -> bool:
        return self.holds(person, thing)

    def sentence(self, person: Any, thing: Any) -> Reason:
        return self.reason(person, thing) if callable(self.reason) else self.reason


Rules = dict[str, list[list[Predicate]]]
"""For each action, clauses of which one must hold whole."""

_rules: Rules = {}
_NOBODY = AnonymousUserMixin()


def refusing(
    reason: Reason | Callable[[Any, Any], Reason], *, sign_in_helps: bool = False,
    remedy: Callable[[Any, Any], str] = _none,
) -> Callable[[Callable[[Any, Any], bool]], Predicate]:
    """Make a predicate of a function of (person, thing)."""

    def wrap(holds: Callable[[Any, Any], bool]) -> Predicate:
        return Predicate(holds, holds.__name__, reason, sign_in_helps, remedy=remedy)

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
    """Ask the policy; of several failed clauses the one that got furthest gives the reason, or one with a remedy.

    Somebody who is held back until they have done something else may meanwhile do what any visitor may, and what
    asks for no more than being known.
    """
    held_back: Verdict | None = getattr(person, "held_back", None)
    if held_back is None or any(known in clause for clause in _rules[action]):
        return _asked(person, action, thing)
    verdict = _asked(person, action, thing)
    return held_back if verdict and not _asked(_NOBODY, action, thing) else verdict


def _asked(person: Any, action: str, thing: Any) -> Verdict:
    refused, furthest = Verdict(False, _l("You are not allowed to do this.")), -1
    for clause in _rules[action]:
        for met, predicate in enumerate(clause):
            if not predicate(person, thing):
                remedy = predicate.remedy(person, thing)
                if remedy or (met > furthest and not refused.remedy):
                    furthest = met
                    refused = Verdict(False, predicate.sentence(person, thing), predicate.sign_in_helps, remedy)
                break
        else:
            return Verdict(True)
    return refused


@refusing(_l("This is open to everyone."))
def anyone(person: Any, thing: Any) -> bool:
    """Holds for every visitor."""
    return True


@refusing(_l("Sign in to do this."), sign_in_helps=True)
def signed_in(person: Any, thing: Any) -> bool:
    """Holds for whoever has signed in."""
    return bool(person.is_authenticated)


@refusing(_l("Sign in to do this."), sign_in_helps=True)
def known(person: Any, thing: Any) -> bool:
    """Holds for whoever has signed in, also while they are held back: for what frees them."""
    return bool(person.is_authenticated)
