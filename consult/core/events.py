"""Facts that happened, in the past tense, and what reacts to them in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
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
        return {key: value for key, value in asdict(self).items() if key != "actor_id"}


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


def record(event: Event) -> None:
    """Say that something happened: reactions run now and only write rows."""
    for kind in reversed(type(event).__mro__):
        if issubclass(kind, Event):
            for reaction in _reactions[kind]:
                reaction(event)
