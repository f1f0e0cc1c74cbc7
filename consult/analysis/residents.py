"""How many residents have some ages, from the indicators of a percorso that count everybody by age."""

from collections.abc import Mapping
from dataclasses import dataclass

from consult.analysis import bands, queries
from consult.analysis.bands import Ages
from consult.processes.models import Process


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How many residents of some ages each municipality has, by its id, and who says so of which year."""

    numbers: Mapping[int, int]
    source: str
    year: int


def of_ages(process: Process, ages: Ages) -> Counted | None:
    """Residents of these ages as the latest figures say; None where none can be put together to exactly them."""
    counting = [one for one in queries.indicators(process) if one.residents and one.breakdown.by_age]
    for indicator in sorted(counting, key=lambda one: one.year, reverse=True):
        values = queries.values([indicator.id]).get(indicator.id, {})
        parts = bands.filling(ages, {band for _place, band, _gender in values})
        if parts is None:
            continue
        numbers: dict[int, float] = {}
        for (place_id, band, _gender), value in values.items():
            if band in parts:
                numbers[place_id] = numbers.get(place_id, 0) + value
        return Counted(numbers={id: round(number) for id, number in numbers.items()}, source=indicator.source,
                       year=indicator.year)
    return None
