"""Acts on the codes of a question, on who reads, and on what the counts become."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.codings import queries, reading
from consult.codings.asked import Asked
from consult.codings.models import AnswerCode, Codebook, CodeFound, Coder
from consult.core import events
from consult.core.charts import Sheet
from consult.core.db import StaleVersionError, db, hold, insert, rows_touched, table
from consult.core.languages import Localized
from consult.search import stemming

NOTHING = Sheet(kind="coding", title=Localized(), figures=(), tables=(), method=Localized(), channels={}).as_json()
"""What a coding that begins after the survey has closed gave to its results."""


class CodeError(ValueError):
    """A code that cannot be as asked for; the sentence says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class _AboutCode(events.Event):
    question_id: int
    code_id: int


class AnswerCodeAdded(_AboutCode):
    """The codebook of a question has a new code."""


class AnswerCodeChanged(_AboutCode):
    """A code has another name or definition."""


class AnswerCodeMoved(_AboutCode):
    """A code stands at another place."""


class AnswerCodeRetired(_AboutCode):
    """A code is no longer offered."""


class AnswerCodeResumed(_AboutCode):
    """A retired code is offered again."""


@dataclass(frozen=True, kw_only=True)
class AnswerCodeMerged(_AboutCode):
    """A code is part of another now."""

    into_id: int


@dataclass(frozen=True, kw_only=True)
class CoderReplaced(events.Event):
    """Somebody reads in the place of another."""

    question_id: int
    seat: int
    former_id: int | None


@dataclass(frozen=True, kw_only=True)
class ConsentQuestionChosen(events.Event):
    """It was said which question asks whether answers may be published, or that none does."""

    question_id: int
    consent_id: int | None


@dataclass(frozen=True, kw_only=True)
class CodingFinished(events.Event):
    """The coding of a question changes no more, and its counts stand with the results."""

    question_id: int


def add_code(asked: Asked, person: Person, *, name: Localized, definition: Localized) -> AnswerCode:
    """Add a code at the end of a codebook. Raises CodeError where there is one of this name."""
    _begin(asked)
    last = db.session.scalar(sa.select(sa.func.max(AnswerCode.position)).where(
        AnswerCode.question_id == asked.question.id))
    code = AnswerCode(question_id=asked.question.id, key=key_of(name), name=name, definition=definition,
                      position=(last or 0) + 1)
    _unlike(asked, code.key)
    try:
        with db.session.begin_nested():
            db.session.add(code)
    except IntegrityError:
        raise CodeError(_l("There is a code of this name already.")) from None
    events.record(AnswerCodeAdded(actor_id=person.id, question_id=asked.question.id, code_id=code.id))
    return code


def change_code(asked: Asked, code: AnswerCode, person: Person, *, name: Localized, definition: Localized,
                seen: int) -> None:
    """Give a code another name or definition. Raises CodeError, and StaleVersionError where it changed meanwhile."""
    hold(code, seen)
    key = key_of(name)
    _unlike(asked, key, but=code.id)
    own = table(AnswerCode)
    try:
        with db.session.begin_nested():
            db.session.execute(sa.update(own).where(own.c.id == code.id).values(
                key=key, name=name, definition=definition, version=own.c.version + 1))
    except IntegrityError:
        raise CodeError(_l("There is a code of this name already.")) from None
    db.session.refresh(code)
    events.record(AnswerCodeChanged(actor_id=person.id, question_id=code.question_id, code_id=code.id))


def move_code(asked: Asked, code: AnswerCode, person: Person, *, by: int) -> None:
    """Have a code change places with its neighbour; the first and the last stay where they are."""
    reading.alone(asked)
    order = list(queries.codes(asked))
    at = order.index(code)
    to = at + (1 if by > 0 else -1)
    if not 0 <= to < len(order):
        return
    order[at], order[to] = order[to], order[at]
    for position, one in enumerate(order, 1):
        one.position = position
    db.session.flush()
    events.record(AnswerCodeMoved(actor_id=person.id, question_id=code.question_id, code_id=code.id))


def retire(code: AnswerCode, person: Person, *, retired: bool) -> None:
    """Offer a code no longer, or again; where it was found it stays."""
    if code.retired == retired:
        return
    code.retired = retired
    code.version += 1
    db.session.flush()
    kind = AnswerCodeRetired if retired else AnswerCodeResumed
    events.record(kind(actor_id=person.id, question_id=code.question_id, code_id=code.id))


def merge(asked: Asked, code: AnswerCode, into: AnswerCode, person: Person, *, seen: int) -> None:
    """Make a code part of another: wherever it was found, the other was found.

    Raises StaleVersionError where the code changed meanwhile, and CodeError for a code and itself.
    """
    if code.id == into.id or into.question_id != code.question_id:
        raise CodeError(_l("Choose another code of the same question."))
    reading.alone(asked)
    hold(code, seen)
    db.session.refresh(into, with_for_update=True)
    if into.merged_into_id is not None:
        raise StaleVersionError(seen)
    found, there = table(CodeFound), aliased(CodeFound)
    keys = (CodeFound.submission_id, CodeFound.question_id, CodeFound.row_id, CodeFound.option_id, CodeFound.seat)
    already = sa.exists().where(queries.same_answer(there, CodeFound), there.seat == CodeFound.seat,
                                there.code_id == into.id)
    rows = sa.select(*keys, sa.literal(into.id)).where(CodeFound.code_id == code.id, ~already)
    db.session.execute(sa.insert(found).from_select([*(key.key for key in keys), "code_id"], rows))
    db.session.execute(sa.delete(found).where(found.c.code_id == code.id))
    own = table(AnswerCode)
    db.session.execute(sa.update(own).where(sa.or_(own.c.id == code.id, own.c.merged_into_id == code.id))
                       .values(merged_into_id=into.id, version=own.c.version + 1))
    db.session.expire(code)
    reading.settle(asked)
    events.record(AnswerCodeMerged(actor_id=person.id, question_id=code.question_id, code_id=code.id, into_id=into.id))


def take_over(asked: Asked, seat: int, person: Person) -> None:
    """Have somebody read in the place of another, whose readings stay. Raises CodeError for one of the two."""
    reading.alone(asked)
    taken = queries.coders(asked)
    if seat not in taken or person.id in taken.values():
        raise CodeError(_l("You read these answers already, or nobody reads from there."))
    own = table(Coder)
    db.session.execute(sa.update(own).where(own.c.question_id == asked.question.id, own.c.seat == seat)
                       .values(person_id=person.id))
    events.record(CoderReplaced(actor_id=person.id, question_id=asked.question.id, seat=seat, former_id=taken[seat]))


def choose_consent(asked: Asked, consent_id: int | None, person: Person, *, seen: int) -> None:
    """Say by which question people agree that their answer is published. Raises StaleVersionError."""
    _begin(asked)
    own = table(Codebook)
    row = sa.update(own).where(own.c.question_id == asked.question.id, own.c.version == max(seen, 1))
    if not rows_touched(row.values(consent_id=consent_id, version=own.c.version + 1)):
        raise StaleVersionError(seen)
    _look_again(asked)
    events.record(ConsentQuestionChosen(actor_id=person.id, question_id=asked.question.id, consent_id=consent_id))


def finish(asked: Asked, person: Person) -> None:
    """Let nothing of a coding change any more, so that its counts can stand with the results."""
    reading.alone(asked)
    own = table(Codebook)
    row = sa.update(own).where(own.c.question_id == asked.question.id, own.c.closed.is_(False))
    if rows_touched(row.values(closed=True, version=own.c.version + 1)):
        _look_again(asked)
        events.record(CodingFinished(actor_id=person.id, question_id=asked.question.id))


def key_of(name: Localized) -> str:
    """A name as it is compared with others."""
    italian = name.in_language("it")
    return " ".join(word for _piece, word in stemming.pieces(italian) if word)[:120] or italian.casefold().strip()


def _begin(asked: Asked) -> None:
    """Have a codebook. One begun once no answers come any more gives nothing to the results, which are counted."""
    values: dict[str, Any] = {"at_close": NOTHING} if asked.survey.over() else {}
    db.session.execute(insert(Codebook).values(question_id=asked.question.id, **values).on_conflict_do_nothing())


def _look_again(asked: Asked) -> None:
    known = db.session.get(Codebook, asked.question.id)
    if known is not None:
        db.session.refresh(known)


def _unlike(asked: Asked, key: str, but: int | None = None) -> None:
    """Raise CodeError where a question has a code of this name, saying where it is."""
    other = db.session.scalar(sa.select(AnswerCode).where(
        AnswerCode.question_id == asked.question.id, AnswerCode.key == key, AnswerCode.id != (but or 0)))
    if other is None:
        return
    if other.merged_into is not None:
        raise CodeError(_l("A code of this name is part of “%(code)s” now.", code=other.merged_into.name))
    if other.retired:
        raise CodeError(_l("There is a retired code of this name: it can be taken into use again."))
    raise CodeError(_l("There is a code of this name already."))
