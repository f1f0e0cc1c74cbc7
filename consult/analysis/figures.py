"""Indicators as tables: by municipality, with the figure of the whole territory as the indicator says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum

from flask_babel import lazy_gettext as _l

from consult.analysis import bands, words
from consult.analysis.models import Gathering, Indicator
from consult.analysis.queries import Values
from consult.core.charts import Column, Row, Table
from consult.core.languages import Localized, everywhere
from consult.territory.models import Municipality

WHOLE = _l("Whole territory")


@dataclass(frozen=True)
class Measured:
    """An indicator with its values, and those that weight them."""

    indicator: Indicator
    places: Sequence[Municipality]
    values: Values
    weights: Mapping[int, float]
    """By id of the municipality: how much each counts in a weighted mean."""

    @property
    def summed(self) -> bool:
        """Whether its values can be added up: shares and means cannot."""
        return self.indicator.gathering is Gathering.SUM

    @property
    def age_bands(self) -> list[str]:
        return bands.in_order({band for _place, band, _gender in self.values if band})

    @property
    def genders(self) -> list[str]:
        return [gender for gender in words.GENDERS if any(gender == one for _place, _band, one in self.values)]

    def of(self, place_id: int, *, band: str | None = None, gender: str | None = None) -> float | None:
        """The value of a municipality, of counts summed over what is not named; None where there is none."""
        told = self.indicator.breakdown
        if not self.summed and ((told.by_age and band is None) or (told.by_gender and gender is None)):
            return None
        found = [value for (place, one, sex), value in self.values.items()
                 if place == place_id and band in (None, one) and gender in (None, sex)]
        return fsum(found) if found else None

    def whole(self, *, band: str | None = None, gender: str | None = None) -> float | None:
        """The figure of the whole territory; None where it has none, or a municipality lacks its own."""
        found = {place.id: self.of(place.id, band=band, gender=gender) for place in self.places}
        known = {id: value for id, value in found.items() if value is not None}
        match self.indicator.gathering:
            case Gathering.STATED:
                return self.indicator.stated if band is None and gender is None else None
            case Gathering.NONE:
                return None
        if len(known) < len(found) or not known:
            return None
        if self.indicator.gathering is Gathering.SUM:
            return fsum(known.values())
        weights = self.weights if self.indicator.gathering is Gathering.WEIGHTED else dict.fromkeys(known, 1.0)
        weight = fsum(weights.get(id, 0) for id in known)
        return fsum(value * weights.get(id, 0) for id, value in known.items()) / weight if weight else None

    @property
    def span(self) -> tuple[tuple[str, float], tuple[str, float]] | None:
        """The municipalities with the lowest and the highest value; None where they do not differ."""
        known = [(value, place.name) for place in self.places if (value := self.of(place.id)) is not None]
        if not known or min(known)[0] == max(known)[0]:
            return None
        return (min(known)[1], min(known)[0]), (max(known)[1], max(known)[0])


def measured(indicators: Sequence[Indicator], places: Sequence[Municipality],
             values: Mapping[int, Values]) -> list[Measured]:
    """Each indicator with its values; those that weight others must be among the values."""
    residents = {place.id: float(place.population) for place in places}
    found = []
    for one in indicators:
        weights: dict[int, float] = {}
        for (place_id, _band, _gender), value in values.get(one.weighted_by_id or 0, {}).items():
            weights[place_id] = weights.get(place_id, 0) + value
        found.append(Measured(one, places, values.get(one.id, {}), weights or residents))
    return found


def tables(one: Measured) -> list[Table]:
    """The tables of an indicator: the values, and where it tells them apart those of each age band."""
    told = one.indicator.breakdown
    found = [_by_place(one)] if one.summed or not told.by_age else []
    return [*found, _by_band(one)] if told.by_age else found


def _by_place(one: Measured) -> Table:
    parts: list[str | None] = [None, *one.genders] if one.summed or not one.genders else [*one.genders]
    return Table(
        code=one.indicator.code, caption=one.indicator.title, heading=everywhere(_l("Municipality")), chart=True,
        columns=tuple(Column(label=everywhere(words.GENDERS[part]) if part else _unit(one.indicator), unit="number")
                      for part in parts),
        rows=(*(Row(label=Localized.of(place.name), values=tuple(
            _shown(one.of(place.id, gender=part)) for part in parts)) for place in one.places),
            *_last([one.whole(gender=part) for part in parts])))


def _by_band(one: Measured) -> Table:
    parts: list[str] = one.age_bands
    return Table(
        code=f"{one.indicator.code}-age", heading=everywhere(_l("Municipality")),
        caption=everywhere(_l("%(what)s by age", what=one.indicator.title)),
        columns=tuple(Column(label=Localized.of(part.replace("-", "\u2011")), unit="number") for part in parts),
        rows=(*(Row(label=Localized.of(place.name), values=tuple(
            _shown(one.of(place.id, band=part)) for part in parts)) for place in one.places),
            *_last([one.whole(band=part) for part in parts])))


def _last(whole: Sequence[float | None]) -> list[Row]:
    if all(value is None for value in whole):
        return []
    return [Row(label=everywhere(WHOLE), values=tuple(_shown(value) for value in whole), total=True)]


def _unit(indicator: Indicator) -> Localized:
    return indicator.unit or everywhere(_l("Value"))


def _shown(value: float | None) -> float | int | str:
    """A value without digits that nobody measured; a dash where there is none."""
    if value is None:
        return "–"
    return int(value) if value == int(value) else round(value, 2)
