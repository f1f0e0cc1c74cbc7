"""What somebody asks of the queue: what they look at, and from where on."""

import base64
import json
from dataclasses import dataclass
from datetime import datetime

from consult.contributions.models import FlagReason
from consult.moderation.models import Origin


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks at in the queue: all that is empty is not narrowed."""

    kind: str = ""
    origin: Origin | None = None
    process_id: int | None = None
    activity_id: int | None = None
    reason: FlagReason | None = None
    """Reported for it."""
    channel: str = ""
    late: bool = False
    aside: bool | None = False
    """Only what is laid aside; else it stands in no list, and None asks for either."""
    passed_on: bool = False


Place = tuple[datetime, int, int]
"""When a row is due, of which part it is, its id: the order of the queue."""


def cursor(place: Place) -> str:
    """A place in the form in which an address names it."""
    plain = [place[0].isoformat(), place[1], place[2]]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def place_in(text: str | None) -> Place | None:
    """The place that a cursor names; none where it cannot be read: the queue begins anew."""
    if not text or len(text) > 400:
        return None
    try:
        due, part, number = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        at = datetime.fromisoformat(due)
        sound = at.tzinfo is not None and all(type(n) is int and 0 <= n < 2**31 for n in (part, number))
        if not sound or not 1900 < at.year < 9000:
            return None
    except (ValueError, TypeError, RecursionError):
        return None
    return at, part, number
