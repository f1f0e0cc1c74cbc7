"""The figures of a questionnaire: a sheet of tables, whole and by municipality, with small figures kept back.

Answers of the whole are published as they are, as soon as five questionnaires were filled in. In the breakdown by
municipality every figure under five is kept back, and as many others as it takes to keep it so.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain, islice

from flask_babel import LazyString, format_decimal, format_percent
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core import disclosure
from consult.core.charts import KeyFigure, Row, Sheet, Table, Value, counted_by
from consult.core.languages import Localized, everywhere, one_after_another
from consult.processes import queries as processes
from consult.processes.models import Channel
from consult.surveys import counting, distribution, figures, queries
from consult.surveys.answers import ASKING, CHOICES
from consult.surveys.counting import Counts
from consult.surveys.distribution import Spread
from consult.surveys.ground import Ground, column
from consult.surveys.models import Option, Question, QuestionKind, Survey
from consult.territory.models import Municipality

Making = Callable[[Survey, Ground], Iterable[Table]]
_further: list[Making] = []


def also(making: Making) -> Making:
    """Have a function of a feature above add tables to the figures of each survey."""
    if making not in _further:
        _further.append(making)
    return making


TOLD = 4
"""Of how many questions the conclusion speaks: the tables speak of all."""

CHANNELS = {
    Channel.ONLINE: _l("Filled in online"),
    Channel.PAPER: _l("Filled in on paper"),
    Channel.DESK: _l("Filled in at the desk"),
    Channel.ASSEMBLY: _l("Filled in at a meeting"),
    Channel.IMPORTED: _l("Taken over from another system"),
}


@counted_by("survey")
def sheet(survey: Survey) -> Sheet:
    """Count a questionnaire now, from its rows, in a number of queries that does not depend on how many there are."""
    return told(survey, by_place=True)


def told(survey: Survey, *, by_place: bool) -> Sheet:
    """The sheet with figures by municipality or without: of two that follow each other those give small ones away."""
    counts, places = counting.counted(survey, by_place=by_place), processes.municipalities(survey.phase.process)
    total = counts.submissions.total()
    enough = total >= disclosure.MINIMUM
    return Sheet(
        kind="survey", title=survey.title, figures=tuple(_figures(survey, counts, places if by_place else ())),
        tables=tuple(_tables(survey, counts, Ground(places, counts.submissions, told=by_place))) if enough else (),
        method=_method(survey, enough), conclusion=_conclusion(survey, counts, enough),
        channels=dict(sorted((channel.value, number) for channel, number in counts.channels.items())),
        source={"activity": survey.id, "process": survey.phase.process.code,
                "opened": survey.opens_at.isoformat(), "closed": survey.closes_at.isoformat()})


def asking(survey: Survey) -> list[Question]:
    """The questions that ask for something: information texts do not."""
    return [question for question in queries.questions(survey) if question.kind in ASKING]


def _figures(survey: Survey, counts: Counts, places: Sequence[Municipality]) -> Iterable[KeyFigure]:
    yield KeyFigure(label=everywhere(_l("Filled-in surveys")), value=counts.submissions.total())
    if set(counts.channels) - {Channel.ONLINE}:
        for channel, label in CHANNELS.items():
            if counts.channels[channel]:
                yield KeyFigure(label=everywhere(label), value=counts.channels[channel])
    residents = sum(place.population for place in places)
    if residents:
        inside = sum(counts.submissions[place.id] for place in places)
        yield KeyFigure(label=everywhere(_l("For every 1,000 residents")),
                        value=round(inside * 1000 / residents, 1), unit="number")
    yield KeyFigure(label=everywhere(_l("Questions")), value=len(asking(survey)))


def _tables(survey: Survey, counts: Counts, ground: Ground) -> Iterable[Table]:
    if ground.broken_down:
        yield ground.table()
    questions = asking(survey)
    yield _answered(questions, counts)
    for question in questions:
        if counts.answered[question.id].total() >= disclosure.MINIMUM:
            yield from figures.tables(question, counts, ground)
    for making in _further:
        yield from making(survey, ground)


def _answered(questions: Sequence[Question], counts: Counts) -> Table:
    """How many answered each question; how many preferred not to, where that could be said."""
    total = counts.submissions.total()
    refusing = any(question.prefer_not or counts.refused[question.id] for question in questions)
    rows = []
    for question in questions:
        number = counts.answered[question.id].total()
        values: list[Value] = [number, round(number / total, 4)] if number >= disclosure.MINIMUM else [None, None]
        if refusing:
            refused: Value = counts.refused[question.id].total() if question.prefer_not else "–"
            values.append(refused if number >= disclosure.MINIMUM else None)
        rows.append(Row(label=question.prompt, values=tuple(values)))
    columns = [column(_l("Answers")), column(_l("Share of all"), "share")]
    return Table(code="answered", caption=everywhere(_l("How many answered each question")),
                 heading=everywhere(_l("Question")), rows=tuple(rows),
                 columns=tuple([*columns, column(figures.REFUSED)] if refusing else columns))


ONCE = _l("Each person could answer once.")
MORE_THAN_ONCE = _l("No account was needed to answer, so one person may have answered more than once.")
ANONYMOUS = _l("Answers are kept without name and without time.")
TOO_FEW = _l("Fewer than five surveys were filled in: what they say is not shown.")
COUNTED = _l("Every filled-in survey was counted, one by one, when these figures were made.")
NO_SAMPLE = _l("People chose themselves whether to answer: the figures say what they think and are not a sample "
               "of the population.")
SHARES = _l("Shares are of those who answered the question; where several answers could be chosen, they add up to "
            "more than the whole.")
MIDDLES = _l("Medians and quartiles are interpolated between neighbouring values.")
WHERE = _l("The municipality is that of the verified residence, else the one people state.")
KEPT_BACK = _l("By municipality, figures under five, and others from which these could be worked out, are not shown.")


def _method(survey: Survey, enough: bool) -> Localized:
    """How it was counted and what is not known, in sentences."""
    said = [COUNTED, ONCE if queries.once_each(survey) else MORE_THAN_ONCE, NO_SAMPLE]
    if survey.anonymous:
        said.append(ANONYMOUS)
    said += [SHARES, MIDDLES, WHERE, KEPT_BACK] if enough else [TOO_FEW]
    return one_after_another(*map(everywhere, said))


def _conclusion(survey: Survey, counts: Counts, enough: bool) -> Localized:
    """What came out, in words: what was answered most, the mean on a scale, what was ranked highest."""
    total = counts.submissions.total()
    said = [_n("%(count)s survey was filled in.", "%(count)s surveys were filled in.", total, count=_number(total))]
    answered = [question for question in asking(survey) if enough
                and counts.answered[question.id].total() >= disclosure.MINIMUM]
    told = islice(chain.from_iterable(_in_words(question, counts) for question in answered), TOLD)
    return one_after_another(*map(everywhere, [*said, *told]))


def _in_words(question: Question, counts: Counts) -> Iterable[LazyString]:
    if question.kind in (QuestionKind.SCALE, QuestionKind.ZERO_TO_TEN):
        values = {value: places.total() for value, places in counts.numbers[question.id].items()}
        ends = distribution.scale(question)
        yield _l("“%(question)s”: %(mean)s on average, on a scale from %(first)s to %(last)s.",
                 question=question.prompt, first=ends[0], last=ends[-1],
                 mean=LazyString(format_decimal, Spread(values).mean, "0.0"))
    elif question.kind is QuestionKind.RANKING:
        points = figures.points_by_rank(question, counts)
        for option in _ahead(question, points):
            yield _l("“%(question)s”: in the ranking of all, “%(answer)s” comes first.", question=question.prompt,
                     answer=option.label)
    elif question.kind in CHOICES:
        chosen = {option.id: counts.options[question.id, 0, option.id].total() for option in question.options}
        for option in _ahead(question, chosen):
            share = chosen[option.id] / counts.answered[question.id].total()
            yield _l("“%(question)s”: the most frequent answer is “%(answer)s”, given by %(share)s.",
                     question=question.prompt, answer=option.label,
                     share=LazyString(format_percent, share, "0\u00a0%"))


def _ahead(question: Question, found: Mapping[int, int]) -> list[Option]:
    """The option with most, or none where several have as much."""
    ranked = sorted(question.options, key=lambda option: -found[option.id])
    return ranked[:1] if len(ranked) > 1 and found[ranked[0].id] > found[ranked[1].id] else []


def _number(value: int) -> LazyString:
    return LazyString(format_decimal, value)
