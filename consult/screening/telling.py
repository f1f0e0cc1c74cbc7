"""What was found in a text, said in a sentence with the passage it is about."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution
from consult.screening.models import Finding, Signal
from consult.screening.words import SIGNALS, SORTS

LONGEST = 120
"""Letters of a passage that are shown."""


@dataclass(frozen=True)
class Told:
    """A finding as a moderator reads it."""

    finding: Finding
    sentence: str
    passage: str = ""
    other: Contribution | None = None
    """What it is nearly the same as."""
    address: str = ""

    @property
    def label(self) -> Any:
        return SIGNALS[self.finding.signal]


def told(contribution: Contribution, findings: Iterable[Finding]) -> list[Told]:
    """The findings of the version that is there, in words."""
    written = contribution.written()
    return [_told(one, written.get(one.field, "")[one.begins:one.ends]) for one in findings]


def _told(one: Finding, passage: str) -> Told:
    if one.signal is Signal.DOUBLE:
        other = contributions.with_id(one.number)
        public = other if other is not None and other.public else None
        return Told(one, _sentence(one), other=public, address=contributions.address(public) if public else "")
    return Told(one, _sentence(one), passage if len(passage) <= LONGEST else passage[:LONGEST] + "…")


def _sentence(one: Finding) -> str:
    if one.signal is Signal.PERSONAL:
        return str(SORTS[one.what])
    if one.signal is Signal.LINKS:
        return str(ngettext("It holds %(num)s link that leads elsewhere.",
                            "It holds %(num)s links that lead elsewhere.", one.number))
    if one.signal is Signal.BURST:
        return str(ngettext("The account is younger than a week and sent in %(num)s text within an hour.",
                            "The account is younger than a week and sent in %(num)s texts within an hour.", one.number))
    said: dict[Signal, str] = {
        Signal.INSULT: _("This is on the list of insults, and seems to be said of somebody."),
        Signal.DOUBLE: _("A public text of the same activity says nearly the same in nearly the same words."),
        Signal.CAPITALS: _("This is written in capitals from beginning to end."),
        Signal.CHANGED: _("Its author has changed it after the moderators had decided on it."),
    }
    return said[one.signal]
