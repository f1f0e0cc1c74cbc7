"""The words of the register."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.moderation import words
from consult.moderation.models import Origin

ORIGINS: dict[Origin, LazyString] = {
    Origin.HELD: _l("read before it was published"),
    Origin.FLAGGED: _l("reported by readers"),
    Origin.GRAVE: _l("reported by readers as doing harm"),
    Origin.SCREENED: _l("signs found by a programme"),
    Origin.NEW: _l("looked at after it was published"),
    Origin.APPEALED: _l("a review was asked for"),
    Origin.ESCALATED: _l("passed on by a moderator"),
    Origin.SAMPLED: _l("drawn by lot to be read again"),
    Origin.OWN: _l("seen by a moderator"),
}
"""On whose initiative something was decided."""

OUTCOMES: dict[str, LazyString] = {
    "open": _l("asked for, not answered yet"),
    "upheld": _l("decided otherwise"),
    "confirmed": _l("confirmed"),
}
"""What came of a review."""


def reason_label(reason: str, version: str) -> str:
    """A reason in short; its code where nobody has words for it any more."""
    rule = words.rule(reason, version=version) if reason else None
    return str(rule.label) if rule else reason
