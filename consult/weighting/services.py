"""Saying to which population a questionnaire is weighted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from consult.accounts.models import Person
from consult.core import events
from consult.core.db import StaleVersionError, db
from consult.surveys.models import Survey
from consult.weighting.margins import Offer
from consult.weighting.models import Trait, Weighting, WeightingMargin, WeightingSource


@dataclass(frozen=True, kw_only=True)
class WeightingSet(events.Event):
    """It was said to which population a questionnaire is weighted, or that it no longer is."""

    survey_id: int


@dataclass(frozen=True)
class Margin:
    """How many of the population are in a category, and with which other it is counted."""

    population: int
    merged_with_id: int | None = None


@dataclass(frozen=True)
class Plan:
    """By what is weighted. A question is chosen before its categories are given their numbers."""

    by_place: bool
    age_question_id: int | None
    gender_question_id: int | None
    random_sample: bool


def set_plan(survey: Survey, person: Person, plan: Plan, *, version: int) -> Weighting:
    """Say by what a questionnaire is weighted; the numbers of a question that is no longer chosen are forgotten.

    `version` is what was seen, 0 where there was none. Raises StaleVersionError where somebody was faster.
    """
    weighting = _seen(survey, version)
    for trait, was, becomes in (
            (Trait.AGE, weighting.age_question_id, plan.age_question_id),
            (Trait.GENDER, weighting.gender_question_id, plan.gender_question_id)):
        if was != becomes:
            weighting.margins[:] = [margin for margin in weighting.margins if margin.trait is not trait]
            weighting.sources[:] = [source for source in weighting.sources if source.trait is not trait]
    weighting.by_place, weighting.random_sample = plan.by_place, plan.random_sample
    weighting.age_question_id, weighting.gender_question_id = plan.age_question_id, plan.gender_question_id
    _changed(weighting, person)
    return weighting


def set_margins(weighting: Weighting, person: Person, margins: Mapping[tuple[Trait, int], Margin], *,
                version: int) -> None:
    """Say how many of the population are in each category. Raises StaleVersionError where somebody was faster."""
    if weighting.version != version:
        raise StaleVersionError(weighting)
    before = {(margin.trait, margin.category_id): margin.population for margin in weighting.margins}
    after = {key: margin.population for key, margin in margins.items()}
    touched = {trait for trait, id in {*before, *after} if before.get((trait, id)) != after.get((trait, id))}
    for source in weighting.sources:
        source.changed = source.changed or source.trait in touched
    _put(weighting, margins)
    _changed(weighting, person)


def take_margins(weighting: Weighting, person: Person, offers: Iterable[Offer], *, version: int) -> None:
    """Have the numbers be those of the indicators where they say them; what is merged stays merged.

    Raises StaleVersionError where somebody was faster.
    """
    if weighting.version != version:
        raise StaleVersionError(weighting)
    margins = {(margin.trait, margin.category_id): Margin(margin.population, margin.merged_with_id)
               for margin in weighting.margins}
    sources = {source.trait: source for source in weighting.sources}
    for offer in offers:
        for id, number in offer.numbers.items():
            there = margins.get((offer.trait, id))
            margins[offer.trait, id] = Margin(number, there.merged_with_id if there else None)
        if offer.numbers and offer.trait in sources:
            sources[offer.trait].said, sources[offer.trait].changed = offer.source, False
        elif offer.numbers:
            weighting.sources.append(WeightingSource(trait=offer.trait, said=offer.source))
    _put(weighting, margins)
    _changed(weighting, person)


def _put(weighting: Weighting, margins: Mapping[tuple[Trait, int], Margin]) -> None:
    weighting.margins.clear()
    db.session.flush()
    weighting.margins += [
        WeightingMargin(trait=trait, category_id=id, population=margin.population,
                        merged_with_id=margin.merged_with_id)
        for (trait, id), margin in margins.items()]


def _seen(survey: Survey, version: int) -> Weighting:
    weighting = db.session.get(Weighting, survey.id)
    if (weighting.version if weighting else 0) != version:
        raise StaleVersionError(weighting)
    if weighting is None:
        weighting = Weighting(survey_id=survey.id, version=0)
        db.session.add(weighting)
    return weighting


def _changed(weighting: Weighting, person: Person) -> None:
    weighting.version += 1
    db.session.flush()
    events.record(WeightingSet(actor_id=person.id, survey_id=weighting.survey_id))
