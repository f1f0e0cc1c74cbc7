"""The policy as people read it: each action, for whom it is, and under which conditions."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts import words as roles
from consult.accounts.models import Role
from consult.accounts.policy import verified
from consult.core import policy
from consult.core.policy import Predicate
from consult.governance import conditions, words


class Answer(enum.Enum):
    YES = "yes"
    DEPENDS = "depends"
    NO = "no"


@dataclass(frozen=True)
class Column:
    """A kind of people: whoever comes by, whoever has an account or a verified residence, or a role."""

    code: str
    label: LazyString
    role: Role | None = None


VISITOR = Column("visitor", _l("Anyone"))
PERSON = Column("person", _l("Whoever has an account"))
VERIFIED = Column("verified", _l("Verified residents"))
COLUMNS = (VISITOR, PERSON, VERIFIED, *(Column(role.value, name, role) for role, name in roles.ROLES.items()))


@dataclass(frozen=True)
class Way:
    """One way of being allowed: for whom it is (everybody where no role is named), and what else must hold."""

    roles: Sequence[LazyString]
    conditions: Sequence[LazyString]


@dataclass(frozen=True)
class Line:
    """An action with its ways, and the answer for each column."""

    action: str
    label: LazyString
    ways: Sequence[Way]
    answers: Sequence[Answer]


@dataclass(frozen=True)
class Group:
    """The actions of one part of the site."""

    code: str
    label: LazyString
    lines: Sequence[Line]


def groups() -> list[Group]:
    """The whole policy, by the part of the site; within it in the order in which its actions are named."""
    order, parts = list(words.ACTIONS), list(dict.fromkeys(part for part, _label in words.ACTIONS.values()))
    known = sorted(policy.actions().items(), key=lambda entry: (
        parts.index(words.ACTIONS[entry[0]][0]), order.index(entry[0])))
    return [Group(code, words.PARTS[code], [_line(action, clauses) for action, clauses in entries])
            for code, entries in groupby(known, key=lambda entry: words.ACTIONS[entry[0]][0])]


def _line(action: str, clauses: list[list[Predicate]]) -> Line:
    return Line(action=action, label=words.ACTIONS[action][1], ways=[_way(clause) for clause in clauses],
                answers=[answer(clauses, column) for column in COLUMNS])


def _way(clause: list[Predicate]) -> Way:
    asked = [predicate.roles for predicate in clause if predicate.roles]
    named = [name for role, name in roles.ROLES.items() if asked and all(role.value in wanted for wanted in asked)]
    whole = len(named) == len(roles.ROLES)
    return Way(roles=[_l("The staff")] if whole else named, conditions=[
        conditions.CONDITIONS[predicate.name].sentence for predicate in clause if not predicate.roles])


def answer(clauses: list[list[Predicate]], column: Column) -> Answer:
    """Whether somebody of a column may do something: always, never, or where the conditions hold."""
    found = {_of_clause(clause, column) for clause in clauses}
    return next(each for each in (Answer.YES, Answer.DEPENDS, Answer.NO) if each in found)


def _of_clause(clause: list[Predicate], column: Column) -> Answer:
    found = {_of_predicate(predicate, column) for predicate in clause}
    return next(each for each in (Answer.NO, Answer.DEPENDS, Answer.YES) if each in found)


def _of_predicate(predicate: Predicate, column: Column) -> Answer:
    if predicate.roles:
        return Answer.YES if column.role is not None and column.role.value in predicate.roles else Answer.NO
    if predicate is policy.anyone or (predicate is verified and column is VERIFIED):
        return Answer.YES
    if column is VISITOR and conditions.CONDITIONS[predicate.name].account:
        return Answer.NO
    return Answer.YES if predicate in (policy.signed_in, policy.known) else Answer.DEPENDS
