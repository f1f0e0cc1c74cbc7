"""Texts that say nearly the same as one that is public in the same activity."""

from collections.abc import Mapping

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db
from consult.search import queries as search
from consult.search import services as index
from consult.search import stemming

THRESHOLD = 0.85
"""Likeness from which on one text is nearly the other: below it they only speak of the same."""
TELLING = 6
"""Different words that say something which a text holds before anything is said to be its double."""
LATEST, CANDIDATES = 200, 20
"""Among how many of the latest texts a double is looked for, and how many of like length are compared."""


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
    if not texts or not _telling(text, language):
        return 0
    alike = search.Texts(texts, language=language).like(text, most=1, threshold=THRESHOLD)
    return alike[0][0] if alike else 0


def _telling(text: str, language: str) -> bool:
    return len(set(stemming.telling(text, language))) >= TELLING


def _latest(contribution: Contribution, length: int) -> dict[int, str]:
    """The latest public texts of the kind in the activity, of about this length."""
    kind = type(contribution)
    columns = [getattr(kind, name) for name in kind.texts if name in sa.inspect(kind).columns]
    if not columns:
        return {}
    latest = (sa.select(Contribution.id).where(
        Contribution.activity_id == contribution.activity_id, Contribution.kind == contribution.kind,
        Contribution.state == State.PUBLISHED, Contribution.id != contribution.id)
        .order_by(Contribution.id.desc()).limit(LATEST).subquery())
    long = sum((sa.func.length(column) for column in columns[1:]), sa.func.length(columns[0]))
    rows = db.session.execute(
        sa.select(kind.id, *columns).where(kind.id.in_(sa.select(latest.c.id)), long.between(
            int(length * 0.7), int(length * 1.4))).order_by(kind.id.desc()).limit(CANDIDATES))
    return {row[0]: "\n".join(row[1:]) for row in rows}
