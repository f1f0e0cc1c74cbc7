"""What phases, activities and counts are called on the pages."""

from collections.abc import Callable

from flask import current_app
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.core import languages
from consult.processes.models import (
    Activity,
    Agreements,
    Audience,
    EngagementLevel,
    ModerationMode,
    PhaseKind,
    ResultsVisible,
    Standing,
)

ACTIVITY_KINDS: dict[str, LazyString] = {
    "proposal_call": _l("Call for proposals"),
    "survey": _l("Survey"),
    "ballot": _l("Ballot"),
    "draft_consultation": _l("Consultation on the draft plan"),
    "pact_consultation": _l("Consultation on the pact"),
    "discussion": _l("Discussion"),
    "conversation": _l("Map of opinions"),
    "meeting": _l("Meeting"),
}

INVITATIONS: dict[str, LazyString] = {
    "proposal_call": _l("Propose and support"),
    "survey": _l("Answer the survey"),
    "ballot": _l("Vote"),
    "draft_consultation": _l("Read and comment"),
    "pact_consultation": _l("Read and comment on the pact"),
    "discussion": _l("Join the discussion"),
    "conversation": _l("Say what you think"),
    "meeting": _l("See the meeting"),
}
"""What whoever opens the page of an activity can do there while it is open."""

PHASE_KINDS: dict[PhaseKind, LazyString] = {
    PhaseKind.ANALYSIS: _l("Analysis"),
    PhaseKind.CONCERTATION: _l("Concertation"),
    PhaseKind.PACT: _l("Pact"),
}

STANDINGS: dict[Standing, LazyString] = {
    Standing.OPEN: _l("Open now"),
    Standing.COMING: _l("Opening soon"),
    Standing.PAUSED: _l("Paused"),
    Standing.CLOSED: _l("Closed"),
}

_MASCULINE: dict[Standing, LazyString] = {
    Standing.OPEN: _l("Open now (masculine)"),
    Standing.COMING: _l("Opening soon (masculine)"),
    Standing.PAUSED: _l("Paused (masculine)"),
    Standing.CLOSED: _l("Closed (masculine)"),
}
_MASCULINE_KINDS = {"it": {"survey", "meeting"}, "fr": {"proposal_call", "survey", "ballot"}}
"""Kinds of activities whose name is masculine, in the languages in which that changes what stands beside it."""


def standing(standing: Standing, kind: str) -> LazyString:
    """Where an activity of a kind stands in time, in words that agree with what the kind is called."""
    masculine = kind in _MASCULINE_KINDS.get(languages.current(), ())
    return (_MASCULINE if masculine else STANDINGS)[standing]


GROUPS: dict[Standing, LazyString] = {
    Standing.OPEN: _l("Open at this moment"),
    Standing.PAUSED: _l("Paused for now"),
    Standing.COMING: _l("About to open"),
    Standing.CLOSED: _l("Already closed"),
}
"""Headings above several activities, in the order in which they are shown."""

AUDIENCES: dict[Audience, LazyString] = {
    Audience.ANYONE: _l("Anyone, also without an account"),
    Audience.SIGNED_IN: _l("Whoever has an account"),
    Audience.VERIFIED: _l("People whose residence was verified"),
}

def ages(activity: Activity) -> LazyString:
    """The ages for which an activity is meant, as they follow "people"."""
    if activity.maximum_age is None:
        return _l("of %(age)s years and over", age=activity.minimum_age)
    if activity.minimum_age is None:
        return _l("of up to %(age)s years", age=activity.maximum_age)
    return _l("between %(first)s and %(last)s years", first=activity.minimum_age, last=activity.maximum_age)


LEVELS: dict[EngagementLevel, tuple[LazyString, LazyString]] = {
    EngagementLevel.INFORMATION: (
        _l("Information"), _l("We explain what is planned and answer questions.")),
    EngagementLevel.CONSULTATION: (
        _l("Consultation"), _l("We ask for your opinion, consider it and say what we made of it and why.")),
    EngagementLevel.CO_DESIGN: (
        _l("Co-design"), _l("What people propose is worked out together with the plan office.")),
    EngagementLevel.CO_DECISION: (
        _l("Co-decision"), _l("The authority has committed itself to follow the result.")),
}
"""How far what people say can change what is decided: its name, and what the authority promises."""

MODERATION_MODES: dict[ModerationMode, LazyString] = {
    ModerationMode.BEFORE: _l("Before publication: nothing is public until a moderator has read it"),
    ModerationMode.AFTER: _l("After publication: public at once, moderators look at what readers report"),
}

RESULTS_VISIBLE: dict[ResultsVisible, LazyString] = {
    ResultsVisible.LIVE: _l("At any time, as they come in"),
    ResultsVisible.AFTER_CLOSE: _l("To everyone, after the closing"),
    ResultsVisible.STAFF: _l("To the staff only"),
}

AGREEMENTS: dict[Agreements, LazyString] = {
    Agreements.BOTH: _l("Agree and disagree"),
    Agreements.AGREE: _l("Agree only"),
    Agreements.OFF: _l("Neither"),
}
"""What readers may say to a comment with one click."""

COUNTS: dict[str, LazyString] = {
    "person": _l("People"),
    "proposal": _l("Proposals"),
    "amendment": _l("Amendments"),
    "topic": _l("Topics"),
    "statement": _l("Statements"),
    "remark": _l("Remarks"),
    "comment": _l("Comments"),
    "support": _l("Supports"),
    "paper": _l("Ballot papers"),
    "submission": _l("Answered surveys"),
    "opinion": _l("Voices on the map of opinions"),
}
"""What is counted, in the order in which it is shown."""

SENSITIVE = frozenset({"person", "support", "paper", "submission", "opinion"})
"""What is kept back where it is shown by municipality and few people stand behind the figure."""

_COUNTED: dict[str, Callable[[int, str], str]] = {
    "person": lambda n, count: ngettext("%(count)s person", "%(count)s people", n, count=count),
    "proposal": lambda n, count: ngettext("%(count)s proposal", "%(count)s proposals", n, count=count),
    "amendment": lambda n, count: ngettext("%(count)s amendment", "%(count)s amendments", n, count=count),
    "topic": lambda n, count: ngettext("%(count)s topic", "%(count)s topics", n, count=count),
    "statement": lambda n, count: ngettext("%(count)s statement", "%(count)s statements", n, count=count),
    "remark": lambda n, count: ngettext("%(count)s remark", "%(count)s remarks", n, count=count),
    "comment": lambda n, count: ngettext("%(count)s comment", "%(count)s comments", n, count=count),
    "support": lambda n, count: ngettext("%(count)s support", "%(count)s supports", n, count=count),
    "paper": lambda n, count: ngettext("%(count)s ballot paper", "%(count)s ballot papers", n, count=count),
    "submission": lambda n, count: ngettext(
        "%(count)s answered survey", "%(count)s answered surveys", n, count=count),
    "opinion": lambda n, count: ngettext(
        "%(count)s voice on the map of opinions", "%(count)s voices on the map of opinions", n, count=count),
}

def counted(kind: str, how_many: int) -> str:
    """A count with its noun, as in "12 proposals"."""
    return _COUNTED[kind](how_many, languages.number(how_many))


def days_left(days: int) -> str:
    """How long an activity stays open, counted in whole days."""
    if days < 1:
        return str(_("Last day"))
    return str(ngettext("%(num)s day left", "%(num)s days left", days))


ENDPOINTS = {
    "proposal_call": "proposals.call",
    "survey": "surveys.show",
    "ballot": "voting.show",
    "draft_consultation": "planning.consultation",
    "pact_consultation": "pact.consultation",
    "discussion": "discussions.show",
    "conversation": "opinions.show",
    "meeting": "meetings.show",
}
"""Where the page of each kind of activity is: strings, as those features lie above this one."""


def path_of(activity: Activity) -> str:
    """The path of the page of an activity, for letters, which are written without a request."""
    return str(current_app.url_map.bind("").build(ENDPOINTS[activity.kind], {"id": activity.id}))
