"""Quotes: what people wrote, in their words, with the consent that they gave."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from consult.accounts.models import Person
from consult.codings import asked as askings
from consult.codings.asked import AnswerKey, Asked
from consult.codings.models import Codebook, Quote
from consult.codings.queries import same_answer
from consult.codings.reading import alone
from consult.contributions.models import State
from consult.core import disclosure, events, paging
from consult.core.db import StaleVersionError, db, insert, table
from consult.core.languages import Localized
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase
from consult.surveys.ground import Ground
from consult.surveys.models import Answer, Option, Question, Submission, Survey
from consult.surveys.queries import ELSEWHERE, Places

LEFT_OUT = "[…]"
"""Stands for what was left out."""
YES = "yes"
"""The code of the answer by which somebody agrees."""
SHORTEST = 3
"""Words of a quote."""
_GAP = re.compile(r"\[\s*(?:…|\.{3})\s*\]")
_WORD = re.compile(r"\w+|[^\w\s]")


class QuoteError(ValueError):
    """What cannot be quoted; the sentence says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class QuoteChosen(events.Event):
    """An answer to a question was chosen, or changed, as a quote. Which one is not said."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class QuoteRemoved(events.Event):
    """A quote no longer stands with the results."""

    question_id: int


@dataclass(frozen=True, kw_only=True)
class QuoteStood(events.Event):
    """A quote was published, hidden, or waits again."""

    question_id: int
    state: str


@dataclass(frozen=True)
class Quotable:
    """An answer whose author agreed that it is published, with the quote made of it."""

    key: AnswerKey
    text: str
    municipality_id: int | None
    quote: Quote | None


def shortened(original: str, typed: str) -> str | None:
    """What was typed as a quote of a text, if it is the text with passages left out and marked as […]; else None.

    The passages that stay are taken from the text itself: nothing in them can differ but the space between words.
    """
    words = list(_WORD.finditer(original))
    parts = [_WORD.findall(part) for part in _GAP.split(typed)]
    quoted: list[str] = []
    at = 0
    for number, part in enumerate(parts):
        first, last = number == 0, number == len(parts) - 1
        if not part:
            if not first and not last:
                continue
            if first and last:
                return None
            continue
        start = _place(words, part, at, begins=first, ends=last)
        if start is None:
            return None
        at = start + len(part)
        quoted.append(" ".join(original[words[start].start():words[at - 1].end()].split()))
    if sum(len(part) for part in parts) == 0:
        return None
    lead, trail = not parts[0], not parts[-1]
    return f"{LEFT_OUT} " * lead + f" {LEFT_OUT} ".join(quoted) + f" {LEFT_OUT}" * trail


def _place(words: Sequence[re.Match[str]], part: Sequence[str], since: int, *, begins: bool, ends: bool) -> int | None:
    """Where a passage stands in a text: at its beginning or its end where nothing is said to be left out there."""
    starts = [0] if begins else range(since, len(words) - len(part) + 1)
    if ends:
        at_end = len(words) - len(part)
        starts = [start for start in [at_end] if start >= since and start in starts]
    return next((start for start in starts if [word[0] for word in words[start:start + len(part)]] == part), None)


def quotable(asked: Asked, *, after: str | None = None) -> paging.Page:
    """A page of answers whose authors agreed that they are published, in no order of time; with their quotes."""
    order = [paging.Order(Answer.submission_id), paging.Order(Answer.option_id)]
    page = paging.page(_agreed(asked), order, after=after)
    return paging.Page([_row(row) for row in page.items], page.next)


def one(asked: Asked, key: AnswerKey) -> Quotable | None:
    """One of them."""
    row = db.session.execute(_agreed(asked).where(
        Answer.submission_id == key[0], Answer.option_id == key[1])).first()
    return _row(row) if row else None


def chosen(asked: Asked) -> list[Quotable]:
    """The answers to a question that are quotes, as long as their authors agree."""
    rows = db.session.execute(_agreed(asked).where(Quote.submission_id.is_not(None)).order_by(Answer.submission_id))
    return [_row(row) for row in rows]


def _row(row: Any) -> Quotable:
    submission_id, option_id, text, municipality_id, quote = row[:5]
    return Quotable((submission_id, option_id), text, municipality_id, quote)


def _agreed(asked: Asked) -> "sa.Select[Any]":
    """Answers of whoever answered yes to the question that asks for consent; none where no question asks for it."""
    consent_id = asked.codebook.consent_id if asked.codebook else None
    consent, yes = aliased(Answer), aliased(Option)
    agreed = sa.exists().where(
        consent.submission_id == Answer.submission_id, consent.question_id == consent_id,
        yes.id == consent.option_id, yes.question_id == consent.question_id, yes.code == YES)
    return cast("sa.Select[Any]", sa.select(
        Answer.submission_id, Answer.option_id, Answer.text, Submission.municipality_id, Quote)
        .join(Submission, Submission.id == Answer.submission_id)
        .outerjoin(Quote, same_answer(Quote, Answer))
        .where(asked.texts, agreed if consent_id else sa.false()))


def choose(asked: Asked, answer: Quotable, person: Person, *, text: str, with_place: bool, seen: int) -> None:
    """Have an answer stand with the results as a quote, once a moderator has published it; changed, it waits again.

    Raises QuoteError where it is not what was written, and StaleVersionError where it was changed meanwhile.
    """
    words = shortened(answer.text, text)
    if words is None:
        raise QuoteError(_l("A quote is what was written, word for word. You may leave passages out: write […] in "
                            "their place, also at the beginning and at the end."))
    if len([word for word in _WORD.findall(_GAP.sub(" ", words)) if word[0].isalnum()]) < SHORTEST:
        raise QuoteError(_l("Quote at least three words."))
    if with_place and answer.municipality_id not in places(asked):
        raise QuoteError(_l("The municipality is told only where at least five people from there answered."))
    alone(asked)
    key = {"submission_id": answer.key[0], "question_id": asked.question.id, "row_id": 0, "option_id": answer.key[1]}
    own = table(Quote)
    version = db.session.scalar(sa.select(own.c.version).where(*(own.c[name] == value for name, value in key.items())))
    if (version or 0) != seen:
        raise StaleVersionError(seen)
    values = {"text": words, "with_place": with_place, "chosen_by_id": person.id, "standing": State.PENDING}
    db.session.execute(insert(Quote).values(**key, **values).on_conflict_do_update(
        index_elements=list(key), set_={**values, "version": own.c.version + 1}))
    db.session.expire_all()
    events.record(QuoteChosen(actor_id=person.id, question_id=asked.question.id))


def remove(asked: Asked, answer: Quotable, person: Person) -> None:
    """Take a quote back."""
    if answer.quote is not None:
        db.session.delete(answer.quote)
        db.session.flush()
        events.record(QuoteRemoved(actor_id=person.id, question_id=asked.question.id))


def stand(quote: Quote, state: State, *, actor: Person | None) -> None:
    """Publish a quote, hide it, or let it wait."""
    quote.standing = state
    quote.version += 1
    db.session.flush()
    events.record(QuoteStood(actor_id=actor.id if actor else None, question_id=quote.question_id, state=state.value))


def reword(quote: Quote, text: str, *, actor: Person) -> None:
    """Let other words stand in a quote, such as those that are left when a passage is blacked out."""
    quote.text = text
    quote.version += 1
    db.session.flush()
    events.record(QuoteChosen(actor_id=actor.id, question_id=quote.question_id))


def places(asked: Asked) -> dict[int, str]:
    """The names of the municipalities that may stand with a quote: at least five from there answered the question.

    One whose figures are kept back elsewhere is not told either.
    """
    place = sa.func.coalesce(Submission.municipality_id, ELSEWHERE)
    counts, whole = Places(), Places()
    for where, number in db.session.execute(
            sa.select(place, sa.func.count(sa.distinct(Submission.id)))
            .join(Answer, Answer.submission_id == Submission.id).where(asked.texts).group_by(place)):
        counts[where] = number
    for where, number in db.session.execute(
            sa.select(place, sa.func.count()).where(Submission.survey_id == asked.survey.id).group_by(place)):
        whole[where] = number
    towns = processes.municipalities(asked.survey.phase.process)
    shown = Ground(towns, whole).shown
    return {town.id: town.name for town in towns
            if counts[town.id] >= disclosure.MINIMUM and shown.get(town.id) is not None}


@dataclass(frozen=True)
class Cited:
    """A quote as other texts cite it: by a mark that tells nothing of whoever wrote it."""

    mark: str
    text: str
    prompt: Localized
    survey_id: int


def of_process(process_id: int) -> list[Cited]:
    """The public quotes of a percorso whose authors agree, in one query and in no order of time."""
    rows = db.session.execute(
        sa.select(Quote.submission_id, Quote.question_id, Quote.row_id, Quote.option_id, Quote.text, Question.prompt,
                  Question.survey_id)
        .join(Codebook, Codebook.question_id == Quote.question_id).join(Question, Question.id == Quote.question_id)
        .join(Activity, Activity.id == Question.survey_id).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process_id, Quote.standing == State.PUBLISHED, agreed()))
    return sorted((Cited(_mark(*row[:4]), *row[4:]) for row in rows), key=lambda one: one.mark)


def agreed() -> sa.ColumnElement[bool]:
    """That whoever wrote a quote agrees that it is published; for statements that join its codebook."""
    consent, yes = aliased(Answer), aliased(Option)
    return sa.exists().where(
        consent.submission_id == Quote.submission_id, consent.question_id == Codebook.consent_id,
        yes.id == consent.option_id, yes.question_id == consent.question_id, yes.code == YES)


def _mark(submission_id: str, question_id: int, row_id: int, option_id: int) -> str:
    """Eight signs: submissions have names that nobody can guess, so that nobody finds one from its mark."""
    return hashlib.sha256(f"quote:{submission_id}:{question_id}:{row_id}:{option_id}".encode()).hexdigest()[:8]


@dataclass(frozen=True)
class Quoted:
    """What stands with the results: words, and where they come from if that may be told."""

    text: str
    place: str
    number: int
    chosen_by_id: int | None
    """Who chose it: nobody reports what is theirs."""


def published(survey: Survey) -> list[tuple[Asked, list[Quoted]]]:
    """The public quotes of a survey by question, in the order of their letters.

    Nothing tells which are by the same person.
    """
    found = []
    for asked in askings.of_survey(survey):
        those = chosen(asked) if asked.codebook and asked.codebook.consent_id else []
        quotes = [(one.quote, one.municipality_id) for one in those
                  if one.quote is not None and one.quote.standing is State.PUBLISHED]
        if quotes:
            told = places(asked) if any(quote.with_place for quote, _place in quotes) else {}
            found.append((asked, sorted([
                Quoted(quote.text, told.get(place or 0, "") if quote.with_place else "", quote.number,
                       quote.chosen_by_id)
                for quote, place in quotes], key=lambda one: one.text.casefold())))
    return found
