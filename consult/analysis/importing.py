"""Files of figures: kept to be looked through, then taken as a whole, and undone if need be."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.analysis import files, queries, services
from consult.analysis.files import Read
from consult.analysis.models import Breakdown, Gathering, Indicator, IndicatorFile, Theme
from consult.analysis.queries import Key
from consult.core import clock, events, jobs, waiting
from consult.core.db import StaleVersionError, db
from consult.core.languages import everywhere
from consult.processes.models import Process

Change = tuple[str, Key, float | None, float | None]
"""Code of the indicator, of what, and the value before and after."""


@dataclass(frozen=True, kw_only=True)
class IndicatorFileSent(events.Event):
    """Somebody sent a file of figures; nothing of it stands yet."""

    process_id: int
    file_id: int


@dataclass(frozen=True, kw_only=True)
class IndicatorFileTaken(events.Event):
    file_id: int
    values: int


@dataclass(frozen=True, kw_only=True)
class IndicatorFileUndone(events.Event):
    file_id: int
    values: int


@dataclass(frozen=True, kw_only=True)
class IndicatorFileLetGo(events.Event):
    """A file that was not taken was erased."""

    process_id: int
    file_id: int


@dataclass(frozen=True)
class Looked:
    """What a file would do."""

    read: Read
    changes: Sequence[Change]

    @property
    def flat(self) -> list[tuple[str, int, str, str, float | None, float | None]]:
        """Each change as one line of a table."""
        return [(code, *key, before, after) for code, key, before, after in self.changes]

    @property
    def mark(self) -> str:
        """Another one as soon as it would do something else."""
        return hashlib.sha256(json.dumps(self.changes).encode()).hexdigest()[:16]


def send(process: Process, person: Person | None, *, name: str, rows: Sequence[Sequence[str]],
         year: int) -> IndicatorFile:
    """Keep what stands in a file, to be looked through. Raises SheetError where it has no known form."""
    file = IndicatorFile(process=process, name=name[:120], rows=files.ours(process, rows), year=year,
                         sent_by_id=person.id if person else None)
    db.session.add(file)
    db.session.flush()
    events.record(IndicatorFileSent(actor_id=file.sent_by_id, process_id=process.id, file_id=file.id))
    return file


def look(file: IndicatorFile) -> Looked:
    """What a file would do now."""
    indicators, now = files.known(file.process)
    read = files.read(file.process, file.rows, indicators)
    return Looked(read, files.changes(now, read.values))


def take(file: IndicatorFile, person: Person | None, *, mark: str | None = None) -> int:
    """Have the values of a file stand, and answer how many changed; lines that are refused change nothing.

    Raises StaleVersionError where it was taken meanwhile, or would do something else than was seen.
    """
    _hold(file)
    if file.taken_at is not None:
        raise StaleVersionError(file.id)
    looked = look(file)
    if mark not in (None, looked.mark) or not looked.changes:
        raise StaleVersionError(file.id)
    indicators, now = files.known(file.process)
    if looked.read.istat and files.POPULATION not in indicators:
        indicators[files.POPULATION] = _population(file, person)
        file.made = [[indicators[files.POPULATION].id, 1]]
    elif looked.read.istat:
        indicators[files.POPULATION].year = file.year
    for code in looked.read.values:
        services.put(indicators[code], _after(now.get(code, {}), code, looked.changes))
    file.changes = [[indicators[code].id, *key, before, after] for code, key, before, after in looked.changes]
    file.rows, file.taken_at = [], clock.now()
    db.session.flush()
    events.record(IndicatorFileTaken(actor_id=person.id if person else None, file_id=file.id,
                                     values=len(file.changes)))
    return len(file.changes)


def undo(file: IndicatorFile, person: Person | None) -> bool:
    """Give every value back what it was before a file was taken; False, and nothing done, where one changed since."""
    _hold(file)
    if file.taken_at is None or file.undone_at is not None:
        raise StaleVersionError(file.id)
    ids = sorted({change[0] for change in file.changes})
    there = {one.id: one for one in db.session.scalars(sa.select(Indicator).where(Indicator.id.in_(ids)))}
    now = {id: dict(values) for id, values in queries.values(ids).items()}
    for id, place_id, band, gender, before, after in file.changes:
        if id not in there or now.get(id, {}).get((place_id, band, gender)) != after:
            return False
        _set(now.setdefault(id, {}), (place_id, band, gender), before)
    made = {id for id, version in file.made if not now.get(id) and there[id].version == version}
    for id in ids:
        if id in made:
            services.erase(there[id])
        else:
            services.put(there[id], now.get(id, {}))
    file.undone_at = clock.now()
    db.session.flush()
    events.record(IndicatorFileUndone(actor_id=person.id if person else None, file_id=file.id,
                                      values=len(file.changes)))
    return True


def let_go(file: IndicatorFile, person: Person) -> None:
    """Erase a file that was not taken. Raises StaleVersionError where it was taken meanwhile."""
    process_id, file_id = file.process_id, file.id
    waiting.let_go(file, IndicatorFile.taken_at.is_(None))
    events.record(IndicatorFileLetGo(actor_id=person.id, process_id=process_id, file_id=file_id))


@jobs.every_minute
def forget() -> None:
    """Erase the files that nobody took."""
    waiting.forget(IndicatorFile, IndicatorFile.taken_at.is_(None))


def _hold(file: IndicatorFile) -> None:
    """Keep a file, and the percorso whose figures it changes, as they are until the transaction ends."""
    db.session.execute(sa.select(Process.id).where(Process.id == file.process_id).with_for_update())
    db.session.refresh(file, ["taken_at", "undone_at"])


def _after(now: queries.Values, code: str, changes: Sequence[Change]) -> dict[Key, float]:
    found = dict(now)
    for which, key, _before, after in changes:
        if which == code:
            _set(found, key, after)
    return found


def _set(values: dict[Key, float], key: Key, value: float | None) -> None:
    if value is None:
        values.pop(key, None)
    else:
        values[key] = value


def _population(file: IndicatorFile, person: Person | None) -> Indicator:
    return services.add(
        file.process, person, code=files.POPULATION, title=everywhere(_l("Residents by age and gender")),
        unit=everywhere(_l("residents")), theme=Theme.PEOPLE, year=file.year, source="ISTAT",
        source_url="https://demo.istat.it/", breakdown=Breakdown.AGE_AND_GENDER, gathering=Gathering.SUM,
        residents=True)
