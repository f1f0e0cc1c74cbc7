"""Boxes of polling places, and what was keyed of the papers that came out of them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.territory.models import Municipality
from consult.voting.models import Ballot


class Spoiled(enum.Enum):
    """Why a paper that came out of a box is not counted."""

    EMPTY = "empty"
    AGAINST_RULES = "against_rules"
    UNCLEAR = "unclear"
    MARKED = "marked"
    FOREIGN = "foreign"


class BallotBox(Base):
    """A box of anonymous papers at a polling place, with the numbers of its minutes.

    `ticked` is how many people took a paper there; once the box is closed `taken_out` papers came out of it, of which
    `counted` lie among the papers of the ballot and `spoiled` says how many do not, by reason.
    """

    __tablename__ = "ballot_box"
    __table_args__ = (
        sa.UniqueConstraint("ballot_id", "number"),
        sa.CheckConstraint("ticked >= 0", name="not_negative"),
        sa.CheckConstraint("counted <= taken_out", name="counted_among_them"),
    )

    id: Mapped[pk]
    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"))
    number: Mapped[int]
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    place: Mapped[str] = mapped_column(sa.String(120))
    twice: Mapped[bool] = mapped_column(default=True)
    """Whether a second person keys each paper again, and only what both agree on counts."""
    ticked: Mapped[int] = mapped_column(default=0)
    taken_out: Mapped[int | None]
    counted: Mapped[int | None]
    spoiled: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(sa.String(1000), default="")
    """For the minutes: what happened, and why numbers differ where they do."""
    opened_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))

    ballot: Mapped[Ballot] = relationship()
    municipality: Mapped[Municipality] = relationship()

    @property
    def activity(self) -> Ballot:
        return self.ballot

    @property
    def process_id(self) -> int:
        return self.ballot.process_id

    @property
    def not_counted(self) -> int:
        """How many papers were spoiled."""
        return sum(self.spoiled.values())


class BoxPaper(Base):
    """What was keyed of a paper, under the number that was written on it. It goes when the box is closed.

    What was keyed is `{"marks": {code of the option: number}}`, or `{"spoiled": reason}`; beside the marks stand
    `caveats`, by code of the commitment, where a paper consents with reservations and says which.
    """

    __tablename__ = "box_paper"

    box_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot_box.id"), primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    first: Mapped[dict[str, Any]]
    first_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    second: Mapped[dict[str, Any]] = mapped_column(default=dict)
    second_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    agreed: Mapped[bool] = mapped_column(default=False)
    """What counts then stands as what was keyed first."""

    box: Mapped[BallotBox] = relationship()

    @property
    def activity(self) -> Ballot:
        return self.box.ballot

    @property
    def process_id(self) -> int:
        return self.box.process_id

    @property
    def differs(self) -> bool:
        """True while two people have keyed it and did not agree."""
        return self.second_by_id is not None and not self.agreed
