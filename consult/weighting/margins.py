"""How many of the population are in each category, as the indicators of the territory say it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.analysis import bands
from consult.analysis import queries as indicators
from consult.analysis.bands import OLDEST, Ages
from consult.analysis.models import Indicator
from consult.analysis.queries import Values
from consult.core.languages import Localized, everywhere
from consult.processes import queries as processes
from consult.surveys.models import Survey
from consult.weighting.figures import Known
from consult.weighting.models import Trait

WOMEN = {"f", "donna", "donne", "femmina", "femmine", "femminile", "woman", "women", "female", "frau", "frauen",
         "weiblich", "femme", "femmes", "féminin"}
MEN = {"m", "uomo", "uomini", "maschio", "maschi", "maschile", "man", "men", "male", "mann", "männer", "männlich",
       "homme", "hommes", "masculin"}
NONE_OF_PLACES = _l("There is no indicator with the residents of every municipality: add one to the territory in "
                    "figures, and say of it that it counts everybody who lives there.")
NONE_OF_AGES = _l("There is no indicator with the residents of every municipality by age: send the file of ISTAT with "
                  "the population by age band and gender to the territory in figures.")
NONE_OF_GENDERS = _l("There is no indicator with the residents of every municipality by gender: send the file of ISTAT "
                     "with the population by age band and gender to the territory in figures.")
NO_AGES = _l("No answer of this question says an age band, as in 16-24 or 65+.")
NO_GENDERS = _l("No answer of this question says women or men.")


@dataclass(frozen=True)
class Offer:
    """What the indicators say of a trait: numbers of categories and their source, and what they do not say and why."""

    trait: Trait
    numbers: Mapping[int, int] = field(default_factory=dict)
    indicator: Indicator | None = None
    source: Localized = field(default_factory=Localized)
    missing: Sequence[LazyString] = ()


@dataclass(frozen=True)
class _Population:
    """An indicator of residents."""

    indicator: Indicator
    values: Values
    places: frozenset[int]

    @property
    def whole(self) -> bool:
        """Whether it has every municipality with all its bands and genders."""
        kinds = {key[1:] for key in self.values}
        return bool(kinds) and all((place_id, *kind) in self.values for place_id in self.places for kind in kinds)

    @property
    def age_bands(self) -> list[str]:
        return bands.in_order({band for _place, band, _gender in self.values if band})

    def people(self, *, place_id: int | None = None, of: Sequence[str] | None = None,
               gender: str | None = None) -> int:
        """How many live there: in one place or all, of some age bands or all, of one gender or both."""
        return round(fsum(
            value for (place, band, sex), value in self.values.items() if place in self.places
            and place_id in (None, place) and (of is None or band in of) and gender in (None, sex)))


@dataclass(frozen=True)
class _Asked:
    """The ages of those who are asked, if they are known, and those of which each answer speaks."""

    whole: Ages | None
    of: Mapping[int, Ages | None]


def offers(survey: Survey, known: Iterable[Known]) -> list[Offer]:
    """What the indicators of the percorso say of each trait by which a survey is weighted, the latest before others.

    Where they tell ages apart only those are counted who are asked.
    """
    traits = {one.trait: one for one in known}
    populations = _populations(survey)
    asked = _asked(survey, traits.get(Trait.AGE))
    how = {Trait.PLACE: _of_places, Trait.AGE: _of_ages, Trait.GENDER: _of_genders}
    return [how[trait](one, populations, asked) for trait, one in traits.items()]


def _populations(survey: Survey) -> list[_Population]:
    process = survey.phase.process
    found = sorted((one for one in indicators.indicators(process) if one.residents),
                   key=lambda one: (-one.year, one.position))
    values = indicators.values([one.id for one in found])
    places = frozenset(place.id for place in processes.municipalities(process))
    return [one for one in (_Population(each, values.get(each.id, {}), places) for each in found) if one.whole]


def _asked(survey: Survey, known: Known | None) -> _Asked:
    """Those whom the answers name, else those who may answer. Nobody is below the age from which one may.

    What begins where another ends, as `50-64` and `over 64`, begins a year later.
    """
    found = {category.id: next((ages for label in category.label.values() if (ages := bands.ages(label))), None)
             for category in (known.categories if known else ())}
    ends, least = {ages[1] for ages in found.values() if ages}, survey.minimum_age or 0
    for id, ages in found.items():
        if ages is not None:
            first = ages[0] + 1 if ages[1] >= OLDEST and ages[0] in ends else ages[0]
            found[id] = (max(first, least) if ages[1] >= least else first, ages[1])
    said = [ages for ages in found.values() if ages]
    if said:
        return _Asked((min(first for first, _last in said), max(last for _first, last in said)), found)
    bounded = least or survey.maximum_age is not None
    return _Asked((least, OLDEST if survey.maximum_age is None else survey.maximum_age) if bounded else None, found)


def _filling(population: _Population, ages: Ages) -> list[str] | None:
    """The bands that are exactly these ages, where the last band may have an end; None where no bands are."""
    there = population.age_bands
    if not there:
        return None
    oldest = (bands.ages(there[-1]) or ages)[1]
    return bands.filling((ages[0], oldest if ages[1] >= OLDEST else ages[1]), there)


def _part(population: _Population, asked: _Asked) -> list[str] | None:
    """The bands of those who are asked; None where all ages must be counted."""
    return _filling(population, asked.whole) if asked.whole else None


def _best(populations: Sequence[_Population], asked: _Asked) -> _Population | None:
    """The latest that tells those who are asked from others, else the latest."""
    return next((one for one in populations if _part(one, asked)), next(iter(populations), None))


def _of_places(known: Known, populations: Sequence[_Population], asked: _Asked) -> Offer:
    best = _best(populations, asked)
    if best is None:
        return Offer(known.trait, missing=[NONE_OF_PLACES])
    part = _part(best, asked)
    numbers = {category.id: best.people(place_id=category.id, of=part) for category in known.categories}
    return Offer(known.trait, numbers, best.indicator, _source(best, part))


def _of_genders(known: Known, populations: Sequence[_Population], asked: _Asked) -> Offer:
    best = _best([one for one in populations if one.indicator.breakdown.by_gender], asked)
    if best is None:
        return Offer(known.trait, missing=[NONE_OF_GENDERS])
    said = [(category, _gender(category.label)) for category in known.categories]
    if not any(gender for _category, gender in said):
        return Offer(known.trait, missing=[NO_GENDERS])
    part = _part(best, asked)
    numbers = {category.id: best.people(of=part, gender=gender) for category, gender in said if gender}
    return Offer(known.trait, numbers, best.indicator, _source(best, part), [
        _l("“%(category)s”: the indicator counts women and men only. Merge it with another category, or write a "
           "number.", category=category.label) for category, gender in said if not gender])


def _gender(label: Localized) -> str | None:
    words = [set("".join(c if c.isalpha() else " " for c in said.casefold()).split()) for said in label.values()]
    women, men = any(one & WOMEN for one in words), any(one & MEN for one in words)
    return None if women is men else "F" if women else "M"


def _of_ages(known: Known, populations: Sequence[_Population], asked: _Asked) -> Offer:
    by_age = [one for one in populations if one.indicator.breakdown.by_age]
    if not by_age:
        return Offer(known.trait, missing=[NONE_OF_AGES])
    if not any(asked.of.values()):
        return Offer(known.trait, missing=[NO_AGES])
    tried = [_with_bands(known, one, asked) for one in by_age]
    return max(tried, key=lambda offer: len(offer.numbers))  # of several that are alike the first, which is the latest


def _with_bands(known: Known, population: _Population, asked: _Asked) -> Offer:
    numbers, missing = {}, []
    for category in known.categories:
        ages = asked.of[category.id]
        parts = _filling(population, ages) if ages else None
        if parts:
            numbers[category.id] = population.people(of=parts)
        elif ages:
            missing.append(_l("“%(category)s” is not a sum of age bands of the indicator, which are: %(bands)s.",
                              category=category.label, bands=", ".join(population.age_bands)))
        else:
            missing.append(_l("“%(category)s” is no age band.", category=category.label))
    return Offer(known.trait, numbers, population.indicator,
                 _source(population, None) if numbers else Localized(), missing)


def _source(population: _Population, part: Sequence[str] | None) -> Localized:
    """The indicator with its source and year, and who of it was counted."""
    one = population.indicator
    whole = _l("%(title)s (%(source)s, %(year)s)", title=one.title, source=one.source, year=str(one.year))
    if part is None or len(part) == len(population.age_bands):
        return everywhere(whole)
    first, last = (bands.ages(part[0]) or (0, 0))[0], (bands.ages(part[-1]) or (0, OLDEST))[1]
    if part[-1] == population.age_bands[-1]:
        return everywhere(_l("%(source)s, of %(first)s years and over", source=whole, first=str(first)))
    return everywhere(_l("%(source)s, from %(first)s to %(last)s years", source=whole, first=str(first),
                         last=str(last)))
