"""Codes that an answer may hold, because answers that say the like hold them: a hint, never applied by itself.

The measure is that of similar proposals: the cosine of the weights of what words have in common (`search.queries`).
A reader gets no hint from what only the other has found: hints come from their own readings and from what counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.codings import queries
from consult.codings.asked import AnswerKey, Asked
from consult.codings.models import DECIDED, AnswerCode, CodeFound, Coding
from consult.codings.queries import Read
from consult.core.db import db
from consult.search import queries as search
from consult.search import stemming
from consult.surveys.models import Answer

EXAMPLES = 500
"""Coded answers that are looked through, of however many there are."""
LIKE = 3
"""Similar answers from which codes are taken."""


@dataclass(frozen=True)
class Hint:
    """A code that similar answers hold, and the words by which they are similar."""

    code: AnswerCode
    words: tuple[str, ...]


def hints(asked: Asked, page: Sequence[Read], seat: int, codes: Sequence[AnswerCode]) -> dict[AnswerKey, list[Hint]]:
    """For each answer of a page that was not read from a seat, the codes of the most similar: two queries."""
    unread = [answer for answer in page if seat not in answer.codes]
    examples = _examples(asked, seat) if unread else {}
    offered = {code.id: code for code in codes if not code.retired}
    if not examples or not offered:
        return {}
    known = search.Texts({key: text for key, (text, _codes) in examples.items()})
    return {answer.key: found for answer in unread
            if (found := _of(answer, known.like(answer.text, most=LIKE), examples, offered))}


def _of(answer: Read, alike: Sequence[tuple[AnswerKey, float, tuple[str, ...]]],
        examples: Mapping[AnswerKey, tuple[str, set[int]]], offered: Mapping[int, AnswerCode]) -> list[Hint]:
    """The codes of similar answers, those of the likest first, each with the words of the likest that has it."""
    found: dict[int, Hint] = {}
    written = stemming.as_written(answer.text)
    for key, _likeness, shared in alike:
        words = tuple(written.get(word, word) for word in shared)
        for id in sorted(examples[key][1] & offered.keys(), key=lambda one: offered[one].position):
            found.setdefault(id, Hint(offered[id], words))
    return list(found.values())


def _examples(asked: Asked, seat: int) -> dict[AnswerKey, tuple[str, set[int]]]:
    """Answers in which codes were found, with these codes."""
    coded = sa.exists().where(queries.same_answer(CodeFound, Coding), CodeFound.seat == Coding.seat)
    some = (sa.select(Coding.submission_id, Coding.option_id, Coding.seat, Answer.text)
            .join(Answer, queries.same_answer(Answer, Coding))
            .where(Coding.question_id == asked.question.id, Coding.seat.in_([DECIDED, seat]), coded)
            .order_by(Coding.seat, Coding.submission_id).limit(EXAMPLES)).subquery()
    rows = db.session.execute(
        sa.select(some.c.submission_id, some.c.option_id, some.c.text, CodeFound.code_id).join(CodeFound, sa.and_(
            CodeFound.submission_id == some.c.submission_id, CodeFound.question_id == asked.question.id,
            CodeFound.option_id == some.c.option_id, CodeFound.seat == some.c.seat)))
    found: dict[AnswerKey, tuple[str, set[int]]] = {}
    for submission_id, option_id, text, code_id in rows:
        found.setdefault((submission_id, option_id), (text or "", set()))[1].add(code_id)
    return found
