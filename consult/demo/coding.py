"""Answers in people's own words as two people have read them: where they differ one of them decided; one is quoted."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from consult.codings.models import DECIDED, SEATS, AnswerCode, Codebook, CodeFound, Coder, Coding, Quote
from consult.codings.quoting import YES
from consult.codings.services import key_of
from consult.contributions.models import State
from consult.core.db import db
from consult.demo import bulk
from consult.demo.story import Story
from consult.surveys.models import Answer, Option, Question


def load(story: Story) -> None:
    """The coding of each questionnaire that tells of one."""
    for told in story.told["surveys"]:
        entry = story.more["surveys"][told["id"]].get("coding")
        if entry is not None:
            samples = story.more["surveys"][told["id"]]["samples"]
            _code(story, entry, next(iter(samples.values())))


def _code(story: Story, entry: dict[str, Any], samples: Sequence[str]) -> None:
    asked = {row.code: row.id for row in db.session.execute(
        sa.select(Question.code, Question.id).where(Question.code.in_([entry["question"], entry["consent"]])))}
    question_id, consent_id = asked[entry["question"]], asked[entry["consent"]]
    readers = [story.people[name].id for name in entry["readers"]]
    codes = [AnswerCode(question_id=question_id, key=key_of(name), name=name, position=position,
                        definition=story.text(code["definition"]))
             for position, code in enumerate(entry["codes"], 1) for name in [story.text(code["name"])]]
    db.session.add_all([Codebook(question_id=question_id, consent_id=consent_id), *codes, *(
        Coder(question_id=question_id, seat=seat, person_id=id) for seat, id in zip(SEATS, readers, strict=True))])
    db.session.flush()
    by_text = {row.text: row.submission_id for row in db.session.execute(
        sa.select(Answer.text, Answer.submission_id).where(Answer.question_id == question_id)) if row.text}
    _read([by_text[text] for text in samples], question_id, [code.id for code in codes], entry, readers[0])
    _quote(samples, by_text, question_id, consent_id, readers[0])


def _read(submissions: Sequence[str], question_id: int, codes: Sequence[int], entry: dict[str, Any],
          decider: int) -> None:
    """What counts is what the first reader found, be it that the other found it too or that it was decided."""
    read, found = [], []
    for number, (submission_id, first) in enumerate(zip(submissions, entry["found"], strict=True)):
        second = entry["differing"].get(number, first)
        for seat, ids in ((DECIDED, first), *zip(SEATS, (first, second), strict=True)):
            key = {"submission_id": submission_id, "question_id": question_id, "row_id": 0, "option_id": 0,
                   "seat": seat}
            counts, alike = seat == DECIDED, first == second
            read.append({**key, "agreed": counts and alike, "decided_by_id": decider if counts and not alike else None})
            found += [{**key, "code_id": codes[at]} for at in ids]
    bulk.write(Coding, read)
    bulk.write(CodeFound, found)


def _quote(samples: Sequence[str], by_text: dict[str, str], question_id: int, consent_id: int, chooser: int) -> None:
    """The first of those whose authors agree."""
    agreed = set(db.session.scalars(
        sa.select(Answer.submission_id).join(Option, Option.id == Answer.option_id)
        .where(Answer.question_id == consent_id, Option.code == YES)))
    text = next(text for text in samples if by_text[text] in agreed)
    db.session.add(Quote(submission_id=by_text[text], question_id=question_id, option_id=0, text=text,
                         chosen_by_id=chooser, standing=State.PUBLISHED))
    db.session.flush()
