"""Quotes of answers in people's own words, as they lie before the moderators.

Nobody reads here who wrote them. What is decided is told to whoever chose them for the plan office.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.codings import quoting
from consult.codings.models import Codebook, Quote
from consult.contributions.models import State
from consult.core import languages, richtext
from consult.core.db import db
from consult.core.policy import can
from consult.moderation import matters, reported
from consult.moderation.matters import Matter, Passage, Source
from consult.moderation.models import Act, Origin
from consult.moderation.reported import Reportable
from consult.processes.models import Phase
from consult.surveys.models import Question, Submission, Survey

KIND = "quote"


class Quoted(Reportable):
    """What the plan office would publish of an answer."""

    source = KIND
    kind = KIND
    organisation_id = None
    organisation = None

    def __init__(self, quote: Quote, survey: Survey, *, agreed: bool) -> None:
        self._it, self._agreed = quote, agreed
        self.code = f"Q-{quote.number}"
        self.heading, self.language = richtext.excerpt(quote.text, 60), languages.DEFAULT
        self.author_id, self.author = quote.chosen_by_id, quote.chosen_by
        self.process_id, self.activity = survey.process_id, survey

    @property
    def number(self) -> int:
        return self._it.number

    @property
    def thing(self) -> Quote:
        return self._it

    @property
    def state(self) -> State:  # type: ignore[override]
        """Where it stands; nothing is left to decide once whoever wrote it agrees no longer."""
        return self._it.standing if self._agreed else State.WITHDRAWN

    @property
    def version(self) -> int:  # type: ignore[override]
        return self._it.version

    @property
    def address(self) -> str:  # type: ignore[override]
        return f"/risultati/{self.activity_id}"

    def correction(self, person: Any) -> str:
        if not can(person, "coding.quote", self.activity):
            return ""
        return url_for("quotes.quote", id=self.activity_id, question=self._it.question_id,
                       submission=self._it.submission_id, option=self._it.option_id)

    def passages(self) -> Sequence[Passage]:
        return [Passage("quote", self._it.text)]

    def rewrite(self, passages: Sequence[Passage], actor: Person, *, reason: str) -> None:
        for passage in passages:
            quoting.reword(self._it, passage.text, actor=actor)

    def hold(self) -> None:
        db.session.refresh(self._it, ["standing", "version", "text"], with_for_update=True)

    def pass_to(self, state: State, actor: Person | None) -> None:
        quoting.stand(self._it, state, actor=actor)


@matters.source(KIND)
class Quotes(Source):
    """All that was chosen to be quoted and whose authors agree."""

    headlines = {Act.HIDE: _l("A quote that you chose was hidden"),  # noqa: RUF012
                 Act.REVISE: _l("You are asked to change a quote that you chose"),
                 Act.REDACT: _l("A passage of a quote that you chose was blacked out")}
    effects = {Act.HIDE: _l("It does not stand with the results. The answer itself is counted as before."),  # noqa: RUF012
               Act.REVISE: _l("It does not stand with the results until you have changed it and a moderator has read "
                              "it again. The answer itself is counted as before."),
               Act.REDACT: _l("Everybody can read the rest. The answer itself is counted as before.")}
    initiatives = {Origin.HELD: _l("Quotes of answers are read before they are published.")}  # noqa: RUF012

    def find(self, numbers: Iterable[int]) -> dict[int, Matter]:
        rows = db.session.execute(
            sa.select(Quote, Survey, quoting.agreed())
            .join(Codebook, Codebook.question_id == Quote.question_id).join(Question, Question.id == Quote.question_id)
            .join(Survey, Survey.id == Question.survey_id).where(Quote.number.in_(list(numbers)))
            .options(joinedload(Quote.chosen_by), joinedload(Survey.phase).joinedload(Phase.process)))
        return {quote.number: Quoted(quote, survey, agreed=agreed) for quote, survey, agreed in rows.unique()}

    def waiting(self) -> Sequence[tuple[Origin, sa.Select[Any]]]:
        return [(Origin.GRAVE, _reported(harmful=True)),
                (Origin.HELD, _row(Quote.chosen_on).where(Quote.standing == State.PENDING)),
                (Origin.FLAGGED, _reported(harmful=False))]

    def labels(self) -> dict[str, tuple[LazyString, LazyString]]:
        return {KIND: (_l("Quote of an answer"), _l("Quotes of answers"))}


def _reported(*, harmful: bool) -> sa.Select[Any]:
    flagged = reported.waiting(KIND, harmful=harmful)
    return _row(flagged.c.since).join(flagged, flagged.c.number == Quote.number).where(
        Quote.standing == State.PUBLISHED)


def _row(since: Any) -> sa.Select[Any]:
    columns: list[sa.ColumnElement[Any]] = [
        Quote.number.label("number"), sa.literal(KIND).label("kind"), since.label("since"),
        Question.survey_id.label("activity_id"), Quote.chosen_by_id.label("author_id"),
        sa.cast(sa.null(), sa.Integer).label("organisation_id"),
        sa.cast(Submission.channel, sa.String(24)).label("channel")]
    return (sa.select(*columns).select_from(Quote).join(Codebook, Codebook.question_id == Quote.question_id)
            .join(Question, Question.id == Quote.question_id)
            .join(Submission, Submission.id == Quote.submission_id).where(quoting.agreed()))
