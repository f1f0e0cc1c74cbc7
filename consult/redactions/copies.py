"""What repeats the words of a contribution elsewhere: earlier versions, quotes, amendments. They follow it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from consult.amendments.models import Amendment
from consult.comments import quoting
from consult.comments.models import Comment
from consult.contributions.models import Contribution, Revision
from consult.core import richtext
from consult.core.db import Base, db
from consult.redactions.models import CoveredCopy
from consult.redactions.passages import MARK, without


class Copies(ABC):
    """One sort of copies."""

    what: ClassVar[str]
    model: ClassVar[type[Base]]

    @abstractmethod
    def of(self, contribution: Contribution) -> Sequence[Any]:
        """The rows that may repeat what a contribution says."""

    @abstractmethod
    def said(self, row: Any) -> dict[str, Any]:
        """What a row says."""

    @abstractmethod
    def say(self, row: Any, content: dict[str, Any]) -> None:
        """Let it say something else."""

    def covered(self, original: dict[str, Any], words: Iterable[str], now: str) -> dict[str, Any]:
        """What it may still say; `now` is what the contribution says, as HTML."""
        return dict(without(original, words))


class Versions(Copies):
    """Earlier texts that everybody can read."""

    what, model = "version", Revision

    def of(self, contribution: Contribution) -> Sequence[Any]:
        return db.session.scalars(sa.select(Revision).where(
            Revision.contribution_id == contribution.id, Revision.public.is_(True))).all()

    def said(self, row: Any) -> dict[str, Any]:
        return dict(row.content)

    def say(self, row: Any, content: dict[str, Any]) -> None:
        row.content = content


class Quotes(Copies):
    """Passages that replies quote: any of which only a part is still said is blacked out whole."""

    what, model = "quote", Comment

    def of(self, contribution: Contribution) -> Sequence[Any]:
        return db.session.scalars(sa.select(Comment).where(
            Comment.quoted_id == contribution.id, Comment.quote != "")).all()

    def said(self, row: Any) -> dict[str, Any]:
        return {"quote": row.quote}

    def say(self, row: Any, content: dict[str, Any]) -> None:
        row.quote = content["quote"]

    def covered(self, original: dict[str, Any], words: Iterable[str], now: str) -> dict[str, Any]:
        plain = [quoting.words(richtext.render(each)) for each in words]
        quote = without(original["quote"], [*words, *filter(None, plain)])
        if quote == original["quote"] and not quoting.says(now, quote):
            quote = MARK
        return {"quote": quote}


class Amendments(Copies):
    """What others suggest says again most of what a proposal says."""

    what, model = "amendment", Amendment

    def of(self, contribution: Contribution) -> Sequence[Any]:
        return db.session.scalars(sa.select(Amendment).where(Amendment.proposal_id == contribution.id)).all()

    def said(self, row: Any) -> dict[str, Any]:
        return {"title": row.title, "body": row.body}

    def say(self, row: Any, content: dict[str, Any]) -> None:
        row.title, row.body = content["title"], content["body"]


SORTS: dict[str, Copies] = {sort.what: sort for sort in (Versions(), Quotes(), Amendments())}


def cover(contribution: Contribution, subject: str, before: str, words: Sequence[str]) -> None:
    """Let every copy say nothing of these words; `before` is what the contribution said until now, as HTML."""
    now = _html(contribution)
    known = {(row.what, row.number) for row in _kept(subject)}
    for sort in SORTS.values():
        for row in sort.of(contribution):
            said = sort.said(row)
            if (sort.what, row.id) in known:
                continue
            if isinstance(sort, Quotes) and not quoting.says(before, said["quote"]) and _same(said, words):
                continue
            content = sort.covered(said, words, now)
            if content != said:
                db.session.add(CoveredCopy(what=sort.what, number=row.id, subject=subject, original=said))
                sort.say(row, content)
    db.session.flush()
    follow(contribution, subject, words)


def _same(said: dict[str, Any], words: Sequence[str]) -> bool:
    return bool(without(said, words) == said)


def follow(contribution: Contribution, subject: str, words: Sequence[str]) -> None:
    """Let copies say all but the words that are blacked out by now: with none, what they said to begin with."""
    now = _html(contribution)
    for kept in _kept(subject):
        sort = SORTS[kept.what]
        row = db.session.get(sort.model, kept.number)
        if row is not None:
            sort.say(row, sort.covered(kept.original, words, now) if words else dict(kept.original))
        if not words or row is None:
            db.session.delete(kept)
    db.session.flush()


def how_many(contribution: Contribution, words: str) -> dict[str, int]:
    """How many copies of each sort repeat some words."""
    found = {sort.what: sum(not _same(sort.said(row), [words]) for row in sort.of(contribution))
             for sort in SORTS.values()}
    return {what: number for what, number in found.items() if number}


def _kept(subject: str) -> Sequence[CoveredCopy]:
    return db.session.scalars(sa.select(CoveredCopy).where(CoveredCopy.subject == subject)).all()


def _html(contribution: Contribution) -> str:
    return richtext.render(contribution.written().get("body", ""))
