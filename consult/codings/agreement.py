"""How far two readers agree: Cohen's kappa (Educational and Psychological Measurement 20, 1960), and shares.

Each code is a judgement of its own, found or not found in an answer. Only answers that both have read count. What
would be agreed on by chance is worked out from how often each of the two finds the code; where that is everything,
as for a code that neither ever finds, there is no kappa.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.codings import queries
from consult.codings.asked import Asked
from consult.codings.models import SEATS, AnswerCode, CodeFound, Coding
from consult.codings.reading import identical
from consult.core.db import db

FEW = 30
"""Answers under which an agreement says little."""


@dataclass(frozen=True)
class OnCode:
    """How far the two agree on one code: how many answers both read, where both found it, and where each did.

    Tags of contributions are judged in the same way: a code is then a tag, and an answer a contribution.
    """

    code: Any
    answers: int
    both: int
    first: int
    second: int

    @property
    def share(self) -> float | None:
        """The share of answers in which both found it or neither did."""
        return (self.answers - self.first - self.second + 2 * self.both) / self.answers if self.answers else None

    @property
    def kappa(self) -> float | None:
        return kappa(self.answers, self.both, self.first, self.second)


@dataclass(frozen=True)
class Agreement:
    """How far the two agree on the answers that both have read."""

    answers: int
    alike: int
    """In how many both found exactly the same codes."""
    codes: Sequence[OnCode]

    @property
    def share(self) -> float | None:
        return self.alike / self.answers if self.answers else None

    @property
    def known(self) -> list[float]:
        """The kappas of the codes that have one."""
        return [one.kappa for one in self.codes if one.kappa is not None]

    @property
    def kappa(self) -> float | None:
        """The mean of the kappas of the codes that have one."""
        return sum(self.known) / len(self.known) if self.known else None

    @property
    def few(self) -> bool:
        return self.answers < FEW


def kappa(answers: int, both: int, first: int, second: int) -> float | None:
    """Cohen's kappa of two who judge the same answers by yes or no; None where chance alone explains everything."""
    by_chance = first * second + (answers - first) * (answers - second)
    if by_chance == answers * answers:
        return None
    agreed = answers - first - second + 2 * both
    return (answers * agreed - by_chance) / (answers * answers - by_chance)


def agreement(asked: Asked, codes: Sequence[AnswerCode]) -> Agreement:
    """Count it from the rows: four queries, however many answers and codes there are."""
    first, second = aliased(Coding), aliased(Coding)
    pairs = sa.select(sa.func.count()).select_from(first).join(
        second, sa.and_(queries.same_answer(first, second), second.seat == 2)).where(
        first.question_id == asked.question.id, first.seat == 1)
    answers = db.session.scalar(pairs) or 0
    alike = db.session.scalar(pairs.where(identical(first, second))) or 0
    by_seat: dict[int, dict[int, int]] = defaultdict(dict)
    for code_id, seat, number in db.session.execute(
            sa.select(CodeFound.code_id, CodeFound.seat, sa.func.count())
            .join(Coding, sa.and_(queries.same_answer(Coding, CodeFound), Coding.seat == sum(SEATS) - CodeFound.seat))
            .where(CodeFound.question_id == asked.question.id, CodeFound.seat.in_(SEATS))
            .group_by(CodeFound.code_id, CodeFound.seat)):
        by_seat[code_id][seat] = number
    one, other = aliased(CodeFound), aliased(CodeFound)
    found_by_both = {code_id: number for code_id, number in db.session.execute(  # noqa: C416 - rows are no pairs
        sa.select(one.code_id, sa.func.count()).join(other, sa.and_(
            queries.same_answer(one, other), other.code_id == one.code_id, other.seat == 2))
        .where(one.question_id == asked.question.id, one.seat == 1).group_by(one.code_id))}
    return Agreement(answers, alike, [
        OnCode(code, answers, found_by_both.get(code.id, 0), by_seat[code.id].get(1, 0), by_seat[code.id].get(2, 0))
        for code in codes])
