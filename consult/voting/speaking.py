"""What may be told of a proposal's supports by category of the organisation for which people spoke."""

from collections.abc import Sequence
from dataclasses import dataclass

from consult.core import disclosure


@dataclass(frozen=True)
class Told:
    """Supports by category, None where they are kept back; `together` are all of these, where none can be told."""

    spoke: list[int | None]
    together: int | None
    alone: int | None

    @property
    def anything(self) -> bool:
        return self.together is not None or any(count is not None for count in self.spoke)


def told(spoke: Sequence[int], alone: int) -> Told:
    """Beside the number of all supports: by category, or else of those who spoke for some organisation."""
    *shown, rest = disclosure.protect([[*spoke, alone]], column_totals=False)[0]
    if any(count is not None for count in shown):
        return Told(shown, None, rest)
    together, rest = disclosure.protect([[sum(spoke), alone]], column_totals=False)[0]
    return Told(shown, together, rest if together is not None else None)
