"""To which population a questionnaire is weighted: which questions tell age and gender, and how many live there."""

import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.core.db import Base, pk
from consult.core.languages import Localized


class Trait(enum.Enum):
    """By what people are told apart."""

    PLACE = "place"
    AGE = "age"
    GENDER = "gender"


class Weighting(Base):
    """How one questionnaire is weighted."""

    __tablename__ = "weighting"

    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("survey.id"), primary_key=True, autoincrement=False)
    by_place: Mapped[bool] = mapped_column(default=True)
    age_question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id", ondelete="SET NULL"))
    gender_question_id: Mapped[int | None] = mapped_column(sa.ForeignKey("question.id", ondelete="SET NULL"))
    random_sample: Mapped[bool] = mapped_column(default=False)
    """Whether those asked were drawn at random: only then intervals mean something."""
    version: Mapped[int] = mapped_column(default=1)

    margins: Mapped[list["WeightingMargin"]] = relationship(
        order_by="WeightingMargin.id", cascade="all, delete-orphan", back_populates="weighting")
    sources: Mapped[list["WeightingSource"]] = relationship(
        order_by="WeightingSource.trait", cascade="all, delete-orphan", back_populates="weighting")


class WeightingMargin(Base):
    """How many people of the population are in one category: of a municipality, or of an option of a question."""

    __tablename__ = "weighting_margin"
    __table_args__ = (
        sa.UniqueConstraint("survey_id", "trait", "category_id"),
        sa.CheckConstraint("population >= 0", name="counted"),
        sa.CheckConstraint("merged_with_id <> category_id", name="merged_with_another"),
    )

    id: Mapped[pk]
    survey_id: Mapped[int] = mapped_column(sa.ForeignKey("weighting.survey_id"))
    trait: Mapped[Trait]
    category_id: Mapped[int]
    """Of the municipality or the option."""
    population: Mapped[int]
    merged_with_id: Mapped[int | None]
    """The category of the same kind together with which it is counted."""

    weighting: Mapped[Weighting] = relationship(back_populates="margins")


class WeightingSource(Base):
    """Where the numbers of a trait were taken from."""

    __tablename__ = "weighting_source"

    survey_id: Mapped[int] = mapped_column(
        sa.ForeignKey("weighting.survey_id"), primary_key=True, autoincrement=False)
    trait: Mapped[Trait] = mapped_column(primary_key=True)
    said: Mapped[Localized]
    """The indicator, its source and its year, as they were when they were taken."""
    changed: Mapped[bool] = mapped_column(default=False)
    """Whether a number was changed by hand since."""

    weighting: Mapped[Weighting] = relationship(back_populates="sources")
