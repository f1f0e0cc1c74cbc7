"""What is known of the coding of a question: its codes, who reads, how far they are, and pages of answers."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from consult.accounts.models import Person
from consult.codings.asked import AnswerKey, Asked
from consult.codings.models import DECIDED, SEATS, AnswerCode, CodeFound, Coder, Coding
from consult.core import paging
from consult.core.db import db
from consult.surveys.models import Answer

PAGE = 20
"""Answers on a page that is read and saved at once."""


def codes(asked: Asked) -> Sequence[AnswerCode]:
    """The codes of a question in their order, those merged into others left out."""
    return db.session.scalars(sa.select(AnswerCode).where(
        AnswerCode.question_id == asked.question.id, AnswerCode.merged_into_id.is_(None))
        .order_by(AnswerCode.position, AnswerCode.id)).all()


def code(asked: Asked, id: int) -> AnswerCode | None:
    """A code of a question that was not merged into another."""
    found = db.session.get(AnswerCode, id)
    return found if found and found.question_id == asked.question.id and found.merged_into_id is None else None


def coders(asked: Asked) -> dict[int, int | None]:
    """By seat: the id of the person who reads from it, None of one who has left. Seats never taken are not there."""
    rows = db.session.execute(sa.select(Coder.seat, Coder.person_id).where(Coder.question_id == asked.question.id))
    return {seat: person_id for seat, person_id in rows}  # noqa: C416 - a result has keys, which dict() would ask for


def names(person_ids: Iterable[int | None]) -> dict[int, str]:
    """The shown names of some of the staff."""
    wanted = {id for id in person_ids if id is not None}
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))
    return {person.id: person.shown_name for person in people}


def seat_for(asked: Asked, person: Person) -> int | None:
    """From which seat somebody reads or could begin to: their own, else one that nobody has."""
    taken = coders(asked)
    own = next((seat for seat, id in taken.items() if id == person.id), None)
    return own or next((seat for seat in SEATS if taken.get(seat) is None), None)


@dataclass(frozen=True)
class Progress:
    """How far the coding of a question is, in answers."""

    answers: int
    by_seat: Mapping[int, int]
    both: int
    decided: int
    """What counts: found alike by both, or decided."""

    @property
    def differing(self) -> int:
        """Read by both and found different, and not decided."""
        return self.both - self.decided


def progress(asked: Asked) -> Progress:
    """How many answers there are, how many were read from each seat and by both, and how many count: three queries."""
    return progress_of([asked])[asked.question.id]


def progress_of(questions: Sequence[Asked]) -> dict[int, Progress]:
    """The same for several questions in as many queries; by id of the question."""
    ids = [asked.question.id for asked in questions]
    total: dict[int, int] = _counts(
        sa.select(Answer.question_id, sa.func.count())
        .where(sa.or_(sa.false(), *(asked.texts for asked in questions))).group_by(Answer.question_id))
    first, second = aliased(Coding), aliased(Coding)
    both = _counts(sa.select(first.question_id, sa.func.count()).join(second, same_answer(first, second)).where(
        first.question_id.in_(ids), first.seat == 1, second.seat == 2).group_by(first.question_id))
    seats: dict[int, dict[int, int]] = defaultdict(dict)
    for question_id, seat, number in db.session.execute(
            sa.select(Coding.question_id, Coding.seat, sa.func.count()).where(Coding.question_id.in_(ids))
            .group_by(Coding.question_id, Coding.seat)):
        seats[question_id][seat] = number
    return {id: Progress(total.get(id, 0), {seat: seats[id].get(seat, 0) for seat in SEATS}, both.get(id, 0),
                         seats[id].get(DECIDED, 0)) for id in ids}


def _counts(statement: sa.Select[int, int]) -> dict[int, int]:
    return {id: number for id, number in db.session.execute(statement)}  # noqa: C416 - as above


def same_answer(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """The condition that two rows are about the same answer."""
    return sa.and_(one.submission_id == other.submission_id, one.question_id == other.question_id,
                   one.row_id == other.row_id, one.option_id == other.option_id)


def read_from(seat: int) -> sa.ColumnElement[bool]:
    """The condition that a row of Answer was read from a seat."""
    return sa.exists().where(same_answer(Coding, Answer), Coding.seat == seat)


@dataclass
class Read:
    """An answer as a reader gets it, with what may be shown of its codes."""

    key: AnswerKey
    text: str
    codes: dict[int, set[int]] = field(default_factory=dict)
    """By seat: the codes found from it, none where none fits. A seat from which it was not read is not there."""
    versions: dict[int, int] = field(default_factory=dict)
    decided_by_id: int | None = None
    agreed: bool = False

    @property
    def name(self) -> str:
        """As fields of forms call it."""
        return f"{self.key[0]}-{self.key[1]}"

    def stamp(self, seat: int) -> str:
        """Changes with the text and with what was found from a seat: tells whether somebody saw it as it is."""
        return f"{self.versions.get(seat, 0)}.{hashlib.sha256(self.text.encode()).hexdigest()[:12]}"

    @property
    def both(self) -> bool:
        return all(seat in self.codes for seat in SEATS)


TO_READ, MINE = "to-read", "mine"


def to_code(asked: Asked, seat: int, which: str = TO_READ, *, after: str | None = None) -> paging.Page:
    """A page of answers for a reader, in no order of time: those not read from the seat yet, or those that were.

    What was found from the other seat comes with an answer only once it was read from both.
    """
    own = read_from(seat)
    page = _page(asked, own if which == MINE else ~own, after)
    for answer in page.items:
        if not answer.both:
            answer.codes = {at: found for at, found in answer.codes.items() if at == seat}
            answer.versions = {at: version for at, version in answer.versions.items() if at == seat}
    return page


def to_decide(asked: Asked, *, decided: bool = False, after: str | None = None) -> paging.Page:
    """A page of answers on which both readers differ: those that wait for a decision, or those that have it."""
    settled = sa.exists().where(same_answer(Coding, Answer), Coding.seat == DECIDED)
    decision = sa.exists().where(same_answer(Coding, Answer), Coding.seat == DECIDED, Coding.agreed.is_(False))
    which = decision if decided else sa.and_(*map(read_from, SEATS), ~settled)
    return _page(asked, which, after)


def answers(asked: Asked, keys: Iterable[AnswerKey]) -> dict[AnswerKey, Read]:
    """Some answers with all that was found in them; those that are not there are left out."""
    wanted = [sa.and_(Answer.submission_id == submission_id, Answer.option_id == option_id)
              for submission_id, option_id in keys]
    rows = db.session.execute(sa.select(Answer.submission_id, Answer.option_id, Answer.text)
                              .where(asked.texts, sa.or_(sa.false(), *wanted)))
    return {answer.key: answer for answer in _with_codes(asked, [Read((s, o), text or "") for s, o, text in rows])}


def _page(asked: Asked, which: sa.ColumnElement[bool], after: str | None) -> paging.Page:
    statement = sa.select(Answer.submission_id, Answer.option_id, Answer.text).where(asked.texts, which)
    page = paging.page(cast("sa.Select[Any]", statement),
                       [paging.Order(Answer.submission_id), paging.Order(Answer.option_id)], after=after, size=PAGE)
    return paging.Page(_with_codes(asked, [Read((s, o), text or "") for s, o, text in page.items]), page.next)


def _with_codes(asked: Asked, found: list[Read]) -> list[Read]:
    """Give answers what was found in them: two queries, however many there are."""
    by_key = {answer.key: answer for answer in found}
    ids = sorted({submission_id for submission_id, _option in by_key})
    if not ids:
        return found
    for coding in db.session.scalars(sa.select(Coding).where(
            Coding.question_id == asked.question.id, Coding.submission_id.in_(ids))
            .execution_options(populate_existing=True)):
        answer = by_key.get((coding.submission_id, coding.option_id))
        if answer:
            answer.codes[coding.seat], answer.versions[coding.seat] = set(), coding.version
            if coding.seat == DECIDED:
                answer.decided_by_id, answer.agreed = coding.decided_by_id, coding.agreed
    for submission_id, option_id, seat, code_id in db.session.execute(
            sa.select(CodeFound.submission_id, CodeFound.option_id, CodeFound.seat, CodeFound.code_id).where(
                CodeFound.question_id == asked.question.id, CodeFound.submission_id.in_(ids))):
        if (submission_id, option_id) in by_key:
            by_key[submission_id, option_id].codes[seat].add(code_id)
    return found


def uses(asked: Asked) -> dict[int, int]:
    """By id of a code: in how many answers it counts."""
    return _counts(sa.select(CodeFound.code_id, sa.func.count()).where(
        CodeFound.question_id == asked.question.id, CodeFound.seat == DECIDED).group_by(CodeFound.code_id))


def merged(asked: Asked) -> Sequence[AnswerCode]:
    """The codes that are part of others now, each with the one it is part of."""
    return db.session.scalars(sa.select(AnswerCode).where(
        AnswerCode.question_id == asked.question.id, AnswerCode.merged_into_id.is_not(None))
        .options(joinedload(AnswerCode.merged_into)).order_by(AnswerCode.id)).all()
