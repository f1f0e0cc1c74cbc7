"""Texts that say nearly the same as one that is public in the same activity."""

import re
from collections.abc import Mapping
from functools import cache
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db, table
from consult.search import queries as search
from consult.search import services as index
from consult.search import stemming

THRESHOLD = 0.85
"""Likeness from which on one text is nearly the other: below it they only speak of the same."""
SHARED = 0.4
"""How many of their longer words follow each other in both texts, at least, before they are compared word by word."""
TELLING = 6
"""Different words that say something which a text holds before anything is said to be its double."""
LATEST, CANDIDATES = 100, 20
"""Among how many of the latest texts a double is looked for, and how many of like length are compared."""

_WORD = re.compile(r"[^\W\d_]{4,}")


def double_of(contribution: Contribution) -> int:
    """The id of a public text of the same kind and activity that says nearly the same; 0 where there is none.

    Kinds that are in the index are compared with all that it holds, the others with the latest.
    """
    if type(contribution).says_again:
        return 0
    words = contribution.written()
    title = words.pop("title", "")
    body = "\n".join(words.values())
    if not _telling(f"{title}\n{body}", contribution.language):
        return 0
    if index.is_searched(contribution.kind):
        alike = search.similar(contribution.activity_id, title, body, language=contribution.language,
                               but=contribution.id, threshold=THRESHOLD, most=1)
        return alike[0].contribution_id if alike else 0
    return nearly(_latest(contribution, len(f"{title}\n{body}")), f"{title}\n{body}", contribution.language)


def nearly(texts: Mapping[int, str], text: str, language: str) -> int:
    """The key of the text that says nearly the same as another; 0 where none does."""
    own = _pairs(text)
    near = {key: other for key, other in texts.items() if _share(own, _pairs(other)) >= SHARED}
    if not near or not _telling(text, language):
        return 0
    alike = search.Texts(near, language=language).like(text, most=1, threshold=THRESHOLD)
    return alike[0][0] if alike else 0


def _pairs(text: str) -> set[tuple[str, str]]:
    words = _WORD.findall(text.casefold())
    return set(pairwise(words))


def _share(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> float:
    """How much of the smaller of two sets is in the other."""
    return len(one & other) / max(1, min(len(one), len(other)))


def _telling(text: str, language: str) -> bool:
    return len(set(stemming.telling(text, language))) >= TELLING


def _latest(contribution: Contribution, length: int) -> dict[int, str]:
    """The latest public texts of the kind in the activity, of about this length."""
    asked = _asking(type(contribution))
    if asked is None:
        return {}
    rows = db.session.execute(asked, {
        "activity": contribution.activity_id, "kind": contribution.kind, "own": contribution.id,
        "least": int(length * 0.8), "most": int(length * 1.25)})
    return {row[0]: "\n".join(row[1:]) for row in rows}


@cache
def _asking(kind: type[Contribution]) -> sa.Select[Any] | None:
    """The statement for a kind; none for one whose words stand in no column."""
    columns = [getattr(kind, name) for name in kind.texts if name in sa.inspect(kind).columns]
    if not columns:
        return None
    every = table(Contribution)
    latest = (sa.select(every.c.id).where(
        every.c.activity_id == sa.bindparam("activity"), every.c.kind == sa.bindparam("kind"),
        every.c.state == State.PUBLISHED, every.c.id != sa.bindparam("own"))
        .order_by(every.c.id.desc()).limit(LATEST).subquery())
    long = sum((sa.func.length(column) for column in columns[1:]), sa.func.length(columns[0]))
    return (sa.select(kind.id, *columns).where(
        kind.id.in_(sa.select(latest.c.id)), long.between(sa.bindparam("least"), sa.bindparam("most")))
        .order_by(kind.id.desc()).limit(CANDIDATES))
