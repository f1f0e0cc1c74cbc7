"""Papers that come from files."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.voting.models import Ballot, fresh_seed


class PapersFile(Base):
    """A file with papers that somebody sent: looked through first, then taken whole, or let go.

    Once it is taken nothing of what stands in it stays here; the row stays so that it is known when sent again, and
    so that all its papers can be taken out of the box.
    """

    __tablename__ = "papers_file"
    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "sha256"),
        sa.CheckConstraint("taken >= 0", name="taken_not_negative"),
        sa.CheckConstraint("goal >= 0", name="goal_not_negative"),
    )

    id: Mapped[pk]
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    name: Mapped[str] = mapped_column(sa.String(120))
    """What the file was called."""
    sha256: Mapped[str] = mapped_column(sa.String(64))
    content: Mapped[str] = mapped_column(sa.Text, default="")
    """The file as text, as long as it waits."""
    seed: Mapped[str] = mapped_column(sa.String(32), default=fresh_seed)
    """What the tags of its papers are made from, with their numbers."""
    taken: Mapped[int] = mapped_column(default=0)
    """How many of its papers lie in the box; 0 as long as it waits."""
    goal: Mapped[int] = mapped_column(default=0)
    """How many of them are to lie there."""
    sent_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)
    taken_at: Mapped[datetime | None]

    ballot: Mapped[Ballot] = relationship()

    @property
    def moving(self) -> bool:
        """True while its papers are being put into the box or taken out."""
        return self.taken != self.goal

    @property
    def activity(self) -> Ballot:
        return self.ballot

    @property
    def process_id(self) -> int:
        return self.ballot.process_id
