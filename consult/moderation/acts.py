"""What each act does and what undoes it: a feature offers an act, and the desk, the record and the undoing know it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from consult.accounts.models import Person
from consult.contributions.models import State
from consult.moderation.matters import Matter, desk
from consult.moderation.models import Act, Decision

LIVING = frozenset({State.PENDING, State.PUBLISHED, State.HIDDEN})
"""Drafts and what was withdrawn are nobody's business."""

CERTAIN = frozenset({Act.APPROVE, Act.RESTORE, Act.HIDE, Act.REVISE, Act.KEEP})
"""Acts that nothing can stand in the way of once they are offered: they never raise RefusedError."""

SENTENCE = 20
"""Characters below which nobody has explained anything."""


class UnreasonedError(ValueError):
    """An act that needs a reason, or a sentence of its own, has none."""


class RefusedError(ValueError):
    """What a moderator wants cannot be done; its text is the sentence that says why and what to do."""


@dataclass(frozen=True, kw_only=True)
class Order:
    """What a moderator wants done: the act with its reason, a note to the author and what else the act must know."""

    act: Act
    reason: str | None = None
    note: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Ids and numbers, kept in the record."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Words that the act needs and the record does not keep."""


class Rule(Protocol):
    """How one act is carried out; every act is one small class."""

    act: Act
    reasoned: bool
    """It needs one of the reasons."""
    least: int
    """Characters that its note has at least."""
    settles: bool
    """It answers the flags, and what waited waits no longer."""
    own_page: bool
    """It needs more than a reason and a note, and has a page of its own on which that is said."""

    def offered(self, matter: Matter) -> bool:
        """Whether it can be done as the matter stands."""

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        """Do it; the decision has its id. Raises RefusedError for what cannot be."""

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        """Undo it, within seconds, where nothing else has happened since."""


@runtime_checkable
class Plain(Protocol):
    """An act that has a page of its own, though it needs no more than a reason and a note."""

    def details_of(self, matter: Matter, moderator: Person) -> Mapping[str, Any]:
        """What else it must know, which nobody has to say. Raises RefusedError for what cannot be."""


_rules: dict[Act, Rule] = {}


def offer(kind: Callable[[], Rule]) -> Callable[[], Rule]:
    """Register an act."""
    rule = kind()
    _rules[rule.act] = rule
    return kind


def rule(act: Act) -> Rule:
    """How an act is carried out."""
    return _rules[act]


def known(act: Act) -> bool:
    """Whether somebody has said how an act is carried out."""
    return act in _rules


def offered(matter: Matter) -> tuple[Act, ...]:
    """What can be decided of a matter as it stands, in the order of the acts."""
    return tuple(act for act in Act if known(act) and _rules[act].offered(matter))


def plain(act: Act) -> bool:
    """Whether an act needs no more than a reason and a note, so that it can be decided of several things at once."""
    return known(act) and (not _rules[act].own_page or isinstance(_rules[act], Plain))


def details_of(act: Act, matter: Matter, moderator: Person) -> Mapping[str, Any]:
    """What a plain act must know beside its reason and note."""
    found = _rules[act]
    return found.details_of(matter, moderator) if isinstance(found, Plain) else {}


def of_any(sources: Collection[str]) -> list[Act]:
    """The plain acts for things of these sources, in their order: reviews and the like have some of their own."""
    desks = {bool(desk(source)) for source in sources}
    return [act for act in Act if plain(act) and getattr(_rules[act], "of_desks", False) in desks]


def of_all(matters: Collection[Matter]) -> list[Act]:
    """The plain acts that can be decided of each of these things as they stand."""
    return [act for act in Act if plain(act) and all(_rules[act].offered(one) for one in matters)]


class Passage:
    """An act that takes a matter from some states to another."""

    reasoned = False
    least = 0
    settles = True
    own_page = False

    def __init__(self, act: Act, before: frozenset[State], after: State) -> None:
        self.act, self._before, self._after = act, before, after

    def offered(self, matter: Matter) -> bool:
        return matter.state in self._before

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        matter.pass_to(self._after, moderator)

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        matter.pass_to(State(decision.details["before"]), moderator)


def _explained(passage: Passage) -> Rule:
    """Whoever loses something by it reads which rule, and at least a sentence."""
    passage.reasoned, passage.least = True, SENTENCE
    return passage


@offer
def approve() -> Rule:
    """What waited becomes public."""
    return Passage(Act.APPROVE, frozenset({State.PENDING}), State.PUBLISHED)


@offer
def restore() -> Rule:
    """What was hidden becomes public again."""
    return Passage(Act.RESTORE, frozenset({State.HIDDEN}), State.PUBLISHED)


@offer
def hide() -> Rule:
    """What is public, or waits, is hidden: with a reason."""
    found = Passage(Act.HIDE, frozenset({State.PENDING, State.PUBLISHED}), State.HIDDEN)
    return _explained(found)


@offer
def revise() -> Rule:
    """The author is asked to change it; until then it is not public."""
    return _explained(Passage(Act.REVISE, frozenset({State.PENDING, State.PUBLISHED}), State.HIDDEN))


@offer
class Keep:
    """What readers reported, or the programme pointed out, stays public."""

    act = Act.KEEP
    reasoned, least, settles, own_page = False, 0, True, False

    def offered(self, matter: Matter) -> bool:
        return matter.state is State.PUBLISHED and (matter.reported or matter.pointed_out)

    def carry_out(self, matter: Matter, decision: Decision, order: Order, moderator: Person) -> None:
        """Nothing changes: the flags are settled with every decision."""

    def take_back(self, matter: Matter, decision: Decision, moderator: Person) -> None:
        """Nothing had changed."""
