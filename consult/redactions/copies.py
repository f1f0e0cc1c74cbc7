"""What repeats the words of a contribution elsewhere: versions, quotes, amendments, files, what it came from or became.

They follow it.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

import sqlalchemy as sa

from consult.amendments.models import Amendment
from consult.attachments.models import Attachment
from consult.comments import quoting
from consult.comments.models import Comment
from consult.contributions.models import Contribution, Revision
from consult.core import richtext
from consult.core.db import Base, db
from consult.lineage.models import Descent
from consult.proposals.models import Proposal
from consult.redactions import queries
from consult.redactions.models import CoveredCopy
from consult.redactions.passages import MARK, without
from consult.search import services as search


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

    def covered(self, row: Any, original: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
        """What it may still say."""
        return dict(without(original, words))

    def standing(self, row: Any, before: str) -> bool:
        """Whether it says no more than what the contribution did until now, as HTML."""
        return True


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

    def standing(self, row: Any, before: str) -> bool:
        return quoting.says(before, row.quote)

    def covered(self, row: Any, original: dict[str, Any], words: Iterable[str]) -> dict[str, Any]:
        now, plain = html_of(row.quoted), [quoting.words(richtext.render(each)) for each in words]
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


class Files(Copies):
    """What the files that go with it are called, and what is said of them."""

    what, model = "attachment", Attachment

    def of(self, contribution: Contribution) -> Sequence[Any]:
        return db.session.scalars(sa.select(Attachment).where(Attachment.contribution_id == contribution.id)).all()

    def said(self, row: Any) -> dict[str, Any]:
        return {"name": row.name, "description": row.description}

    def say(self, row: Any, content: dict[str, Any]) -> None:
        row.name, row.description = content["name"], content["description"]


class Kin(Copies):
    """What was made of it when it was merged or split, and what it was made of."""

    what, model = "kin", Proposal

    def of(self, contribution: Contribution) -> Sequence[Any]:
        return kin(contribution)

    def said(self, row: Any) -> dict[str, Any]:
        return dict(row.written())

    def say(self, row: Any, content: dict[str, Any]) -> None:
        for name, text in content.items():
            row.say(name, text)
        row.reworded()
        db.session.flush()
        search.renew([row.id])


SORTS: dict[str, Copies] = {sort.what: sort for sort in (Versions(), Quotes(), Amendments(), Files(), Kin())}


def kin(contribution: Contribution) -> Sequence[Proposal]:
    """What came out of a contribution over however many steps, and what it came from."""
    if not isinstance(contribution, Proposal) or not (contribution.derived or contribution.replaced):
        return []
    ids = sa.union(sa.select(Descent.descendant_id).where(Descent.ancestor_id == contribution.id),
                   sa.select(Descent.ancestor_id).where(Descent.descendant_id == contribution.id))
    return db.session.scalars(sa.select(Proposal).where(Contribution.id.in_(ids)).order_by(Contribution.id)).all()


def cover(contribution: Contribution, subject: str, before: str) -> None:
    """Let every copy say nothing of the words that are blacked out; `before` is what the contribution said, as HTML."""
    _spread(contribution, subject, before)


def follow(contribution: Contribution, subject: str) -> None:
    """Let copies say all but the words that are blacked out by now: with none, what they said to begin with."""
    _spread(contribution, subject, None)


def _spread(contribution: Contribution, subject: str, before: str | None) -> None:
    near = kin(contribution)
    said_before = {one.id: html_of(one) for one in near}
    words = _words([contribution, *near])
    for sort, row in _rows(contribution):
        _say(sort, row, words[row.id if isinstance(sort, Kin) else contribution.id], subject, before)
    for one in near:
        for sort, row in _rows(one, but=Kin):
            _say(sort, row, words[one.id], subject, said_before[one.id] if before is not None else None)
    db.session.flush()


def _rows(contribution: Contribution, *, but: type[Copies] | None = None) -> list[tuple[Copies, Any]]:
    return [(sort, row) for sort in SORTS.values() if but is None or not isinstance(sort, but)
            for row in sort.of(contribution)]


def _words(contributions: Sequence[Contribution]) -> dict[int, list[str]]:
    """For each of these, all that is blacked out of it and of its kin: what was merged follows all its originals."""
    near = {one.id: [one.id, *(other.id for other in kin(one))] for one in contributions}
    known = queries.words_of({id for ids in near.values() for id in ids})
    return {id: [word for other in ids for word in known.get(other, ())] for id, ids in near.items()}


def _say(sort: Copies, row: Any, words: Sequence[str], subject: str, before: str | None) -> None:
    """Let a copy say what it may; one that repeats nothing of what is blacked out is left alone."""
    kept = db.session.get(CoveredCopy, (sort.what, row.id))
    said = sort.said(row)
    if kept is not None:
        original = kept.original if _fits(said, kept.original) else said  # else it was changed since
        sort.say(row, sort.covered(row, original, words) if words else dict(original))
        if not words:
            db.session.delete(kept)
        return
    if before is None or (not sort.standing(row, before) and _same(said, words)):
        return
    content = sort.covered(row, said, words)
    if content != said:
        db.session.add(CoveredCopy(what=sort.what, number=row.id, subject=subject, original=said))
        sort.say(row, content)


def _fits(said: dict[str, Any], original: dict[str, Any]) -> bool:
    """Whether something is the original with marks in place of some of its words."""
    def fits(now: Any, then: Any) -> bool:
        if isinstance(now, str) and isinstance(then, str):
            return re.fullmatch(".*".join(map(re.escape, now.split(MARK))), then, re.DOTALL) is not None
        return isinstance(now, str) == isinstance(then, str)

    return said.keys() == original.keys() and all(fits(said[name], original[name]) for name in said)


def _same(said: dict[str, Any], words: Sequence[str]) -> bool:
    return bool(without(said, words) == said)


def how_many(contribution: Contribution, words: str) -> dict[str, int]:
    """How many copies of each sort repeat some words."""
    found = Counter(sort.what for one in (contribution, *kin(contribution))
                    for sort, row in _rows(one, but=None if one is contribution else Kin)
                    if not _same(sort.said(row), [words]))
    return {what: found[what] for what in SORTS if found[what]}


def html_of(contribution: Contribution) -> str:
    """The text of a contribution as its page shows it."""
    return richtext.render(contribution.written().get("body", ""))
