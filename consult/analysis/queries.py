"""Indicators of a percorso with their values."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.analysis.models import Indicator, IndicatorFile, IndicatorValue, Theme
from consult.core.db import db
from consult.processes.models import Process

Key = tuple[int, str, str]
"""Id of a municipality, age band, gender."""
Values = Mapping[Key, float]

LATEST = 20
_ORDER = {theme: at for at, theme in enumerate(Theme)}


def indicators(process: Process) -> Sequence[Indicator]:
    """Those of a percorso, theme by theme."""
    found = db.session.scalars(sa.select(Indicator).where(Indicator.process_id == process.id))
    return sorted(found, key=lambda one: (_ORDER[one.theme], one.position, one.id))


def indicator(slug: str, code: str) -> Indicator | None:
    """One of them by the name of the percorso and its code."""
    return db.session.scalar(
        sa.select(Indicator).join(Indicator.process).where(Process.slug == slug, Indicator.code == code)
        .options(joinedload(Indicator.process), joinedload(Indicator.weighted_by)))


def called(process_id: int, code: str) -> Indicator | None:
    """One of them by its code."""
    return db.session.scalar(sa.select(Indicator).where(Indicator.process_id == process_id, Indicator.code == code))


def values(ids: Collection[int]) -> Mapping[int, Values]:
    """The values of indicators, each by its key, in one query."""
    found: defaultdict[int, dict[Key, float]] = defaultdict(dict)
    rows = sa.select(IndicatorValue.indicator_id, IndicatorValue.municipality_id, IndicatorValue.band,
                     IndicatorValue.gender, IndicatorValue.value).where(IndicatorValue.indicator_id.in_(ids))
    for id, place_id, band, gender, value in db.session.execute(rows):
        found[id][place_id, band, gender] = value
    return found


def file(id: int) -> IndicatorFile | None:
    """A file that was sent, with its percorso."""
    return db.session.scalar(sa.select(IndicatorFile).where(IndicatorFile.id == id)
                             .options(joinedload(IndicatorFile.process)))


def files(process: Process) -> Sequence[IndicatorFile]:
    """The files that were sent lately."""
    return db.session.scalars(
        sa.select(IndicatorFile).where(IndicatorFile.process_id == process.id)
        .options(sa.orm.defer(IndicatorFile.rows), sa.orm.defer(IndicatorFile.changes))
        .order_by(IndicatorFile.id.desc()).limit(LATEST)).all()
