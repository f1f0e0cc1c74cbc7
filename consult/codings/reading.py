"""Keeping what two readers found in answers, and what was decided where they differ."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.codings import queries
from consult.codings.asked import AnswerKey, Asked
from consult.codings.models import DECIDED, AnswerCode, CodeFound, Coder, Coding
from consult.codings.queries import Read
from consult.core import db as database
from consult.core import events
from consult.core.db import db, insert, rows_touched, table

Found = Mapping[AnswerKey, Collection[int]]
"""By answer: the ids of the codes found in it, none where none fits."""


class NoSeatError(Exception):
    """Two others read these answers; nothing was written."""


class StaleReadingError(Exception):
    """Some answers were read, decided or changed meanwhile; nothing was written."""

    def __init__(self, answers: Collection[Read]) -> None:
        super().__init__(len(answers))
        self.answers = answers


@dataclass(frozen=True, kw_only=True)
class AnswersCoded(events.Event):
    """Somebody read answers and said which codes they found. How many, never which."""

    question_id: int
    seat: int
    how_many: int


@dataclass(frozen=True, kw_only=True)
class CodesDecided(events.Event):
    """Somebody decided which codes count where the readers differ."""

    question_id: int
    how_many: int


def alone(asked: Asked) -> None:
    """Have others who work on the coding of a question wait: what both readers found is compared as it is saved."""
    database.alone(f"coding of question {asked.question.id}")


def save(asked: Asked, person: Person, found: Found, seen: Mapping[AnswerKey, str]) -> int:
    """Keep what a reader found in some answers: all of it, or none on failure. Answers how many were kept.

    Whoever reads for the first time takes a seat. An answer that both have read stays as each read it.
    Raises NoSeatError, and StaleReadingError with the answers that are no longer as they were seen.
    """
    alone(asked)
    seat = _sit(asked, person)
    wanted = _resolved(asked, found)
    known = queries.answers(asked, wanted)
    stale = [known.get(key, Read(key, "")) for key, codes in wanted.items() if key not in known
             or (known[key].codes.get(seat) != codes
                 and (known[key].both or known[key].stamp(seat) != seen.get(key)))]
    if stale:
        raise StaleReadingError(stale)
    new = {key: codes for key, codes in wanted.items() if known[key].codes.get(seat) != codes}
    _write(asked, seat, new)
    if new:
        settle(asked, new)
        events.record(AnswersCoded(actor_id=person.id, question_id=asked.question.id, seat=seat, how_many=len(new)))
    return len(new)


def decide(asked: Asked, person: Person, found: Found, seen: Mapping[AnswerKey, str]) -> int:
    """Keep which codes count of answers on which both readers differ. Answers how many were decided.

    Raises StaleReadingError with the answers that were decided by somebody else meanwhile or have no differences.
    """
    alone(asked)
    wanted = _resolved(asked, found)
    known = queries.answers(asked, wanted)
    stale = [known.get(key, Read(key, "")) for key, codes in wanted.items()
             if key not in known or not known[key].both or known[key].agreed
             or (known[key].codes.get(DECIDED) != codes and known[key].stamp(DECIDED) != seen.get(key))]
    if stale:
        raise StaleReadingError(stale)
    new = {key: codes for key, codes in wanted.items() if known[key].codes.get(DECIDED) != codes}
    _write(asked, DECIDED, new, decided_by_id=person.id)
    if new:
        events.record(CodesDecided(actor_id=person.id, question_id=asked.question.id, how_many=len(new)))
    return len(new)


def settle(asked: Asked, keys: Iterable[AnswerKey] | None = None) -> None:
    """Let what both readers found alike count, where nothing counts yet: of some answers, or of all."""
    first, second, known = aliased(Coding), aliased(Coding), aliased(Coding)
    which = [first.question_id == asked.question.id, first.seat == 1, identical(first, second),
             ~sa.exists().where(queries.same_answer(known, first), known.seat == DECIDED)]
    some = None if keys is None else list(keys)
    if some is not None:
        which.append(_one_of(first, some))
    own = (first.submission_id, first.question_id, first.row_id, first.option_id)
    names = ["submission_id", "question_id", "row_id", "option_id"]
    alike = sa.select(*own, sa.literal(DECIDED), sa.true(), sa.literal(1)).join(
        second, sa.and_(queries.same_answer(first, second), second.seat == 2)).where(*which)
    db.session.execute(sa.insert(table(Coding)).from_select([*names, "seat", "agreed", "version"], alike))
    code, there = aliased(CodeFound), aliased(CodeFound)
    settled = sa.exists().where(queries.same_answer(known, code), known.seat == DECIDED, known.agreed.is_(True))
    copied = sa.exists().where(queries.same_answer(there, code), there.seat == DECIDED, there.code_id == code.code_id)
    codes = sa.select(code.submission_id, code.question_id, code.row_id, code.option_id, sa.literal(DECIDED),
                      code.code_id).where(code.question_id == asked.question.id, code.seat == 1, settled, ~copied,
                                     sa.true() if some is None else _one_of(code, some))
    db.session.execute(sa.insert(table(CodeFound)).from_select([*names, "seat", "code_id"], codes))


def identical(first: Any, second: Any) -> sa.ColumnElement[bool]:
    """The condition that from both seats exactly the same codes were found in an answer."""
    return sa.and_(*(~_lacking(one, other) for one, other in ((first, second), (second, first))))


def _lacking(one: Any, other: Any) -> sa.ColumnElement[bool]:
    """That a code was found from one seat and not from the other."""
    here, there = aliased(CodeFound), aliased(CodeFound)
    also = sa.exists().where(queries.same_answer(there, here), there.seat == other.seat, there.code_id == here.code_id)
    return sa.exists().where(queries.same_answer(here, one), here.seat == one.seat, ~also.correlate(here, other))


def _sit(asked: Asked, person: Person) -> int:
    seat = queries.seat_for(asked, person)
    if seat is None:
        raise NoSeatError
    taken = queries.coders(asked)
    if seat not in taken:
        db.session.execute(insert(Coder).values(question_id=asked.question.id, seat=seat, person_id=person.id))
    elif taken[seat] is None:
        own = table(Coder)
        rows_touched(sa.update(own).where(own.c.question_id == asked.question.id, own.c.seat == seat)
                     .values(person_id=person.id))
    return seat


def _resolved(asked: Asked, found: Found) -> dict[AnswerKey, set[int]]:
    """The same with codes that were merged meanwhile as those they are part of, and without those not there."""
    now = {id: into or id for id, into in db.session.execute(
        sa.select(AnswerCode.id, AnswerCode.merged_into_id).where(AnswerCode.question_id == asked.question.id))}
    return {key: {now[id] for id in codes if id in now} for key, codes in found.items()}


def _write(asked: Asked, seat: int, found: Mapping[AnswerKey, Collection[int]], **values: Any) -> None:
    """Put what was found from a seat in the place of what was found before: three statements at most."""
    if not found:
        return
    own, codes = table(Coding), table(CodeFound)
    keys = {answer: {"submission_id": answer[0], "question_id": asked.question.id, "row_id": 0,
                     "option_id": answer[1], "seat": seat} for answer in found}
    row = insert(Coding).values([{**key, **values} for key in keys.values()])
    db.session.execute(row.on_conflict_do_update(
        index_elements=["submission_id", "question_id", "row_id", "option_id", "seat"],
        set_={"version": own.c.version + 1, **values}))
    db.session.execute(sa.delete(codes).where(
        codes.c.question_id == asked.question.id, codes.c.seat == seat, _one_of(codes.c, found)))
    rows = [{**keys[answer], "code_id": code} for answer, ids in found.items() for code in sorted(ids)]
    if rows:
        db.session.execute(sa.insert(codes), rows)


def _one_of(rows: Any, keys: Iterable[AnswerKey]) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(sa.and_(rows.submission_id == s, rows.option_id == o) for s, o in keys))
