"""The index: which words stand in which public contributions. All of it can be made anew from the texts."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base
from consult.search.stemming import LONGEST


def _letters() -> Any:
    """Compared letter by letter on every database, so that all words that begin alike lie together."""
    return sa.String(LONGEST).with_variant(sa.String(LONGEST, collation="C"), "postgresql")


class SearchDocument(Base):
    """A public contribution as the index knows it."""

    __tablename__ = "search_document"

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    words: Mapped[dict[str, Any]]
    """Each word with its stem and its weight, which is how often it stands there; in a title it counts double."""


class SearchPosting(Base):
    """A stem stands in a contribution.

    No foreign key leads to the contribution: with each contribution that is deleted the database would look through
    all postings for it. They go with their document.
    """

    __tablename__ = "search_posting"
    __table_args__ = ({"sqlite_with_rowid": False},)

    activity_id: Mapped[int] = mapped_column(primary_key=True)
    stem: Mapped[str] = mapped_column(_letters(), primary_key=True)
    contribution_id: Mapped[int] = mapped_column(primary_key=True)
    weight: Mapped[int]


class SearchWord(Base):
    """A word that stands somewhere in an activity: which stem it has, and in how many contributions it stands."""

    __tablename__ = "search_word"
    __table_args__ = (
        sa.Index("ix_search_word_stem", "activity_id", "stem"),
        sa.CheckConstraint("documents >= 0", name="documents_not_negative"),
        {"sqlite_with_rowid": False},
    )

    activity_id: Mapped[int] = mapped_column(primary_key=True)
    word: Mapped[str] = mapped_column(_letters(), primary_key=True)
    stem: Mapped[str] = mapped_column(_letters(), primary_key=True)
    documents: Mapped[int]
