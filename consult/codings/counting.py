"""The codes that count, as tables: in how many answers each was found, in all and by municipality."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.codings import asked as askings
from consult.codings.asked import Asked
from consult.codings.models import DECIDED, AnswerCode, CodeFound, Coding
from consult.core import disclosure
from consult.core.charts import Column, Row, Sheet, Table, Value
from consult.core.db import db
from consult.core.languages import Localized, everywhere
from consult.processes import queries as processes
from consult.surveys import queries as surveys
from consult.surveys import statistics
from consult.surveys.ground import Ground, column
from consult.surveys.models import Answer, Submission, Survey
from consult.surveys.queries import ELSEWHERE, Places

METHOD = _l("Two people read the answers without knowing what the other found; where they differed it was decided. "
            "In one answer several codes can be found, so shares add up to more than the whole.")


@dataclass
class CodeCounts:
    """Of one question, in people: by place how many wrote, of how many it counts what they wrote, and each code."""

    written: int = 0
    decided: Places = field(default_factory=Counter)
    coded: int = 0
    """Those in whose answer some code was found."""
    codes: defaultdict[int, Places] = field(default_factory=lambda: defaultdict(Counter))


def counted(questions: Sequence[Asked]) -> dict[int, CodeCounts]:
    """Count the codes that count of some questions, by the id of the question: four queries."""
    ids = [asked.question.id for asked in questions]
    counts = {id: CodeCounts() for id in ids}
    place = sa.func.coalesce(Submission.municipality_id, ELSEWHERE)
    people = sa.func.count(sa.distinct(Submission.id))
    for id, number in db.session.execute(
            sa.select(Answer.question_id, sa.func.count(sa.distinct(Answer.submission_id)))
            .where(sa.or_(sa.false(), *(asked.texts for asked in questions))).group_by(Answer.question_id)):
        counts[id].written = number
    for id, where, number in db.session.execute(
            sa.select(Coding.question_id, place, people).join(Submission, Submission.id == Coding.submission_id)
            .where(Coding.question_id.in_(ids), Coding.seat == DECIDED).group_by(Coding.question_id, place)):
        counts[id].decided[where] = number
    for id, code_id, where, number in db.session.execute(
            sa.select(CodeFound.question_id, CodeFound.code_id, place, people)
            .join(Submission, Submission.id == CodeFound.submission_id)
            .where(CodeFound.question_id.in_(ids), CodeFound.seat == DECIDED)
            .group_by(CodeFound.question_id, CodeFound.code_id, place)):
        counts[id].codes[code_id][where] = number
    for id, number in db.session.execute(
            sa.select(CodeFound.question_id, sa.func.count(sa.distinct(CodeFound.submission_id)))
            .where(CodeFound.question_id.in_(ids), CodeFound.seat == DECIDED).group_by(CodeFound.question_id)):
        counts[id].coded = number
    return counts


def codes_of(questions: Sequence[Asked]) -> dict[int, list[AnswerCode]]:
    """The codes of some questions in their order, by the id of the question: one query."""
    found: dict[int, list[AnswerCode]] = {asked.question.id: [] for asked in questions}
    for code in db.session.scalars(sa.select(AnswerCode).where(
            AnswerCode.question_id.in_(found), AnswerCode.merged_into_id.is_(None))
            .order_by(AnswerCode.position, AnswerCode.id)):
        found[code.question_id].append(code)
    return found


def tables(questions: Sequence[Asked], ground: Ground) -> Iterable[Table]:
    """The tables of some questions: nothing of one of which fewer than five answers count."""
    if not questions:
        return
    counts, codes = counted(questions), codes_of(questions)
    for asked in questions:
        own = counts[asked.question.id]
        offered = [code for code in codes[asked.question.id] if not code.retired or own.codes[code.id].total()]
        if own.decided.total() >= disclosure.MINIMUM and offered:
            yield _whole(asked, own, offered)
            if ground.broken_down:
                yield _by_place(asked, own, offered, ground)


def of_question(asked: Asked, *, by_place: bool = True) -> list[Table]:
    """The tables of one question as they are now."""
    return list(tables([asked], ground_of(asked.survey, told=by_place)))


def ground_of(survey: Survey, *, told: bool = True) -> Ground:
    """Where the submissions to a survey came from."""
    return Ground(processes.municipalities(survey.phase.process), surveys.submissions_by_place(survey), told=told)


def _whole(asked: Asked, counts: CodeCounts, codes: Sequence[AnswerCode]) -> Table:
    decided = counts.decided.total()
    found = [(code.name, counts.codes[code.id].total()) for code in codes]
    rows = [Row(label=label, values=(number, _share(number, decided))) for label, number in found]
    without = decided - counts.coded
    if without:
        rows.append(Row(label=everywhere(_l("None of the codes fits")), values=(without, _share(without, decided))))
    rows.append(Row(label=everywhere(_l("Answers that were coded")), values=(decided, 1.0), total=True))
    rows.append(Row(label=everywhere(_l("Answers in all")), values=(counts.written, "–"), total=True))
    return Table(code=f"codes-{asked.question.id}", caption=_caption(asked), heading=everywhere(_l("Code")), chart=True,
                 rows=tuple(rows), note=everywhere(METHOD),
                 columns=(column(_l("Answers")), column(_l("Share of coded answers"), "share")))


def _by_place(asked: Asked, counts: CodeCounts, codes: Sequence[AnswerCode], ground: Ground) -> Table:
    lines = ground.crossed([(code.name, counts.codes[code.id]) for code in codes], exclusive=False)
    lines.append(Row(label=everywhere(_l("Filled-in surveys")), total=True,
                     values=tuple(ground.shown.get(id) for id in ground.places)))
    return Table(code=f"codes-{asked.question.id}-places", heading=everywhere(_l("Code")), rows=tuple(lines),
                 caption=everywhere(_l("%(question)s What people wrote, by municipality",
                                       question=asked.question.prompt)),
                 columns=tuple(Column(label=ground.names[id]) for id in ground.places))


def _caption(asked: Asked) -> Localized:
    return everywhere(_l("%(question)s What people wrote", question=asked.question.prompt))


def _share(number: int, of: int) -> Value:
    return round(number / of, 4) if of else "–"


def at_close(survey: Survey) -> dict[int, str]:
    """What each coding that was begun gives to the results of a survey, by the id of the question."""
    begun = [asked for asked in askings.of_survey(survey) if asked.codebook is not None]
    ground = ground_of(survey)
    made = list(tables(begun, ground))
    return {asked.question.id: Sheet(
        kind="coding", title=asked.question.prompt, figures=(), method=Localized(), channels={},
        tables=tuple(one for one in made if one.code in _codes_of_tables(asked))).as_json() for asked in begun}


def _codes_of_tables(asked: Asked) -> set[str]:
    return {f"codes-{asked.question.id}", f"codes-{asked.question.id}-places"}


def frozen(asked: Asked) -> Sequence[Table]:
    """The tables that went into the results when the survey closed."""
    kept = asked.codebook.at_close if asked.codebook else None
    return Sheet.from_json(kept).tables if kept else ()


@statistics.also
def in_the_sheet(survey: Survey, ground: Ground) -> Iterable[Table]:
    """What a survey that is over says of the codes: as they stood when it closed.

    While it is open nothing: from one reading of the figures to the next a single answer could have been coded.
    """
    begun = [asked for asked in askings.of_survey(survey) if asked.codebook is not None] if survey.over() else []
    for asked in begun:
        yield from frozen(asked)
    yield from tables([asked for asked in begun if asked.codebook and asked.codebook.at_close is None], ground)


def finished(survey: Survey) -> list[Table]:
    """What codings that were finished after the survey had closed add to its results.

    Where figures by municipality went into the results before, none are given again: from both together small ones
    could be worked out.
    """
    closed = [asked for asked in askings.of_survey(survey) if asked.closed]
    ground, whole = ground_of(survey), ground_of(survey, told=False)
    return [*tables([asked for asked in closed if not frozen(asked)], ground),
            *tables([asked for asked in closed if frozen(asked)], whole)]
