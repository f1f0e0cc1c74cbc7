"""What states and the reasons of flags are called on the pages."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.contributions.models import FlagReason, State

STATES: dict[State, tuple[LazyString, str]] = {
    State.DRAFT: (_l("Draft: only you can see it"), "neutral"),
    State.PENDING: (_l("Waiting for a moderator"), "waiting"),
    State.PUBLISHED: (_l("Public: everyone can read it"), "good"),
    State.HIDDEN: (_l("Hidden by a moderator"), "bad"),
    State.WITHDRAWN: (_l("Withdrawn"), "closed"),
}
"""What the author reads, and the kind of the label."""

class Named(dict[str, LazyString]):
    """What kinds are called: one that nobody has named, by its code."""

    def __missing__(self, kind: str) -> LazyString:
        return LazyString(str, kind)


KINDS: dict[str, LazyString] = Named({
    "proposal": _l("Proposal"),
    "comment": _l("Comment"),
    "amendment": _l("Amendment"),
    "statement": _l("Statement"),
    "remark": _l("Remark"),
    "topic": _l("Topic"),
})
"""What each kind is called."""

MANY: dict[str, LazyString] = Named({
    "proposal": _l("Proposals"),
    "comment": _l("Comments"),
    "amendment": _l("Amendments"),
    "statement": _l("Statements"),
    "remark": _l("Remarks"),
    "topic": _l("Topics"),
})
"""What several of a kind are called."""

FLAG_REASONS: dict[FlagReason, LazyString] = {
    FlagReason.OFFENCE: _l("It insults or threatens somebody"),
    FlagReason.PERSONAL_DATA: _l("It reveals somebody's personal data"),
    FlagReason.DISCRIMINATION: _l("It discriminates against people"),
    FlagReason.ILLEGAL: _l("It seems to break the law"),
    FlagReason.SPAM: _l("It is advertising or is repeated everywhere"),
    FlagReason.OFF_TOPIC: _l("It has nothing to do with the subject"),
}
"""Why a reader asks the moderators to look at something."""
