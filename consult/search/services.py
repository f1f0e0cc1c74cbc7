"""Keeping the index in step with what is public."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core import jobs
from consult.core.db import db, insert, table
from consult.search import stemming
from consult.search.models import SearchDocument, SearchPosting, SearchWord

BATCH = 500
TITLE = 2
"""How many times a word of a title counts."""


@dataclass(frozen=True, kw_only=True)
class Text:
    """What is searched of a contribution."""

    id: int
    activity_id: int
    language: str
    title: str
    body: str


@dataclass(frozen=True)
class Searched:
    """Where the words of a kind of contribution stand: its model, and the columns of the title and of the body."""

    model: type[Contribution]
    title: str
    body: str

    def of(self, ids: Sequence[int]) -> Iterator[Text]:
        """The texts of these contributions, in one query."""
        own, common = table(self.model).c, table(Contribution).c
        title, body = own[self.title] if self.title else sa.literal(""), own[self.body]
        rows = db.session.execute(
            sa.select(common.id, common.activity_id, common.language, title.label("title"), body.label("body"))
            .join_from(table(Contribution), table(self.model), common.id == own.id).where(common.id.in_(ids)))
        for row in rows.mappings():
            yield Text(**row)

    def of_one(self, it: Contribution) -> Text:
        """The text of one that the session holds as it is."""
        return Text(id=it.id, activity_id=it.activity_id, language=it.language,
                    title=getattr(it, self.title) if self.title else "", body=getattr(it, self.body))


Entries = dict[int, tuple[int, dict[str, list[Any]]]]
"""By the id of a contribution its activity and its words, as `SearchDocument` keeps them."""
_readings: dict[str, Searched] = {}


def search_in(kind: str, model: type[Contribution], *, title: str = "", body: str) -> None:
    """Have contributions of a kind found by the words in these columns of its table."""
    _readings[kind] = Searched(model, title, body)


def is_searched(kind: str) -> bool:
    """True for kinds of contributions that are found by their words."""
    return kind in _readings


def counted(title: str, body: str, language: str) -> dict[str, list[Any]]:
    """The words of a text, each with its stem and its weight."""
    weights = Counter(stemming.telling(body, language))
    for word in stemming.telling(title, language):
        weights[word] += TITLE
    return {word: [stemming.stem(word, language), weight] for word, weight in weights.items()}


def renew(ids: Iterable[int]) -> None:
    """Have the index say of these contributions what they say now; of what is not public, nothing."""
    wanted = sorted(set(ids))
    _renew(wanted, _public(wanted))


def renew_one(contribution: Contribution, *, was_public: bool = True) -> None:
    """The same of one that the session holds as it is; of one that `was_public` not, nothing is there yet."""
    if contribution.state is State.PUBLISHED:
        text = _readings[contribution.kind].of_one(contribution)
        _put_in_place(_known([contribution.id]) if was_public else {}, [text])
        return
    own = table(SearchDocument)
    gone = _entries(sa.delete(own).where(own.c.contribution_id == contribution.id)
                    .returning(own.c.contribution_id, own.c.activity_id, own.c.words))
    _take_out_postings(gone)
    _count(gone, {})


def _renew(wanted: Sequence[int], public: Iterable[Text]) -> None:
    _put_in_place(_known(wanted), public)


def _known(wanted: Sequence[int]) -> Entries:
    return _entries(sa.select(SearchDocument.contribution_id, SearchDocument.activity_id, SearchDocument.words)
                    .where(SearchDocument.contribution_id.in_(wanted)))


def _entries(statement: Any) -> Entries:
    return {row.contribution_id: (row.activity_id, row.words) for row in db.session.execute(statement)}


def _put_in_place(known: Entries, public: Iterable[Text]) -> None:
    now = {text.id: (text.activity_id, counted(text.title, text.body, text.language)) for text in public}
    gone = {id: entry for id, entry in known.items() if now.get(id) != entry}
    new = {id: entry for id, entry in now.items() if id not in known or id in gone}
    if gone or new:
        _take_out(gone)
        _put_in(new)
        _count(gone, new)


def _public(ids: Sequence[int]) -> Iterator[Text]:
    rows = db.session.execute(sa.select(Contribution.id, Contribution.kind).where(
        Contribution.id.in_(ids), Contribution.state == State.PUBLISHED, Contribution.kind.in_(_readings)))
    by_kind: dict[str, list[int]] = {}
    for id, kind in rows:
        by_kind.setdefault(kind, []).append(id)
    for kind, found in by_kind.items():
        yield from _readings[kind].of(found)


def _take_out(entries: Entries) -> None:
    _take_out_postings(entries)
    if entries:
        db.session.execute(sa.delete(table(SearchDocument)).where(
            table(SearchDocument).c.contribution_id.in_(list(entries))))


def _take_out_postings(entries: Entries) -> None:
    rows = [{"a": activity, "s": stem, "c": id} for id, (activity, words) in entries.items()
            for stem in {stem for stem, _weight in words.values()}]
    if rows:
        posting = table(SearchPosting).c
        db.session.execute(sa.delete(table(SearchPosting)).where(
            posting.activity_id == sa.bindparam("a"), posting.stem == sa.bindparam("s"),
            posting.contribution_id == sa.bindparam("c")), rows)


def _put_in(entries: Entries) -> None:
    documents = [{"contribution_id": id, "activity_id": activity, "words": words}
                 for id, (activity, words) in entries.items()]
    postings = []
    for id, (activity, words) in entries.items():
        weights: Counter[str] = Counter()
        for stem, weight in words.values():
            weights[stem] += weight
        postings += [{"activity_id": activity, "stem": stem, "contribution_id": id, "weight": weight}
                     for stem, weight in weights.items()]
    if documents:
        db.session.execute(sa.insert(table(SearchDocument)), documents)
    if postings:
        db.session.execute(sa.insert(table(SearchPosting)), postings)


def _count(gone: Entries, new: Entries) -> None:
    """Move the number of contributions in which each word stands, always in the order of the words: of two that are
    published at once neither waits for what the other holds."""
    moves: Counter[tuple[int, str, str]] = Counter()
    for entries, by in ((gone, -1), (new, 1)):
        for activity, words in entries.values():
            for word, (stem, _weight) in words.items():
                moves[activity, word, stem] += by
    rows: list[dict[str, Any]] = [
        {"activity_id": activity, "word": word, "stem": stem, "documents": by}
        for (activity, word, stem), by in sorted(moves.items()) if by]
    more, less = [row for row in rows if row["documents"] > 0], [row for row in rows if row["documents"] < 0]
    known = table(SearchWord)
    if more:
        upsert = insert(SearchWord)
        db.session.execute(upsert.on_conflict_do_update(
            index_elements=["activity_id", "word", "stem"],
            set_={"documents": known.c.documents + upsert.excluded.documents}), more)
    if less:
        which = [known.c.activity_id == sa.bindparam("a"), known.c.word == sa.bindparam("w"),
                 known.c.stem == sa.bindparam("s")]
        keys = [{"a": row["activity_id"], "w": row["word"], "s": row["stem"], "by": row["documents"]} for row in less]
        db.session.execute(sa.update(known).where(*which).values(
            documents=known.c.documents + sa.bindparam("by")), keys)
        db.session.execute(sa.delete(known).where(*which, known.c.documents == 0),
                           [{name: key[name] for name in ("a", "w", "s")} for key in keys])


def forget_activities(activity_ids: sa.Select[Any] | Sequence[int]) -> None:
    """Drop all that the index holds of some activities."""
    for model in (SearchPosting, SearchWord, SearchDocument):
        rows = table(model)
        db.session.execute(sa.delete(rows).where(rows.c.activity_id.in_(activity_ids)))


def how_many() -> int:
    """How many contributions `rebuild` will put in."""
    return db.session.scalar(sa.select(sa.func.count()).select_from(Contribution).where(*_searchable())) or 0


def rebuild() -> Iterator[int]:
    """Make the index anew in batches; after each it tells how many contributions it put in.

    Whoever calls keeps each batch. Until it is through, only part of the contributions are found.
    """
    forget_activities(sa.select(Contribution.activity_id).distinct())
    yield from _complete()


def catch_up() -> int:
    """Put in what is public and not in the index, as after rows were written in bulk; answers how many."""
    return sum(_complete())


@jobs.every_minute
def begin() -> None:
    """Make the index where there is none yet, as after an upgrade: nobody needs to think of it."""
    if db.session.scalar(sa.select(SearchDocument.contribution_id).limit(1)) is None:
        for _number in _complete():
            jobs.keep()


def _complete() -> Iterator[int]:
    missing = ~sa.exists().where(SearchDocument.contribution_id == Contribution.id)
    last = 0
    while True:
        ids = db.session.scalars(sa.select(Contribution.id).where(*_searchable(), missing, Contribution.id > last)
                                 .order_by(Contribution.id).limit(BATCH)).all()
        if not ids:
            return
        renew(ids)
        last = ids[-1]
        yield len(ids)


def _searchable() -> list[sa.ColumnElement[bool]]:
    return [Contribution.state == State.PUBLISHED, Contribution.kind.in_(_readings)]
