"""The lines of the queue as moderators read them: plain words, made once before the page is put together."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache, lru_cache
from typing import Any

from babel.dates import format_timedelta
from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.accounts.models import Person
from consult.contributions.models import FlagReason, State
from consult.contributions.words import FLAG_REASONS
from consult.core import clock, languages
from consult.core.richtext import excerpt
from consult.moderation import matters
from consult.moderation.keys import why
from consult.moderation.matters import Matter
from consult.moderation.models import Origin
from consult.moderation.narrowing import with_parameters
from consult.moderation.queue import Waiting
from consult.moderation.words import ORIGINS

MINUTE = timedelta(minutes=1)
SHORT = 260
"""Characters of the text that a line shows."""


@dataclass(slots=True, kw_only=True)
class Line:
    """What a moderator reads of one thing that waits."""

    code: str
    name: str
    """What its parts are called on the page, as in `contribution-12`."""
    mark: str
    """How it is named when it is chosen, with what was seen of it."""
    choose: str
    chosen: bool
    address: str
    """The page on which it is decided."""
    heading: str
    language: str
    """That of the text, where it is another than that of the page."""
    tags: list[tuple[str, str]] = field(default_factory=list)
    """The kind of each, and what it says."""
    facts: list[str] = field(default_factory=list)
    """Who wrote it and from where, as far as it is said."""
    age: str
    due: datetime
    why: str
    where: str
    said: str
    """The beginning of the text; empty where the heading says as much."""
    flags: list[str] = field(default_factory=list)


def lines(found: Sequence[Waiting], person: Person, *, chosen: Collection[str],
          narrowed: Mapping[str, Any]) -> Iterator[Line]:
    """What a person reads of what waits; `chosen` are those that they have marked."""
    said = _Said(person)
    places = _places([row.matter for row in found], narrowed)
    here, now = languages.current(), clock.now()
    age, choose = _("Waiting for %(time)s"), _("Choose %(code)s")
    for row in found:
        matter = row.matter
        text, heading = excerpt(getattr(row.contribution, "body", None) or "", SHORT), str(matter.heading)
        yield Line(
            code=matter.code, name=f"{matter.source}-{matter.number}", mark=f"{matter.subject}@{row.mark}",
            choose=choose % {"code": matter.code}, chosen=matter.subject in chosen,
            address=places[matter.source] % matter.number, heading=heading,
            language=matter.language if matter.language != here else "", tags=list(said.tags(row)),
            facts=list(_facts(row.contribution)), due=row.due,
            age=age % {"time": _age((now - row.since) // MINUTE, here)},
            why=said.why(row.origin, tuple(row.flags)), where=said.where(row), said=text if text != heading else "",
            flags=[said.flag(reason, number) for reason, number in row.flags.items()])


@lru_cache(maxsize=1024)
def _age(minutes: int, language: str) -> str:
    """Kept, because whoever decides comes back to the queue within the minute."""
    return format_timedelta(minutes * MINUTE, granularity="minute", locale=language)


def _facts(thing: Any) -> Iterator[str]:
    if byline := getattr(thing, "byline", None):
        yield str(byline)
    if municipality := getattr(thing, "municipality", None):
        yield municipality.name


def _places(found: Sequence[Matter], narrowed: Mapping[str, Any]) -> dict[str, str]:
    """For each source the page on which its things are decided, with `%d` for their number."""
    here, wanted = url_for("moderation.queue"), with_parameters("", **narrowed).replace("%", "%%")
    desks = {source: matters.desk(source) or (here if source == "contribution" else f"{here}/{source}")
             for source in {one.source for one in found}}
    return {source: f"{desk}/%d{wanted}" for source, desk in desks.items()}


class _Said:
    """The sentences of a page, each said once however many lines have it."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self._late, self._other = _("Late"), _("For another moderator")
        self._thread = _("In the discussion on “%(what)s”")
        self.origin: Callable[[Origin], str] = cache(lambda origin: str(ORIGINS[origin]))
        self.kind: Callable[[str, str], str] = cache(lambda source, kind: str(matters.label(source, kind)))
        self.flag: Callable[[FlagReason, int], str] = cache(_flag)
        self.why: Callable[[Origin, tuple[FlagReason, ...]], str] = cache(why)

    def tags(self, row: Waiting) -> Iterator[tuple[str, str]]:
        """What is to be seen at a glance."""
        matter, thing = row.matter, row.contribution
        yield "bad" if matter.state is State.PUBLISHED else "waiting", self.origin(row.origin)
        yield "neutral", self.kind(matter.source, matter.kind)
        if row.late:
            yield "bad", self._late
        if row.claim:
            yield "neutral", (_("In your hands") if row.claim.person_id == self._person.id
                              else _("In the hands of %(name)s", name=row.claim.person.shown_name))
        if number := getattr(thing, "attachment_count", 0):
            yield "neutral", ngettext("%(num)s attachment", "%(num)s attachments", number)
        if matter.author_id == self._person.id or row.flagged_by_me:
            yield "neutral", self._other

    def where(self, row: Waiting) -> str:
        """The discussion or activity in which it stands."""
        thing = row.contribution
        if getattr(thing, "in_thread", False) and thing.thread:
            return str(self._thread % {"what": thing.thread.label})
        return str(row.matter.activity.title) if row.matter.activity else ""


def _flag(reason: FlagReason, number: int) -> str:
    reports = ngettext("%(num)s report", "%(num)s reports", number)
    return f"{FLAG_REASONS[reason]}: {reports}"
