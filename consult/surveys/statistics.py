"""The figures of a questionnaire: a sheet of tables, whole and by municipality, with small figures kept back.

Answers of the whole are published as they are, as soon as five questionnaires were filled in. In the breakdown by
municipality every figure under five is kept back, and as many others as it takes to keep it so.
"""

from collections.abc import Iterable, Sequence
from itertools import chain, islice

from flask_babel import LazyString, format_decimal, format_percent
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.core import disclosure
from consult.core.charts import Column, KeyFigure, Row, Sheet, Table, Unit, Value, counted_by
from consult.core.languages import Localized, everywhere, one_after_another
from consult.processes import queries as processes
from consult.processes.models import Channel
from consult.surveys import distribution, queries
from consult.surveys.answers import CHOICES, NUMBERS, ONE
from consult.surveys.distribution import Spread
from consult.surveys.models import Question, QuestionKind, Survey
from consult.surveys.queries import ELSEWHERE, Counts, Places
from consult.territory.models import Municipality

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
    counts = queries.counted(survey)
    total = counts.submissions.total()
    enough = total >= disclosure.MINIMUM
    return Sheet(
        kind="survey", title=survey.title, figures=tuple(_figures(survey, counts)),
        tables=tuple(_tables(survey, counts)) if enough else (),
        method=_method(survey, enough), conclusion=_conclusion(survey, counts, enough),
        channels=dict(sorted((channel.value, number) for channel, number in counts.channels.items())),
        source={"activity": survey.id, "process": survey.phase.process.code,
                "opened": survey.opens_at.isoformat(), "closed": survey.closes_at.isoformat()})


def _figures(survey: Survey, counts: Counts) -> Iterable[KeyFigure]:
    yield KeyFigure(label=everywhere(_l("Filled-in surveys")), value=counts.submissions.total())
    if set(counts.channels) - {Channel.ONLINE}:
        for channel, label in CHANNELS.items():
            if counts.channels[channel]:
                yield KeyFigure(label=everywhere(label), value=counts.channels[channel])
    places = processes.municipalities(survey.phase.process)
    residents = sum(place.population for place in places)
    if residents:
        inside = sum(counts.submissions[place.id] for place in places)
        yield KeyFigure(label=everywhere(_l("For every 1,000 residents")),
                        value=round(inside * 1000 / residents, 1), unit="number")
    yield KeyFigure(label=everywhere(_l("Questions")), value=len(queries.questions(survey)))


def _tables(survey: Survey, counts: Counts) -> Iterable[Table]:
    ground = Ground(processes.municipalities(survey.phase.process), counts.submissions)
    if ground.broken_down:
        yield ground.table()
    questions = queries.questions(survey)
    yield _answered(questions, counts)
    for question in questions:
        if counts.answered[question.id].total() >= disclosure.MINIMUM:
            if question.kind in CHOICES:
                yield from _chosen(question, counts, ground)
            elif question.kind in NUMBERS:
                yield from _measured(question, counts, ground)


class Ground:
    """Where the submissions came from: the places in their order, and what may be said of each."""

    def __init__(self, municipalities: Sequence[Municipality], submissions: Places) -> None:
        self.populations = {place.id: place.population for place in municipalities}
        self.names = {place.id: Localized.of(place.name) for place in municipalities}
        self.names[ELSEWHERE] = everywhere(_l("Elsewhere or not stated"))
        self.submissions = self.by_place(submissions)
        self.places = [id for id in self.names if self.submissions[id] or id != ELSEWHERE]
        self.present = [id for id in self.places if self.submissions[id]]
        self.broken_down = len(self.present) > 1
        self.shown = self.alone(self.submissions)

    def by_place(self, counts: Places) -> Places:
        """Counts by the places of this ground: every other municipality is elsewhere."""
        known = Places()
        for id, number in counts.items():
            known[id if id in self.names else ELSEWHERE] += number
        return known

    def alone(self, counts: Places) -> dict[int, int | None]:
        """One figure for each place, beside their known sum, as may be published."""
        present = [id for id in self.places if counts[id]]
        cells = disclosure.protect([[counts[id]] for id in present], row_totals=False)
        return {id: cell for id, (cell,) in zip(present, cells, strict=True)}

    def table(self) -> Table:
        """Submissions by municipality."""
        total = self.submissions.total()
        rows = []
        for id in self.places:
            number, residents = self.shown.get(id), self.populations.get(id)
            values: tuple[Value, ...] = (None, None, None) if number is None else (
                number, round(number / total, 4), round(number * 1000 / residents, 1) if residents else "–")
            rows.append(Row(label=self.names[id], values=values))
        return Table(
            code="places", caption=everywhere(_l("Where the answers come from")),
            heading=everywhere(_l("Municipality")), chart=True, rows=tuple(rows),
            columns=(_column(_l("Filled-in surveys")), _column(_l("Share of all"), "share"),
                     _column(_l("For every 1,000 residents"), "number")))

    def crossed(self, rows: Sequence[tuple[Localized, Places]], *, exclusive: bool) -> list[Row]:
        """Figures by place as may be published beside the sums of the rows and the submissions of each place.

        `exclusive` where every submission stands in exactly one row.
        """
        figures = [self.by_place(counts) for _label, counts in rows]
        filled = [at for at, counts in enumerate(figures) if counts.total()]
        cells = [[figures[at][id] for id in self.present] for at in filled]
        kept = disclosure.protect(cells) if exclusive else disclosure.protect(
            cells, column_totals=False, ceilings=[self.submissions[id] for id in self.present])
        shown = {at: dict(zip(self.present, line, strict=True)) for at, line in zip(filled, kept, strict=True)}
        return [Row(label=label, values=tuple(shown.get(at, {}).get(id) for id in self.places))
                for at, (label, _counts) in enumerate(rows)]


def _answered(questions: Sequence[Question], counts: Counts) -> Table:
    total = counts.submissions.total()
    rows = []
    for question in questions:
        number = counts.answered[question.id].total()
        few = number < disclosure.MINIMUM
        rows.append(Row(label=question.prompt, values=(None, None) if few else (number, round(number / total, 4))))
    return Table(code="answered", caption=everywhere(_l("How many answered each question")),
                 heading=everywhere(_l("Question")), rows=tuple(rows),
                 columns=(_column(_l("Answers")), _column(_l("Share of all"), "share")))


def _chosen(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """How many chose each option, in all and by municipality."""
    rows = [(option.label, counts.options[option.id]) for option in question.options]
    yield _whole(question, rows, counts.answered[question.id].total())
    if ground.broken_down:
        exclusive = question.kind in ONE
        silent = ground.by_place(counts.submissions)
        silent.subtract(ground.by_place(counts.answered[question.id]))
        if exclusive and silent.total():
            rows.append((everywhere(_l("No answer")), silent))
        lines = ground.crossed(rows, exclusive=exclusive)
        lines.append(Row(label=everywhere(_l("Filled-in surveys")), total=True,
                         values=tuple(ground.shown.get(id) for id in ground.places)))
        yield Table(code=f"question-{question.id}-places", heading=everywhere(_l("Answer")), rows=tuple(lines),
                    caption=_by_municipality(question),
                    columns=tuple(Column(label=ground.names[id]) for id in ground.places))


def _measured(question: Question, counts: Counts, ground: Ground) -> Iterable[Table]:
    """How the numbers given are spread, in all, and where their middle lies by municipality."""
    given = {value: ground.by_place(places) for value, places in counts.numbers[question.id].items()}
    spread = Spread({value: places.total() for value, places in given.items()})
    yield _whole(question, distribution.classes(question, spread), spread.size)
    yield Table(code=f"question-{question.id}-summary", heading=everywhere(_l("Figure")),
                caption=everywhere(_l("%(question)s In short", question=question.prompt)),
                columns=(_column(_l("Value"), "number"),),
                rows=tuple(Row(label=everywhere(label), values=(value,)) for label, value in spread.summary()))
    if ground.broken_down:
        yield _middles(question, given, ground)


def _middles(question: Question, given: dict[float, Places], ground: Ground) -> Table:
    by_place = {id: Spread({value: places[id] for value, places in given.items()}) for id in ground.places}
    shown = ground.alone(Places({id: spread.size for id, spread in by_place.items()}))
    rows = []
    for id in ground.places:
        number, spread = shown.get(id), by_place[id]
        values: tuple[Value, ...] = (None,) * 3 if number is None else (spread.mean, spread.quantile(0.5), number)
        rows.append(Row(label=ground.names[id], values=values))
    return Table(code=f"question-{question.id}-places", heading=everywhere(_l("Municipality")), chart=True,
                 caption=_by_municipality(question), rows=tuple(rows),
                 columns=(_column(_l("Mean"), "number"), _column(_l("Median"), "number"), _column(_l("Answers"))))


def _whole(question: Question, rows: Iterable[tuple[Localized, Places | int]], answered: int) -> Table:
    """A question's answers in all, each with its share of those who answered it."""
    lines = []
    for label, counts in rows:
        number = counts if isinstance(counts, int) else counts.total()
        lines.append(Row(label=label, values=(number, round(number / answered, 4))))
    lines.append(Row(label=everywhere(_l("Answered the question")), values=(answered, 1.0), total=True))
    return Table(code=f"question-{question.id}", caption=question.prompt, heading=everywhere(_l("Answer")),
                 chart=True, rows=tuple(lines),
                 columns=(_column(_l("Answers")), _column(_l("Share of those who answered"), "share")))


def _by_municipality(question: Question) -> Localized:
    return everywhere(_l("%(question)s By municipality", question=question.prompt))


def _column(label: LazyString, unit: Unit = "count") -> Column:
    return Column(label=everywhere(label), unit=unit)


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
    """What came out, in words: what was answered most, and the mean on a scale, for the first questions."""
    total = counts.submissions.total()
    said = [_n("%(count)s survey was filled in.", "%(count)s surveys were filled in.", total, count=_number(total))]
    answered = [question for question in queries.questions(survey) if enough
                and counts.answered[question.id].total() >= disclosure.MINIMUM]
    told = islice(chain.from_iterable(_in_words(question, counts) for question in answered), TOLD)
    return one_after_another(*map(everywhere, [*said, *told]))


def _in_words(question: Question, counts: Counts) -> Iterable[LazyString]:
    if question.kind is QuestionKind.SCALE:
        values = {value: places.total() for value, places in counts.numbers[question.id].items()}
        points = distribution.scale(question)
        yield _l("“%(question)s”: %(mean)s on average, on a scale from %(first)s to %(last)s.",
                 question=question.prompt, first=points[0], last=points[-1],
                 mean=LazyString(format_decimal, Spread(values).mean, "0.0"))
    if question.kind in CHOICES:
        ranked = sorted(((counts.options[o.id].total(), o) for o in question.options), key=lambda pair: -pair[0])
        if len(ranked) > 1 and ranked[0][0] > ranked[1][0]:
            share = ranked[0][0] / counts.answered[question.id].total()
            yield _l("“%(question)s”: the most frequent answer is “%(answer)s”, given by %(share)s.",
                     question=question.prompt, answer=ranked[0][1].label,
                     share=LazyString(format_percent, share, "0\u00a0%"))


def _number(value: int) -> LazyString:
    return LazyString(format_decimal, value)
