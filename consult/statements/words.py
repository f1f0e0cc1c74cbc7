"""The words of a statement of reasons: for each act what it means, for each origin on whose initiative it was."""

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.moderation import matters
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.words import DONE

HEADLINES: dict[Act, LazyString] = {
    Act.HIDE: _l("What you wrote was hidden"),
    Act.REVISE: _l("You are asked to change what you wrote"),
    Act.REDACT: _l("A passage of what you wrote was blacked out"),
    Act.MOVE: _l("What you wrote was moved"),
    Act.DUPLICATE: _l("What you wrote was marked as a double"),
    Act.SPLIT: _l("What you wrote was split"),
    Act.LOCK: _l("The discussion of what you wrote was closed"),
    Act.WARN: _l("You were warned"),
    Act.SUSPEND: _l("You were suspended"),
}
NOT_PUBLISHED = _l("What you wrote was not published")

EFFECTS: dict[Act, LazyString] = {
    Act.HIDE: _l("Nobody else can read the text on the site any more."),
    Act.REVISE: _l("Nobody else can read the text on the site until you have changed it and a moderator has read it "
                   "again."),
    Act.REDACT: _l("A passage is blacked out. Everybody can read the rest."),
    Act.MOVE: _l("The text stands elsewhere now, where everybody can read it."),
    Act.DUPLICATE: _l("The text no longer stands by itself: whoever opens it is led to the other one, which says the "
                      "same."),
    Act.SPLIT: _l("Each part of the text stands for itself now. Everybody can still read the text as it was: it leads "
                  "to its parts, but it no longer changes and nobody can support it any more."),
    Act.LOCK: _l("Everybody can read the discussion, but it takes no more comments."),
    Act.WARN: _l("Nothing changes for what you wrote: it is a warning."),
    Act.SUSPEND: _l("You can read everything, support, answer and vote, but not write anything for a while."),
}
"""What was restricted."""

MOVED_TO_A_THEME = _l("The text stands under another theme of the plan now; everything else stays.")

INITIATIVES: dict[Origin, LazyString] = {
    Origin.HELD: _l("In this activity every text is read before it is published."),
    Origin.FLAGGED: _l("Readers reported the text."),
    Origin.GRAVE: _l("Readers reported the text."),
    Origin.SCREENED: _l("A programme that looks for certain signs put the text before the moderators: it decides "
                        "nothing."),
    Origin.NEW: _l("It is looked at once it is public."),
    Origin.APPEALED: _l("Somebody asked for a review of an earlier decision."),
    Origin.ESCALATED: _l("A moderator wanted somebody else to look at the text."),
    Origin.SAMPLED: _l("The text was drawn by lot, to be read by a second person."),
    Origin.OWN: _l("A moderator came across the text."),
}
"""On whose initiative it was decided."""

BY_A_PERSON = _l("A person read it and decided; no automatic means was used.")
FOUND_BY_A_PROGRAMME = _l("A person read it and decided.")


def headline(decision: Decision) -> LazyString:
    """What happened, in a few words."""
    if decision.act is Act.HIDE and decision.details.get("before") == "pending":
        return NOT_PUBLISHED
    return _of_source(decision, "headlines") or HEADLINES.get(decision.act) or DONE[decision.act]


def effect(decision: Decision) -> LazyString:
    """What the decision restricts."""
    if decision.act is Act.MOVE and "axis" in decision.details:
        return MOVED_TO_A_THEME
    return _of_source(decision, "effects") or EFFECTS.get(decision.act) or DONE[decision.act]


def initiative(decision: Decision) -> LazyString:
    """On whose initiative it was decided."""
    source = matters.of_source(decision.subject)
    return (source.initiatives.get(decision.origin) if source else None) or INITIATIVES[decision.origin]


def _of_source(decision: Decision, what: str) -> LazyString | None:
    """What the source of the thing says of an act; nothing where it is said as of any text."""
    source = matters.of_source(decision.subject)
    said: Mapping[Act, LazyString] = getattr(source, what) if source else {}
    return said.get(decision.act)


def means(decision: Decision) -> LazyString:
    """Whether anything automatic had a part in it."""
    return FOUND_BY_A_PROGRAMME if decision.origin is Origin.SCREENED else BY_A_PERSON
