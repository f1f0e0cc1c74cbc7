"""What was blacked out, and what copies of it said before."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base, pk
from consult.moderation.models import Decision


class Redaction(Base):
    """A passage that is blacked out: its words, and where among the marks of its field they stood."""

    __tablename__ = "redaction"
    __table_args__ = (sa.CheckConstraint("place >= 0 AND place < marks", name="place_among_the_marks"),)

    id: Mapped[pk]
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"), index=True)
    decision_id: Mapped[int] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    field: Mapped[str] = mapped_column(sa.String(40))
    words: Mapped[str] = mapped_column(sa.Text)
    """As they were typed; read by moderators, who are noted down, and by their author. Empty once the author left."""
    place: Mapped[int]
    """Which of the marks of the field stands for it, from 0."""
    marks: Mapped[int]
    """How many marks the field had when that was so."""
    start: Mapped[int | None]
    """From which character they stand in the text again, once they do."""
    lost: Mapped[bool] = mapped_column(default=False)
    """The author has changed the text since: nobody can tell any more where the words stood."""
    uncovered_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("decision.id"), index=True)
    """The decision by which they can be read again."""

    decision: Mapped[Decision] = relationship(foreign_keys=decision_id)


class CoveredCopy(Base):
    """Something that repeats words that were blacked out, with what it said before any of them were."""

    __tablename__ = "covered_copy"

    what: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    """What repeats them: an earlier version, a quote, an amendment, a file, what it came from or became."""
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subject: Mapped[str] = mapped_column(sa.String(40), index=True)
    """Whose words they were first."""
    original: Mapped[dict[str, Any]]
