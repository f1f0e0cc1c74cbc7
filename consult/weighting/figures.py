"""The answers of a questionnaire weighted to the population, each beside what it is without weights."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import fsum, sqrt

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.charts import Row, Table, Value
from consult.core.languages import Localized, everywhere
from consult.crossings.variables import PLACE, SCALES, Variable, rows
from consult.processes import queries as processes
from consult.surveys.answers import CHOICES, MATRICES
from consult.surveys.distribution import scale
from consult.surveys.ground import column
from consult.surveys.models import Question, QuestionKind, Survey
from consult.surveys.queries import questions
from consult.weighting import queries
from consult.weighting.models import Trait, Weighting
from consult.weighting.queries import Given, Group
from consult.weighting.raking import EmptyCategoryError, NeverMetError, Raked, rake

NEVER_MET = _l("No weights meet all these numbers: merge categories that few answered in, or weight by fewer things.")
NOTHING = _l("Choose by what to weight.")
NOBODY = _l("Nobody has answered who can be weighted.")
SURE = 1.96


@dataclass(frozen=True)
class Category:
    """A category of a trait: how many of the population are in it, how many answered, and with which it is counted."""

    id: int
    label: Localized
    population: int | None
    answered: int
    merged_with_id: int | None


@dataclass(frozen=True)
class Known:
    """A trait with its categories."""

    trait: Trait
    variable: Variable
    categories: tuple[Category, ...]

    def group(self, id: int) -> int:
        """The category as whose part one is counted: of those that are merged, that with the lowest id."""
        groups = {category.id: category.id for category in self.categories}
        for category in self.categories:
            if category.merged_with_id in groups:
                one, other = groups[category.id], groups[category.merged_with_id]
                groups = {at: min(one, other) if root in (one, other) else root for at, root in groups.items()}
        return groups[id]

    @property
    def groups(self) -> dict[int, int]:
        """Each category with that as whose part it is counted."""
        return {category.id: self.group(category.id) for category in self.categories}

    @property
    def margin(self) -> dict[int, float]:
        """How many of the population are in each, merged."""
        found: dict[int, float] = {}
        for category in self.categories:
            group = self.group(category.id)
            found[group] = found.get(group, 0) + (category.population or 0)
        return found


@dataclass(frozen=True)
class Weighted:
    """Weights for each group of people, or why there are none."""

    known: tuple[Known, ...]
    people: Counter[Group]
    raked: Raked | None = None
    weights: Mapping[Group, float] | None = None
    reason: LazyString | None = None


def weighted(survey: Survey, weighting: Weighting) -> Weighted:
    """Weight the people of a questionnaire; those of whom some trait is not known have no weight."""
    variables = _traits(survey, weighting)
    people = queries.people(survey, [variable for _trait, variable in variables])
    known = tuple(_known(at, trait, variable, weighting, people, survey)
                  for at, (trait, variable) in enumerate(variables))
    if not known:
        return Weighted(known, people, reason=NOTHING)
    missing = next((category for one in known for category in one.categories
                    if category.answered and not one.margin[one.group(category.id)]), None)
    if missing is not None:
        return Weighted(known, people, reason=_l(
            "Now the population is missing: take the numbers from the indicators, or write them yourself. Of "
            "“%(category)s” there is none yet, and people of it have answered.",
            category=missing.label))
    cells, of_group = _cells(known, people)
    if not cells:
        return Weighted(known, people, reason=NOBODY)
    try:
        raked = rake(cells, [one.margin for one in known])
    except EmptyCategoryError as fault:
        return Weighted(known, people, reason=_l(
            "Nobody answered in “%(category)s”: merge it with another category, then its people are counted there.",
            category=next(c.label for c in known[fault.trait].categories if c.id == fault.category)))
    except NeverMetError:
        return Weighted(known, people, reason=NEVER_MET)
    return Weighted(known, people, raked, {group: raked.weights[cell] for group, cell in of_group.items()})


def _traits(survey: Survey, weighting: Weighting) -> list[tuple[Trait, Variable]]:
    found = []
    if weighting.by_place:
        places = processes.municipalities(survey.phase.process)
        found.append((Trait.PLACE, Variable(PLACE, everywhere(_l("Municipality")), tuple(
            (place.id, Localized.of(place.name)) for place in places))))
    by_question = {variable.question.id: variable for variable in rows(survey)
                   if variable.question and not variable.row_id}
    for trait, id in ((Trait.AGE, weighting.age_question_id), (Trait.GENDER, weighting.gender_question_id)):
        if id in by_question:
            found.append((trait, by_question[id]))
    return found


def _known(at: int, trait: Trait, variable: Variable, weighting: Weighting, people: Counter[Group],
           survey: Survey) -> Known:
    stored = {margin.category_id: margin for margin in weighting.margins if margin.trait is trait}
    residents = {place.id: place.population for place in processes.municipalities(survey.phase.process)}
    answered: Counter[object] = Counter()
    for group, number in people.items():
        answered[group[at]] += number
    categories = []
    for id, label in variable.values:
        if isinstance(id, int):
            margin = stored.get(id)
            population = margin.population if margin else residents.get(id) if trait is Trait.PLACE else None
            categories.append(Category(id, label, population, answered[id], margin.merged_with_id if margin else None))
    return Known(trait, variable, tuple(categories))


def _cells(known: Sequence[Known], people: Counter[Group]) -> tuple[Counter[tuple[int, ...]],
                                                                    dict[Group, tuple[int, ...]]]:
    cells: Counter[tuple[int, ...]] = Counter()
    of_group = {}
    groups = [one.groups for one in known]
    for group, number in people.items():
        parts = [found.get(value) if isinstance(value, int) else None
                 for found, value in zip(groups, group, strict=True)]
        cell = tuple(part for part in parts if part is not None)
        if len(cell) == len(parts):
            cells[cell] += number
            of_group[group] = cell
    return cells, of_group


def tables(survey: Survey, weighting: Weighting, found: Weighted) -> list[Table]:
    """Each question as it was answered and as it is with weights; intervals only for a random sample."""
    if found.raked is None or found.weights is None:
        return []
    given = queries.given(survey, [one.variable for one in found.known])
    beside = _Beside(found.weights, found.raked.effect, intervals=weighting.random_sample)
    return [table for question in questions(survey) for table in _of(question, given, beside)]


class _Beside:
    """Figures without weights and with them."""

    def __init__(self, weights: Mapping[Group, float], effect: float, *, intervals: bool) -> None:
        self.weights, self.effect, self.intervals = weights, effect, intervals

    def weigh(self, counts: Mapping[Group, float]) -> float:
        return fsum(number * self.weights[group] for group, number in counts.items() if group in self.weights)

    def share(self, counts: Counter[Group], base: Counter[Group]) -> tuple[Value, ...]:
        """The share without and with weights, and its bounds."""
        number, size = counts.total(), base.total()
        weight = self.weigh(base)
        if not size or not weight:
            return ("–",) * (4 if self.intervals else 2)
        share = self.weigh(counts) / weight
        values: tuple[Value, ...] = (round(number / size, 4), round(share, 4))
        if self.intervals:
            asked = sum(number for group, number in base.items() if group in self.weights)
            half = SURE * sqrt(self.effect * share * (1 - share) / asked)
            values += (round(max(0, share - half), 4), round(min(1, share + half), 4))
        return values

    def mean(self, sums: Mapping[Group, float], base: Counter[Group]) -> tuple[Value, ...]:
        """The mean without and with weights."""
        size, weight = base.total(), self.weigh(base)
        return (round(fsum(sums.values()) / size, 4) if size else "–",
                round(self.weigh(sums) / weight, 4) if weight else "–")

    def shares(self, code: str, caption: Localized, lines: Iterable[tuple[Localized, Counter[Group]]],
               base: Counter[Group]) -> Table:
        """A table of shares."""
        columns = [column(_l("Without weights"), "share"), column(_l("With weights"), "share")]
        if self.intervals:
            columns += [column(_l("Interval (95 %): from"), "share"), column(_l("Interval (95 %): to"), "share")]
        return Table(code=code, caption=caption, heading=everywhere(_l("Answer")), columns=tuple(columns),
                     rows=tuple(Row(label=label, values=self.share(counts, base)) for label, counts in lines))

    def means(self, question: Question, lines: Iterable[tuple[Localized, Mapping[Group, float], Counter[Group]]],
              heading: LazyString, *, caption: LazyString | None = None) -> Table:
        """A table of means."""
        return Table(code=f"{question.code}-mean", caption=everywhere(caption) if caption else question.prompt,
                     heading=everywhere(heading),
                     columns=(column(_l("Without weights"), "number"), column(_l("With weights"), "number")),
                     rows=tuple(Row(label=label, values=self.mean(sums, base)) for label, sums, base in lines))


def _of(question: Question, given: Given, beside: _Beside) -> Iterable[Table]:
    everybody = given.answered[question.id, 0]
    if question.kind in CHOICES:
        yield beside.shares(question.code, question.prompt, (
            (option.label, given.options[question.id, 0, option.id]) for option in question.options), everybody)
    elif question.kind in SCALES:
        yield beside.shares(question.code, question.prompt, (
            (Localized.of(str(point)), given.points[question.id, float(point)]) for point in scale(question)),
            everybody)
        yield _mean(question, given, beside)
    elif question.kind is QuestionKind.NUMBER:
        yield _mean(question, given, beside)
    elif question.kind in MATRICES:
        for row in question.rows:
            yield beside.shares(
                f"{question.code}-{row.code}",
                everywhere(_l("%(question)s %(row)s", question=question.prompt, row=row.label)),
                ((option.label, given.options[question.id, row.id, option.id]) for option in question.options),
                given.answered[question.id, row.id])
    elif question.kind is QuestionKind.RANKING:
        yield beside.means(question, (
            (option.label, given.sums[question.id, option.id], given.options[question.id, 0, option.id])
            for option in question.options), _l("Mean rank"))
    elif question.kind is QuestionKind.POINTS:
        yield beside.means(question, ((option.label, given.sums[question.id, option.id], everybody)
                                      for option in question.options), _l("Mean of the points"))


def _mean(question: Question, given: Given, beside: _Beside) -> Table:
    return beside.means(question, [(everywhere(_l("Mean")), given.sums[question.id, 0],
                                    given.answered[question.id, 0])], _l("Figure"),
                        caption=_l("%(question)s – mean", question=question.prompt))
