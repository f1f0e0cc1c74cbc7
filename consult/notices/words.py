"""What happened, as a sentence with the page where it can be read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n

from consult.contributions.models import Contribution
from consult.core import richtext
from consult.moderation import matters
from consult.notices.models import Happening, HappeningKind, Pace
from consult.pact.models import PactConsultation
from consult.processes.models import Activity, ResultsVisible
from consult.processes.words import path_of

PACES: dict[Pace, LazyString] = {
    Pace.AT_ONCE: _l("At once: a few minutes after it happened"),
    Pace.DAILY: _l("Once a day, in the morning"),
    Pace.WEEKLY: _l("Once a week, on Monday morning"),
    Pace.NEVER: _l("Never: I look on the site"),
}

LONGEST = 240
"""Letters of a reason that a notice tells; the whole of it stands on the page."""


@dataclass(frozen=True)
class Told:
    """A happening for people."""

    id: int
    sentence: LazyString
    excerpt: str
    path: str
    at: datetime


def told(happening: Happening) -> Told:
    """A happening as lists and mails say it; it must have been fetched with its texts."""
    return Told(happening.id, _sentence(happening), _excerpt(happening), _path(happening), happening.at)


def _sentence(one: Happening) -> LazyString:
    if one.number > 1:
        return _n("%(num)s new statement in “%(where)s”", "%(num)s new statements in “%(where)s”", one.number,
                  where=_title(one))
    if one.kind is HappeningKind.PASSED_ON:
        return _l("A moderator asks you to decide: %(code)s", code=one.code)
    if one.kind is HappeningKind.DOCUMENT:
        return _l("What you asked for is finished: the documents that were made, and any that could not be")
    if one.kind is HappeningKind.WITHDRAWN:
        reason = one.commitment.withdrawn_reason if one.commitment else ""
        return _l("The commitment “%(title)s” was withdrawn: %(reason)s", title=_title(one),
                  reason=richtext.excerpt(reason, LONGEST))
    if one.kind is HappeningKind.CIRCULATED:
        return _l("The minutes of a meeting wait for your corrections: you sit at the table that met")
    return _SENTENCES[one.kind](_heading(one.contribution) or _title(one), _byline(one.subject), _heading(one.subject))


_SENTENCES: dict[HappeningKind, Callable[[str, str, str], LazyString]] = {
    HappeningKind.PROPOSED: lambda where, _who, title: _l(
        "A new proposal in “%(where)s”: %(title)s", where=where, title=title),
    HappeningKind.REPLIED: lambda _where, who, _title: _l(
        "%(name)s replied to your comment or to one that you follow", name=who),
    HappeningKind.MENTIONED: lambda _where, who, _title: _l("%(name)s called you by name", name=who),
    HappeningKind.ANSWERED: lambda where, _who, _title: _l("The authority replied to “%(title)s”", title=where),
    HappeningKind.CHANGED: lambda where, _who, _title: _l("The text of “%(title)s” has changed", title=where),
    HappeningKind.AMENDED: lambda where, who, _title: _l(
        "%(name)s proposes to change “%(title)s”", name=who, title=where),
    HappeningKind.TOPIC: lambda where, _who, title: _l(
        "A new topic in “%(where)s”: %(title)s", where=where, title=title),
    HappeningKind.STATEMENT: lambda where, _who, title: _l(
        "A new statement in “%(where)s”: %(title)s", where=where, title=title),
    HappeningKind.COMMENTED: lambda where, who, _title: _l("%(name)s commented on “%(title)s”", name=who, title=where),
    HappeningKind.OUTCOME_PROPOSED: lambda where, _who, _title: _l(
        "An outcome is proposed for “%(title)s”", title=where),
    HappeningKind.OUTCOME_DECIDED: lambda where, _who, _title: _l(
        "It was decided what becomes of “%(title)s”", title=where),
    HappeningKind.OPENED: lambda where, _who, _title: _l("Open now: %(title)s", title=where),
    HappeningKind.CONVENED: lambda where, _who, _title: _l("A meeting is convened: %(title)s", title=where),
    HappeningKind.CANCELLED: lambda where, _who, _title: _l("A meeting is cancelled: %(title)s", title=where),
    HappeningKind.MINUTES: lambda where, _who, _title: _l("The minutes can be read: %(title)s", title=where),
    HappeningKind.RESULTS: lambda where, _who, _title: _l("The results are out: %(title)s", title=where),
    HappeningKind.PLAN: lambda where, _who, _title: _l("News of the plan of “%(title)s”", title=where),
    HappeningKind.PROGRESS: lambda where, _who, _title: _l("News of a commitment of the pact: %(what)s", what=where),
    HappeningKind.AGREED: lambda where, _who, _title: _l(
        "The commitment “%(title)s” is agreed: somebody answers for it", title=where),
    HappeningKind.UNDER_WAY: lambda where, _who, _title: _l("The commitment “%(title)s” is under way", title=where),
    HappeningKind.KEPT: lambda where, _who, _title: _l("The commitment “%(title)s” was kept", title=where),
    HappeningKind.NOT_KEPT: lambda where, _who, _title: _l("The commitment “%(title)s” was not kept", title=where),
}
"""What is said of each kind: of where it happened, who wrote, and what the text is called."""


def _title(one: Happening) -> str:
    if one.commitment is not None:
        return f"{one.commitment.code} {one.commitment.title}"
    thing = one.activity or one.process
    return str(thing.title) if thing else ""


def _heading(contribution: Contribution | None) -> str:
    return str(contribution.heading) if contribution is not None else ""


def _byline(contribution: Contribution | None) -> str:
    return str(contribution.byline) if contribution is not None else ""


def _excerpt(one: Happening) -> str:
    return _heading(one.subject) if one.subject is not None and one.kind in {
        HappeningKind.COMMENTED, HappeningKind.REPLIED, HappeningKind.MENTIONED, HappeningKind.ANSWERED} else ""


_PAGES: dict[HappeningKind, Callable[[Happening], str]] = {
    HappeningKind.DOCUMENT: lambda one: f"/documenti/{_number(one)}/avanzamento",
    HappeningKind.CIRCULATED: lambda one: f"/incontri/{_number(one)}/verbale",
}
"""Where those are read whose matter has a page of its own."""


def _number(one: Happening) -> str:
    return (one.matter or "").partition(":")[2]


def _path(one: Happening) -> str:
    """Where it is read; of a comment its own page, which leads to its place in the thread."""
    if one.address or one.kind in _PAGES:
        return one.address or _PAGES[one.kind](one)
    if one.matter:
        source, _colon, number = one.matter.partition(":")
        return f"{matters.desk(source) or f'/moderazione/{source}'}/{number}"
    text = one.subject or one.contribution
    if one.number > 1 and one.activity is not None:
        return path_of(one.activity)
    if text is not None:
        return f"/commenti/{text.id}" if text.in_thread else text.thread.path if text.thread else ""
    if one.commitment is not None:
        return f"{one.commitment.path}#resoconti" if one.kind is HappeningKind.PROGRESS else one.commitment.path
    if one.kind is HappeningKind.PLAN or one.activity is None:
        return f"/percorsi/{one.process.slug}" if one.process else "/"
    return _path_in(one.activity, one.kind)


def _path_in(activity: Activity, kind: HappeningKind) -> str:
    """Where an activity tells what happened in it."""
    if kind is HappeningKind.MINUTES:
        return f"{path_of(activity)}/verbale"
    if isinstance(activity, PactConsultation) and not activity.pact.public:
        return f"/percorsi/{activity.phase.process.slug}"
    results = kind is HappeningKind.RESULTS and activity.results_visible is not ResultsVisible.STAFF
    return f"/risultati/{activity.id}" if results else path_of(activity)
