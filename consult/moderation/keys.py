"""The keys of the desk, and why a row stands where it stands, in words for moderators."""

from collections.abc import Sequence

from flask_babel import LazyString, format_timedelta
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.contributions.models import FlagReason
from consult.contributions.words import FLAG_REASONS
from consult.moderation.models import Origin
from consult.moderation.queue import TARGETS
from consult.processes.models import Channel

KEYS: tuple[tuple[str, str, LazyString], ...] = (
    ("next", "j", _l("Next row")),
    ("previous", "k", _l("Previous row")),
    ("take", "g", _l("Take the next")),
    ("keep", "v", _l("Publish, or leave it public")),
    ("hide", "n", _l("Hide")),
    ("revise", "r", _l("Ask the author to change it")),
    ("redact", "o", _l("Black out a passage")),
    ("duplicate", "d", _l("Mark as a double")),
    ("split", "s", _l("Split")),
    ("move", "m", _l("Move elsewhere")),
    ("escalate", "e", _l("Pass on")),
    ("snooze", "p", _l("Lay aside")),
    ("template", "t", _l("Put the sentence of the reason into the note")),
    ("note", "i", _l("Write the note")),
    ("undo", "z", _l("Take back what I decided")),
    ("help", "?", _l("Show the keys")),
)
"""What each does, its key unless the moderator chose another, and its name; each does what a control does too."""

BECAUSE: dict[Origin, LazyString] = {
    Origin.HELD: _l("it waits to be published"),
    Origin.SCREENED: _l("signs were found, and it waits"),
    Origin.NEW: _l("it is public and nobody has looked at it yet"),
    Origin.ESCALATED: _l("a moderator passed it on"),
    Origin.APPEALED: _l("a review was asked for"),
    Origin.SAMPLED: _l("it was drawn by lot to be read again"),
}

WAYS: dict[Channel, LazyString] = {
    Channel.ONLINE: _l("On the site"),
    Channel.PAPER: _l("On paper"),
    Channel.DESK: _l("At the desk"),
    Channel.ASSEMBLY: _l("At a meeting"),
    Channel.IMPORTED: _l("Taken over from another system"),
}
"""By which way something came."""


def within(origin: Origin) -> str:
    """The time within which what waits for a reason is decided."""
    return str(format_timedelta(TARGETS[origin], granularity="hour", threshold=2))


def why(origin: Origin, flags: Sequence[FlagReason]) -> str:
    """Within which time what waits for a reason is to be decided, and for which reason readers gave, or else."""
    if flags:
        said = "; ".join(str(FLAG_REASONS[reason]) for reason in flags)
        return str(_("To be decided within %(time)s, because readers reported: %(reasons)s.",
                     time=within(origin), reasons=said))
    because = BECAUSE.get(origin, _l("readers reported it"))
    return str(_("To be decided within %(time)s, because %(why)s.", time=within(origin), why=because))
