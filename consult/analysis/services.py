"""Adding, mending and removing indicators."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.analysis import bands, queries
from consult.analysis.models import Breakdown, Gathering, Indicator, IndicatorValue
from consult.analysis.queries import Key, Values
from consult.core import events
from consult.core.db import db, hold, table
from consult.processes.models import Process


@dataclass(frozen=True, kw_only=True)
class IndicatorAdded(events.Event):
    indicator_id: int
    process_id: int


@dataclass(frozen=True, kw_only=True)
class IndicatorEdited(events.Event):
    indicator_id: int


@dataclass(frozen=True, kw_only=True)
class IndicatorRemoved(events.Event):
    """It was removed with its values; the code tells what it was."""

    process_id: int
    code: str


class CodeTakenError(ValueError):
    """Another indicator of the percorso has this code."""


def add(process: Process, person: Person | None, values: Mapping[Key, float] | None = None, **told: Any) -> Indicator:
    """Add an indicator with its values. Raises CodeTakenError."""
    _demand_free(process.id, told["code"])
    indicator = Indicator(process=process, position=len(queries.indicators(process)) + 1, **told)
    db.session.add(indicator)
    db.session.flush()
    put(indicator, values or {})
    events.record(IndicatorAdded(actor_id=person.id if person else None, indicator_id=indicator.id,
                                 process_id=process.id))
    return indicator


def edit(indicator: Indicator, person: Person, values: Mapping[Key, float] | None, *, version: int,
         **told: Any) -> None:
    """Mend an indicator; `values`, where given, take the place of all it has.

    Where counts are no longer told apart by age or gender, they are added up. Raises CodeTakenError, and
    StaleVersionError where somebody was faster.
    """
    hold(indicator, version)
    if told["code"] != indicator.code:
        _demand_free(indicator.process_id, told["code"])
    for name, value in told.items():
        setattr(indicator, name, value)
    indicator.version += 1
    db.session.flush()
    put(indicator, values if values is not None else _kept(indicator))
    events.record(IndicatorEdited(actor_id=person.id, indicator_id=indicator.id))


def remove(indicator: Indicator, person: Person, *, version: int) -> None:
    """Remove an indicator with its values. Raises StaleVersionError where somebody was faster."""
    hold(indicator, version)
    process_id, code = indicator.process_id, indicator.code
    erase(indicator)
    events.record(IndicatorRemoved(actor_id=person.id, process_id=process_id, code=code))


def erase(indicator: Indicator) -> None:
    """Take an indicator and its values out of the database."""
    own = table(IndicatorValue)
    db.session.execute(sa.delete(own).where(own.c.indicator_id == indicator.id))
    db.session.delete(indicator)
    db.session.flush()


def put(indicator: Indicator, values: Mapping[Key, float]) -> None:
    """Have an indicator hold these values and no others."""
    own = table(IndicatorValue)
    db.session.execute(sa.delete(own).where(own.c.indicator_id == indicator.id))
    if values:
        db.session.execute(sa.insert(own), [
            {"indicator_id": indicator.id, "municipality_id": place_id, "band": band, "gender": gender, "value": value}
            for (place_id, band, gender), value in values.items()])


def refusal(breakdown: Breakdown, band: str, gender: str) -> bool:
    """Whether a value cannot stand in an indicator: it tells apart what the indicator does not, or the reverse."""
    return bool(band) is not breakdown.by_age or bool(gender) is not breakdown.by_gender or (
        bool(band) and bands.code(band) != band)


def _demand_free(process_id: int, code: str) -> None:
    if queries.called(process_id, code) is not None:
        raise CodeTakenError(code)


def _kept(indicator: Indicator) -> Values:
    """The values that still have a place; what is told apart no more is summed, what was not told apart is let go."""
    breakdown, found = indicator.breakdown, dict[Key, float]()
    summed = indicator.gathering is Gathering.SUM
    for (place_id, band, gender), value in queries.values([indicator.id]).get(indicator.id, {}).items():
        key = (place_id, band if breakdown.by_age else "", gender if breakdown.by_gender else "")
        if not refusal(breakdown, key[1], key[2]) and (key not in found or summed):
            found[key] = found.get(key, 0) + value
    return found
