"""Facts that happened, in the past tense, and what reacts to them in the same transaction."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Event:
    """A recorded fact: ids only, never a text and never how someone voted."""

    actor_id: int | None

    @property
    def name(self) -> str:
        return type(self).__name__

    def facts(self) -> dict[str, Any]:
        """What the event says beside who did it."""
        return {key: value for key, value in vars(self).items() if key != "actor_id"}


Reaction = Callable[[Any], None]
_reactions: dict[type[Event], list[Reaction]] = defaultdict(list)


def on(*kinds: type[Event]) -> Callable[[Reaction], Reaction]:
    """Have a function called for each event of these kinds or of one derived from them."""

    def register(reaction: Reaction) -> Reaction:
        for kind in kinds:
            if reaction not in _reactions[kind]:
                _reactions[kind].append(reaction)
        return reaction

    return register


Keeper = Callable[[Sequence[Event]], None]
_keepers: list[Keeper] = []
_gathered: ContextVar[list[Event] | None] = ContextVar("gathered_events", default=None)


def kept_by(keeper: Keeper) -> Keeper:
    """Have a function keep every event, in the order in which they were recorded, several at a time where it can."""
    if keeper not in _keepers:
        _keepers.append(keeper)
    return keeper


@contextmanager
def together() -> Iterator[None]:
    """Have what is recorded meanwhile kept in one go at the end; reactions run at once, as ever."""
    if _gathered.get() is not None:
        yield
        return
    found: list[Event] = []
    token = _gathered.set(found)
    try:
        yield
    finally:
        _gathered.reset(token)
    _keep(found)


def _keep(found: Sequence[Event]) -> None:
    for keeper in _keepers:
        keeper(found)


def record(event: Event) -> None:
    """Say that something happened: it is kept, and reactions run now and only write rows."""
    gathered = _gathered.get()
    if gathered is None:
        _keep([event])
    else:
        gathered.append(event)
    for kind in reversed(type(event).__mro__):
        if issubclass(kind, Event):
            for reaction in _reactions[kind]:
                reaction(event)
