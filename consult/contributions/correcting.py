"""Where an author changes a text, for pages that know no kind: each kind that can be changed says it of itself."""

from typing import Any

from flask import url_for

from consult.contributions.models import Contribution
from consult.core.policy import can

_changed_at: dict[str, tuple[str, str]] = {}


def changed_at(kind: str, action: str, endpoint: str) -> None:
    """Register the page on which a kind is changed, and the action that it asks for."""
    _changed_at[kind] = action, endpoint


def way(contribution: Contribution, person: Any) -> str:
    """The address of the page on which this person can change a text; empty where they cannot."""
    action, endpoint = _changed_at.get(contribution.kind, ("", ""))
    return url_for(endpoint, id=contribution.id) if action and can(person, action, contribution) else ""
