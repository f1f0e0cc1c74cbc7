"""The only source of time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

ROME = ZoneInfo("Europe/Rome")

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())
_shared_shift = timedelta()


def now() -> datetime:
    """The present instant, in UTC, with its time zone."""
    return datetime.now(UTC) + _shared_shift + _shift.get()


def today() -> date:
    """The present day on the wall calendar of Rome."""
    return now().astimezone(ROME).date()


def local(instant: datetime) -> datetime:
    """The same instant on the clock of Rome."""
    return instant.astimezone(ROME)


@contextmanager
def at(instant: datetime) -> Iterator[None]:
    """Move the clock of this context, which goes on running, to an instant."""
    token = _shift.set(instant - datetime.now(UTC) - _shared_shift)
    try:
        yield
    finally:
        _shift.reset(token)


def shift(by: timedelta) -> None:
    """Move the clock of the whole process: rehearsals and browser tests only."""
    global _shared_shift  # noqa: PLW0603 - the process has one clock
    _shared_shift = by
