"""When reports are too many that were unfounded: a warning first, then one a day; few are never too many."""

from dataclasses import dataclass
from datetime import timedelta

MEASURED = timedelta(days=30)
"""Reports older than this count for nothing."""
LEAST = 5
"""Fewer answered reports warn nobody."""
NEARLY_ALL = 0.9
"""The share of unfounded ones from which on somebody is warned."""
AFTERWARDS = 3
"""So many more unfounded ones after the warning limit whoever was warned."""
LIMITED = timedelta(days=30)
"""How long the limit lasts."""
APART = timedelta(days=1)
"""Meanwhile one report may follow another after so long."""


@dataclass(frozen=True)
class Tally:
    """Of the reports that count and were answered: all and the unfounded ones, and the same since the warning."""

    answered: int = 0
    unfounded: int = 0
    answered_since: int = 0
    unfounded_since: int = 0

    @property
    def warns(self) -> bool:
        """Whether it is time to say something."""
        return self.unfounded >= LEAST and self.unfounded >= NEARLY_ALL * self.answered

    @property
    def limits(self) -> bool:
        """Whether somebody goes on as before after the warning."""
        return (self.warns and self.unfounded_since >= AFTERWARDS
                and self.unfounded_since >= NEARLY_ALL * self.answered_since)
