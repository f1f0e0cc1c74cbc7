"""What proposals, comments, amendments, statements and remarks have in common."""

import enum
from datetime import datetime
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from consult.accounts.models import Organisation, Person
from consult.core import clock, richtext
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Activity, Channel, Process
from consult.territory.models import Municipality

DISCUSSED = ("amendment", "proposal", "remark", "statement", "topic")
"""Kinds that are discussed in a thread of their own; a comment stands in one."""


class State(enum.Enum):
    """Where a contribution is between its author and the public."""

    DRAFT = "draft"
    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    WITHDRAWN = "withdrawn"


class Side(enum.Enum):
    """The column of a comment where a discussion has columns."""

    FOR = "for"
    AGAINST = "against"
    OTHER = "other"


class Thread(Base):
    """Where something is discussed. Comments know their thread, not what is commented."""

    __tablename__ = "thread"

    id: Mapped[pk]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    label: Mapped[Localized]
    """What is discussed, for lists that stand elsewhere."""
    path: Mapped[str] = mapped_column(sa.String(200), default="")
    """The page on which it is read, within the site."""
    subject: Mapped[str | None] = mapped_column(sa.String(40), unique=True)
    """Kind and id of what is discussed, as in `opzione:7`; none where that holds its thread itself."""
    columns: Mapped[bool] = mapped_column(default=False)
    """Comments stand in columns, for and against."""
    locked: Mapped[bool] = mapped_column(default=False)
    lock_reason: Mapped[str] = mapped_column(sa.String(300), default="")
    """Why nothing more is taken: everyone reads it."""
    comment_count: Mapped[int] = mapped_column(default=0)
    replied_at: Mapped[datetime | None]
    """When the authority first replied in it: only then its replies are looked for."""

    activity: Mapped[Activity] = relationship()
    discussed: Mapped["Contribution | None"] = relationship(
        primaryjoin=lambda: sa.and_(Thread.id == foreign(Contribution.thread_id), Contribution.kind.in_(DISCUSSED)),
        uselist=False, viewonly=True)
    """The contribution that is discussed here; none where it is a text of the authority."""

    @property
    def begun(self) -> bool:
        """False for the thread of what nobody has commented yet: it has no row."""
        return bool(self.id)

    @property
    def process_id(self) -> int:
        return self.activity.process_id


def _partial(name: str, where: str, *columns: str) -> sa.Index:
    """An index of only those rows that a page looks for; no other query can be led astray by it."""
    return sa.Index(f"ix_contribution_{name}", *columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


class Contribution(Base):
    """Any text put before the public within an activity: what lists, queues and rules need, never the text."""

    __tablename__ = "contribution"
    __table_args__ = (
        _partial("waiting", "state = 'pending'", "created_at", "id"),
        sa.Index("ix_contribution_thread", "thread_id", "kind", "state", "id"),
        *(_partial(name, "about_id IS NULL", "thread_id", *keys) for name, keys in {
            "first_level": ("id",), "first_agreed": ("agree_count", "id"),
            "first_discussed": ("comment_count", "id")}.items()),
        *(_partial(name, "side IS NOT NULL", "thread_id", "side", *keys) for name, keys in {
            "side": ("id",), "side_agreed": ("agree_count", "id"), "side_discussed": ("comment_count", "id")}.items()),
        sa.Index("ix_contribution_author", "author_id", "thread_id"),
        sa.Index("ix_contribution_about", "about_id", "id",
                 sqlite_where=sa.text("about_id IS NOT NULL"), postgresql_where=sa.text("about_id IS NOT NULL")),
        sa.Index("ix_contribution_activity", "activity_id", "kind", "state", "id"),
        sa.Index("ix_contribution_organisation", "organisation_id", "state", "id",
                 sqlite_where=sa.text("organisation_id IS NOT NULL"),
                 postgresql_where=sa.text("organisation_id IS NOT NULL")),
        sa.Index("ix_contribution_supported", "activity_id", "kind", "state", "support_count", "id"),
        sa.Index("ix_contribution_discussed", "activity_id", "kind", "state", "comment_count", "id"),
        sa.CheckConstraint("support_count >= 0", name="supports_not_negative"),
        sa.CheckConstraint("comment_count >= 0", name="comments_not_negative"),
        sa.CheckConstraint("attachment_count >= 0", name="attachments_not_negative"),
        sa.CheckConstraint("agree_count >= 0 AND disagree_count >= 0", name="agreements_not_negative"),
    )

    id: Mapped[pk]
    kind: Mapped[str] = mapped_column(sa.String(16))
    code: Mapped[str] = mapped_column(sa.String(24), unique=True)
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"))
    author_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    mandate_id: Mapped[int | None] = mapped_column(sa.ForeignKey("mandate.id"))
    """The mandate with which the author spoke for the organisation at that time."""
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"), index=True)
    """The author's municipality at that time."""
    about_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"))
    """For a comment, the first-level comment it replies to."""
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("thread.id"))
    """For a comment, the thread it stands in; for anything else, the thread in which it is discussed."""
    state: Mapped[State]
    language: Mapped[str] = mapped_column(sa.String(2), default="it")
    channel: Mapped[Channel] = mapped_column(default=Channel.ONLINE)
    support_count: Mapped[int] = mapped_column(default=0)
    comment_count: Mapped[int] = mapped_column(default=0)
    """Published comments in its thread; for a comment, its published replies."""
    agree_count: Mapped[int] = mapped_column(default=0)
    disagree_count: Mapped[int] = mapped_column(default=0)
    attachment_count: Mapped[int] = mapped_column(default=0)
    side: Mapped[Side | None]
    """For a comment of the first level, its column where the thread has columns."""
    flag_count: Mapped[int] = mapped_column(default=0)
    """Flags by readers that nobody has decided yet."""
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    source: Mapped[str | None] = mapped_column(sa.String(120), unique=True)
    """Where an imported contribution came from, so that a second import finds it."""

    activity: Mapped[Activity] = relationship()
    author: Mapped[Person] = relationship()
    organisation: Mapped[Organisation | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    thread: Mapped[Thread | None] = relationship()

    __mapper_args__ = {"polymorphic_on": "kind"}  # noqa: RUF012

    in_thread: ClassVar[bool] = False
    """True for kinds that stand in a thread; the others are discussed in one of their own."""
    texts: ClassVar[tuple[str, ...]] = ("title", "body")
    """The attributes that hold what its author typed, in the order in which it is read."""

    says_again: ClassVar[bool] = False
    """True for kinds that repeat most of another text: that two of them are alike says nothing."""

    def written(self) -> dict[str, str]:
        """All that its author typed, by the name of the attribute."""
        return {name: getattr(self, name) for name in self.texts if hasattr(type(self), name)}

    def say(self, name: str, text: str) -> None:
        """Let one of the texts that were typed be another; `reworded` sees to the rest."""
        setattr(self, name, text)

    def reworded(self) -> None:
        """Make anew what is made of the words that were typed, once they have changed."""
        if "body_html" in sa.inspect(type(self)).columns:
            setattr(self, "body_html", richtext.render(self.written().get("body", "")))  # noqa: B010

    @property
    def public(self) -> bool:
        return self.state is State.PUBLISHED

    @property
    def heading(self) -> str:
        """What it is called in lists of contributions of every kind."""
        return self.code

    @property
    def byline(self) -> str:
        """In whose name it was written: an organisation, or a person by the name that others see."""
        return self.organisation.name if self.organisation else self.author.shown_from(self.municipality)

    @property
    def process_id(self) -> int:
        return self.activity.process_id

    def written_by(self, person: Any) -> bool:
        """True for whoever wrote it, alone or with others."""
        return bool(person.is_authenticated) and self.author_id == person.id


class CodeCounter(Base):
    """The last number given to a kind of contribution within a process."""

    __tablename__ = "code_counter"

    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    last: Mapped[int] = mapped_column(default=0)


class FlagReason(enum.Enum):
    """Why a reader asks the moderators to look."""

    OFFENCE = "offence"
    PERSONAL_DATA = "personal_data"
    DISCRIMINATION = "discrimination"
    ILLEGAL = "illegal"
    SPAM = "spam"
    OFF_TOPIC = "off_topic"


class Flag(Base):
    """A reader asks the moderators to look at a contribution, or at anything else that can lie before them."""

    __tablename__ = "flag"
    __table_args__ = (
        sa.UniqueConstraint("contribution_id", "person_id"),
        sa.UniqueConstraint("subject", "person_id"),
        sa.CheckConstraint("(contribution_id IS NULL) <> (subject IS NULL)", name="one_thing"),
    )

    id: Mapped[pk]
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    subject: Mapped[str | None] = mapped_column(sa.String(40))
    """What names it where it is no contribution, as in `attachment:7`."""
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    reason: Mapped[FlagReason]
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    decided_at: Mapped[datetime | None]

    contribution: Mapped[Contribution | None] = relationship()

    @property
    def about(self) -> str:
        """What names the thing in moderation."""
        return self.subject or f"contribution:{self.contribution_id}"


class Revision(Base):
    """An earlier text of a contribution, as it stood before an edit."""

    __tablename__ = "revision"
    __table_args__ = (sa.UniqueConstraint("contribution_id", "version"),)

    id: Mapped[pk]
    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"))
    version: Mapped[int]
    content: Mapped[dict[str, Any]]
    """Empty once its author has left."""
    editor_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Who changed it; nobody once they have left."""
    reason: Mapped[str] = mapped_column(sa.String(500), default="")
    """Why it was changed."""
    applied_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    """The amendment whose acceptance was the change."""
    public: Mapped[bool] = mapped_column(default=False)
    """Everyone may read it: of a comment that others could rely on when it was changed, of a proposal once public."""
    hidden_for: Mapped[FlagReason | None]
    """Why a moderator has hidden it."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    editor: Mapped[Person | None] = relationship()


class Follow(Base):
    """Somebody wants to hear of a percorso, an activity, a contribution or a commitment: of one of them."""

    __tablename__ = "follow"
    __table_args__ = (
        sa.UniqueConstraint("person_id", "process_id"),
        sa.UniqueConstraint("person_id", "activity_id"),
        sa.UniqueConstraint("person_id", "contribution_id"),
        sa.UniqueConstraint("person_id", "commitment_id"),
        sa.CheckConstraint("(CASE WHEN process_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN activity_id IS NULL THEN 0 "
                           "ELSE 1 END) + (CASE WHEN contribution_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN "
                           "commitment_id IS NULL THEN 0 ELSE 1 END) = 1", name="one_thing"),
    )

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"), index=True)
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"), index=True)
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id"), index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    process: Mapped[Process | None] = relationship()
    activity: Mapped[Activity | None] = relationship()
    contribution: Mapped[Contribution | None] = relationship()
