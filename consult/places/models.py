"""The place of a contribution."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.contributions.models import Contribution
from consult.core.db import Base
from consult.territory.models import Municipality

MOST_ADDRESS = 160


@dataclass(frozen=True)
class Where:
    """A place as it is said: a municipality, and a point within it or words that lead there, or both."""

    municipality_id: int
    latitude: float | None = None
    longitude: float | None = None
    address: str = ""


class Place(Base):
    """Where the thing lies that a contribution is about; without a point it is known by its municipality alone."""

    __tablename__ = "place"
    __table_args__ = (
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="whole_point"),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="on_earth"),
    )

    contribution_id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"), index=True)
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    address: Mapped[str] = mapped_column(sa.String(MOST_ADDRESS), default="")

    contribution: Mapped[Contribution] = relationship()
    municipality: Mapped[Municipality] = relationship()

    @property
    def where(self) -> Where:
        return Where(self.municipality_id, self.latitude, self.longitude, self.address)
