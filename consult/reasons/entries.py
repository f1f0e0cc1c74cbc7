"""One rule of a list, as it is kept and as it is edited."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from consult.core.languages import Localized

TEXTS = ("label", "text", "finding", "template", "reference")
"""What is said in several languages."""


class Family(enum.Enum):
    """What a reason is about: a rule that was broken, or the form of what was written."""

    RULES = "rules"
    EDITORIAL = "editorial"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A rule: how it is called, what it asks, what the author is told, and what is usually done."""

    code: str
    label: Localized
    """In short, as in "hidden for: insults or threats"."""
    text: Localized
    """As it stands on the page of the rules."""
    finding: Localized
    """What the author is told."""
    template: Localized = field(default_factory=Localized)
    """With what the note to the author begins; with the finding where nothing is said."""
    reference: Localized = field(default_factory=Localized)
    """The law or regulation it rests on."""
    family: Family = Family.RULES
    act: str = "hide"
    """The act that is proposed with it."""
    used: bool = True
    """False for a rule that is no longer given as a reason."""

    def plain(self) -> dict[str, Any]:
        """The entry as JSON can keep it."""
        return {each.name: getattr(self, each.name) for each in fields(self)} | {"family": self.family.value}

    @classmethod
    def of(cls, plain: dict[str, Any]) -> "Entry":
        """The entry that `plain` wrote."""
        return cls(**{**plain, "family": Family(plain["family"])}
                   | {name: Localized.of(plain.get(name)) for name in TEXTS})


def placed(entries: Sequence[Entry], entry: Entry, position: int) -> list[Entry]:
    """A list in which an entry stands at a place counted from 1, once, in whatever place it stood before."""
    others = [each for each in entries if each.code != entry.code]
    at = min(max(position - 1, 0), len(others))
    return [*others[:at], entry, *others[at:]]
