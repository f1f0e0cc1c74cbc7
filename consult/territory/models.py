"""The authority that runs the percorso and the territory it speaks for."""

import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base, pk
from consult.core.languages import Localized


class AuthorityKind(enum.Enum):
    """What kind of body runs the percorso."""

    UNION = "union"
    MERGER = "merger"
    MUNICIPALITY = "municipality"


class Authority(Base):
    """The body that holds this installation: a union, a merger under way, or one municipality."""

    __tablename__ = "authority"

    id: Mapped[pk]
    kind: Mapped[AuthorityKind]
    name: Mapped[str] = mapped_column(sa.String(160))
    short_name: Mapped[str] = mapped_column(sa.String(80))
    region: Mapped[str] = mapped_column(sa.String(80), default="")
    address: Mapped[str] = mapped_column(sa.String(200), default="")
    phone: Mapped[str] = mapped_column(sa.String(40), default="")
    email: Mapped[str] = mapped_column(sa.String(254), default="")
    pec: Mapped[str] = mapped_column(sa.String(254), default="")
    website: Mapped[str] = mapped_column(sa.String(200), default="")
    dpo_contact: Mapped[str] = mapped_column(sa.String(254), default="")
    accessibility_contact: Mapped[str] = mapped_column(sa.String(254), default="")
    accessibility_statement_url: Mapped[str] = mapped_column(sa.String(300), default="")
    minimum_age: Mapped[int] = mapped_column(default=16)
    reads_descriptions_first: Mapped[bool] = mapped_column(default=True)
    """Moderators read what organisations say of themselves before it is public; else afterwards."""

    municipalities: Mapped[list["Municipality"]] = relationship(
        back_populates="authority", order_by="Municipality.position")


class Municipality(Base):
    """A comune of the territory, known by its ISTAT code."""

    __tablename__ = "municipality"

    id: Mapped[pk]
    authority_id: Mapped[int] = mapped_column(sa.ForeignKey("authority.id"), index=True)
    istat_code: Mapped[str] = mapped_column(sa.String(12), unique=True)
    cadastral_code: Mapped[str] = mapped_column(sa.String(4), default="")
    """The code of Belfiore, as in H501, by which some registers know it; empty where nobody entered it."""
    name: Mapped[str] = mapped_column(sa.String(120))
    position: Mapped[int] = mapped_column(default=0)
    population: Mapped[int] = mapped_column(default=0)
    belt: Mapped[str] = mapped_column(sa.String(20), default="")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]

    authority: Mapped[Authority] = relationship(back_populates="municipalities")


class Boundary(Base):
    """Where a municipality lies: its polygons in degrees, each ring a list of longitude and latitude."""

    __tablename__ = "boundary"

    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"), primary_key=True)
    polygons: Mapped[list[Any]]

    municipality: Mapped[Municipality] = relationship()


class StakeholderCategory(Base):
    """A kind of organisation, as the authority tells them apart."""

    __tablename__ = "stakeholder_category"

    id: Mapped[pk]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    name: Mapped[Localized]
    position: Mapped[int] = mapped_column(default=0)
