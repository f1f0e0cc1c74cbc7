"""Indicators of a territory, their values by municipality, and the files that brought them."""

import enum
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core import clock
from consult.core.db import Base, pk
from consult.core.languages import Localized
from consult.processes.models import Process


class Theme(enum.Enum):
    """What an indicator is about."""

    PEOPLE = "people"
    SOCIETY = "society"
    ECONOMY = "economy"
    NETWORKS = "networks"
    FINANCES = "finances"
    ADMINISTRATION = "administration"


class Breakdown(enum.Enum):
    """By what the values of each municipality are told apart."""

    TOTAL = "total"
    AGE = "age"
    GENDER = "gender"
    AGE_AND_GENDER = "age_and_gender"

    @property
    def by_age(self) -> bool:
        return self in {Breakdown.AGE, Breakdown.AGE_AND_GENDER}

    @property
    def by_gender(self) -> bool:
        return self in {Breakdown.GENDER, Breakdown.AGE_AND_GENDER}


class Gathering(enum.Enum):
    """How the figure of the whole territory comes of those of its municipalities."""

    SUM = "sum"
    WEIGHTED = "weighted"
    MEAN = "mean"
    STATED = "stated"
    NONE = "none"


class Indicator(Base):
    """Something that is measured in each municipality, in one year."""

    __tablename__ = "indicator"
    __table_args__ = (sa.UniqueConstraint("process_id", "code"),)

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"))
    code: Mapped[str] = mapped_column(sa.String(60))
    title: Mapped[Localized]
    description: Mapped[Localized] = mapped_column(default=Localized)
    unit: Mapped[Localized] = mapped_column(default=Localized)
    theme: Mapped[Theme]
    year: Mapped[int]
    source: Mapped[str] = mapped_column(sa.String(200))
    source_url: Mapped[str] = mapped_column(sa.String(300), default="")
    breakdown: Mapped[Breakdown] = mapped_column(default=Breakdown.TOTAL)
    gathering: Mapped[Gathering] = mapped_column(default=Gathering.SUM)
    weighted_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator.id", ondelete="SET NULL"))
    """Whose values weight a mean; those who live in each municipality where none is named."""
    stated: Mapped[float | None]
    """What the source itself says of the whole territory."""
    residents: Mapped[bool] = mapped_column(default=False)
    """Whether it counts everybody who lives there, so that surveys can be weighted to it."""
    position: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)

    process: Mapped[Process] = relationship()
    weighted_by: Mapped["Indicator | None"] = relationship(remote_side="Indicator.id")


class IndicatorValue(Base):
    """A figure of a municipality, of an age band and a gender where the indicator tells them apart."""

    __tablename__ = "indicator_value"

    indicator_id: Mapped[int] = mapped_column(
        sa.ForeignKey("indicator.id", ondelete="CASCADE"), primary_key=True, autoincrement=False)
    municipality_id: Mapped[int] = mapped_column(
        sa.ForeignKey("municipality.id"), primary_key=True, autoincrement=False)
    band: Mapped[str] = mapped_column(sa.String(12), primary_key=True, default="")
    """As in 16-17 or 75+; empty for all ages together."""
    gender: Mapped[str] = mapped_column(sa.String(1), primary_key=True, default="")
    """F or M; empty for both together."""
    value: Mapped[float]


class IndicatorFile(Base):
    """A table of values that somebody sent: looked through first, then taken or let go, and undone if need be.

    Of a file that was taken stays what it changed, so that it can be undone.
    """

    __tablename__ = "indicator_file"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), index=True)
    name: Mapped[str] = mapped_column(sa.String(120))
    rows: Mapped[list[Any]] = mapped_column(default=list)
    """Its cells as texts, the heading first; nothing once it was taken."""
    year: Mapped[int]
    """Of which year the figures are, where the file brings an indicator of its own."""
    changes: Mapped[list[Any]] = mapped_column(default=list)
    """What taking it changed: id of the indicator, id of the municipality, band, gender, value before and after."""
    made: Mapped[list[Any]] = mapped_column(default=list)
    """Ids of the indicators that were made for it, and versions of them as it left them."""
    sent_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    sent_at: Mapped[datetime] = mapped_column(default=clock.now)
    taken_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    process: Mapped[Process] = relationship()
