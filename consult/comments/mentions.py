"""Calling by name somebody who spoke in the same thread; never a search of people.

Only a name that others see beside a text in the thread can be called: not that of minors, nor of who hides it.
"""

import re
from collections.abc import Iterable

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution, State, Thread
from consult.core import richtext
from consult.core.db import db

MOST = 10
"""Names looked for in one comment."""
LONGEST = 5
"""Words of a name."""
_CALL = r"(?<![\w/@.`])@"
_CALLED = re.compile(_CALL + r"(\w[^\n@]{0,79})")
_ENDS = ".,;:!?)]\"'»”’"


def found(thread: Thread, author: Person, body: str) -> dict[int, str]:
    """Who is called in a text and spoke in the thread, by their id: of several with one name, who spoke last."""
    calls = [_prefixes(words) for words in _CALLED.findall(body)[:MOST]]
    names = {name for prefixes in calls for name in prefixes}
    if not names:
        return {}
    spoke = (sa.select(sa.func.max(Contribution.id)).where(
        Contribution.author_id == Person.id, Contribution.thread_id == thread.id,
        Contribution.organisation_id.is_(None), Contribution.state == State.PUBLISHED)
        .correlate(Person).scalar_subquery().label("spoke"))
    rows = db.session.execute(sa.select(Person.display_name, Person.id, spoke).where(
        Person.display_name.in_(names), Person.shows_name.is_(True), Person.minor.is_(False),
        Person.erased_at.is_(None), Person.id != author.id))
    by_turn = sorted((row for row in rows if row.spoke), key=lambda row: row.spoke)
    known = {name: id for name, id, _last in by_turn}
    return {known[name]: name for prefixes in calls
            for name in [next((each for each in prefixes if each in known), "")] if name}


def _prefixes(words: str) -> list[str]:
    """What follows an @ as names of one or more words, the longest first."""
    split = words.split()[:LONGEST]
    prefixes = [" ".join(split[:length]) for length in range(len(split), 0, -1)]
    return [name for prefix in prefixes for name in dict.fromkeys((prefix, prefix.rstrip(_ENDS))) if name]


def render(body: str, names: Iterable[str]) -> str:
    """A comment as HTML, with the names that are called set off."""
    known = sorted(set(names), key=len, reverse=True)
    if known:
        called = re.compile(_CALL + "(" + "|".join(map(re.escape, known)) + r")(?!\w)")
        body = called.sub(lambda match: f"**@{_escaped(match[1])}**", body)
    return richtext.render(body)


def _escaped(name: str) -> str:
    """A name whose characters mean nothing in Markdown."""
    return re.sub(r"([\\`*_\[\]<>&#])", r"\\\1", name)
