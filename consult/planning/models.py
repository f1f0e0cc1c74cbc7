"""The plan, its parts, and the links from what people said to what the plan says."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.analysis.models import Indicator
from consult.contributions.models import Contribution, Thread
from consult.core import clock, richtext
from consult.core.db import Base, pk
from consult.meetings.models import Minutes
from consult.pact.models import Commitment
from consult.processes.models import Activity, Axis, Process
from consult.results.models import ResultSheet
from consult.territory.models import Municipality


class PlanState(enum.Enum):
    """How far the plan is on its way to adoption."""

    DRAFT = "draft"
    IN_CONSULTATION = "in_consultation"
    PROPOSED = "proposed"
    ADOPTED = "adopted"


class Plan(Base):
    """The strategic plan of a percorso."""

    __tablename__ = "plan"

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    subtitle: Mapped[str] = mapped_column(sa.String(240), default="")
    first_year: Mapped[int]
    last_year: Mapped[int]
    state: Mapped[PlanState] = mapped_column(default=PlanState.DRAFT)
    edition: Mapped[str] = mapped_column(sa.String(20), default="0.1")
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    process: Mapped[Process] = relationship()
    sections: Mapped[list["Section"]] = relationship(back_populates="plan", order_by="Section.position")


class Objective(Base):
    """What the plan wants to reach within an axis."""

    __tablename__ = "objective"
    __table_args__ = (sa.UniqueConstraint("axis_id", "code"),)

    id: Mapped[pk]
    axis_id: Mapped[int] = mapped_column(sa.ForeignKey("axis.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(240))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    target: Mapped[str] = mapped_column(sa.String(300), default="")
    version: Mapped[int] = mapped_column(default=1)

    axis: Mapped[Axis] = relationship()

    @property
    def process_id(self) -> int:
        return self.axis.process_id

    actions: Mapped[list["Action"]] = relationship(back_populates="objective", order_by="Action.position")


class ActionState(enum.Enum):
    """How far an action is."""

    IDEA = "idea"
    FEASIBILITY = "feasibility"
    PROJECT = "project"
    FUNDED = "funded"
    UNDER_WAY = "under_way"
    CONCLUDED = "concluded"


class Frequency(enum.Enum):
    """How often something is measured."""

    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    AT_THE_END = "at_the_end"


class Measured(enum.Enum):
    """What an indicator of an action tells: what was made, or what came of it."""

    OUTPUT = "output"
    RESULT = "result"


concerned = sa.Table(
    "action_municipality", Base.metadata,
    sa.Column("action_id", sa.ForeignKey("action.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("municipality_id", sa.ForeignKey("municipality.id"), primary_key=True))
"""The municipalities that an action is about; none where it is about all of them alike."""


class Action(Base):
    """The project sheet: what will be done for an objective, by whom, when, with which money. Costs in whole euros."""

    __tablename__ = "action"
    __table_args__ = (
        sa.UniqueConstraint("objective_id", "code"),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name="cost_not_negative"),
        sa.CheckConstraint("starts_on IS NULL OR ends_on IS NULL OR starts_on <= ends_on", name="dates_in_order"),
    )

    id: Mapped[pk]
    objective_id: Mapped[int] = mapped_column(sa.ForeignKey("objective.id"))
    code: Mapped[str] = mapped_column(sa.String(16))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(240))
    description: Mapped[str] = mapped_column(sa.Text, default="")
    lead: Mapped[str] = mapped_column(sa.String(200), default="")
    need: Mapped[str] = mapped_column(sa.Text, default="")
    """Which need it answers, in Markdown; lines in double braces are its evidence."""
    partners: Mapped[str] = mapped_column(sa.String(500), default="")
    referent: Mapped[str] = mapped_column(sa.String(160), default="")
    """The office or the role that answers for it, never a person's name."""
    cost: Mapped[int | None]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    risks: Mapped[str] = mapped_column(sa.Text, default="")
    dup: Mapped[str] = mapped_column(sa.String(120), default="")
    pnrr: Mapped[str] = mapped_column(sa.String(120), default="")
    fesr: Mapped[str] = mapped_column(sa.String(120), default="")
    cup: Mapped[str] = mapped_column(sa.String(15), default="")
    state: Mapped[ActionState] = mapped_column(default=ActionState.IDEA)
    version: Mapped[int] = mapped_column(default=1)

    objective: Mapped[Objective] = relationship(back_populates="actions")
    municipalities: Mapped[list[Municipality]] = relationship(secondary=concerned, order_by=Municipality.id)
    fundings: Mapped[list["Funding"]] = relationship(order_by="Funding.id", cascade="all, delete-orphan")
    milestones: Mapped[list["Milestone"]] = relationship(order_by="Milestone.id", cascade="all, delete-orphan")
    measures: Mapped[list["Measure"]] = relationship(order_by="Measure.id", cascade="all, delete-orphan")

    @property
    def process_id(self) -> int:
        return self.objective.process_id

    @property
    def covered(self) -> float | None:
        """Which share of its cost is granted already; None where no cost or no amount is told."""
        told = [one for one in self.fundings if one.amount is not None]
        return min(1.0, sum(one.amount or 0 for one in told if one.granted) / self.cost) if self.cost and told else None


class Funding(Base):
    """Where a part of the money of an action comes from, in whole euros; granted already, or still to be found."""

    __tablename__ = "action_funding"
    __table_args__ = (sa.CheckConstraint("amount IS NULL OR amount >= 0", name="amount_not_negative"),)

    id: Mapped[pk]
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"), index=True)
    source: Mapped[str] = mapped_column(sa.String(300))
    amount: Mapped[int | None]
    granted: Mapped[bool] = mapped_column(default=False)


class Milestone(Base):
    """Something that is to be reached by a day, on the way of an action."""

    __tablename__ = "action_milestone"

    id: Mapped[pk]
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date | None]
    reached_on: Mapped[date | None]


class Measure(Base):
    """By what one will see that an action works; an indicator of the territory where one tells it."""

    __tablename__ = "action_measure"

    id: Mapped[pk]
    action_id: Mapped[int] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"), index=True)
    kind: Mapped[Measured] = mapped_column(default=Measured.OUTPUT)
    title: Mapped[str] = mapped_column(sa.String(200))
    baseline: Mapped[str] = mapped_column(sa.String(60), default="")
    target: Mapped[str] = mapped_column(sa.String(60), default="")
    frequency: Mapped[Frequency] = mapped_column(default=Frequency.YEARLY)
    indicator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator.id", ondelete="SET NULL"))

    indicator: Mapped[Indicator | None] = relationship()


class Section(Base):
    """A narrative part of the plan, in Markdown."""

    __tablename__ = "section"
    __table_args__ = (sa.UniqueConstraint("plan_id", "code"),)

    id: Mapped[pk]
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(240))
    body: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    plan: Mapped[Plan] = relationship(back_populates="sections")

    @property
    def process_id(self) -> int:
        return self.plan.process_id

    paragraphs: Mapped[list["Paragraph"]] = relationship(back_populates="section", order_by="Paragraph.position")


class Paragraph(Base):
    """A paragraph of a section. Its id and thread stay when the text is edited.

    One that a later text no longer contains keeps its thread and is listed as removed.
    """

    __tablename__ = "paragraph"

    id: Mapped[pk]
    section_id: Mapped[int] = mapped_column(sa.ForeignKey("section.id"), index=True)
    position: Mapped[int]
    text: Mapped[str] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text)
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("thread.id"), unique=True)
    removed_at: Mapped[datetime | None]

    section: Mapped[Section] = relationship(back_populates="paragraphs")
    thread: Mapped[Thread | None] = relationship()

    @property
    def process_id(self) -> int:
        return self.section.plan.process_id

    @property
    def says_something(self) -> bool:
        """False for headings and rules, and for what a line in braces stands for: nobody comments them here."""
        return not (self.html.startswith(("<h3", "<h4", "<hr")) or richtext.embeds(self.text))


class DraftConsultation(Activity):
    """A time in which people comment the draft of the plan, paragraph by paragraph."""

    __tablename__ = "draft_consultation"

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    plan_id: Mapped[int] = mapped_column(sa.ForeignKey("plan.id"))

    plan: Mapped[Plan] = relationship()

    __mapper_args__ = {"polymorphic_identity": "draft_consultation"}  # noqa: RUF012


class Relation(enum.Enum):
    """What a contribution or a result is to the part of the plan it is linked to."""

    ADOPTED = "adopted"
    ADAPTED = "adapted"
    INSPIRED = "inspired"
    CONTRADICTS = "contradicts"
    ANSWERED = "answered"


_SOURCES = ("contribution_id", "result_sheet_id", "indicator_id", "minutes_id", "carried_action_id")
_TARGETS = ("section_id", "action_id", "commitment_id")


def _only_one(names: tuple[str, ...]) -> str:
    return " + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)" for name in names) + " = 1"


class TraceLink(Base):
    """From a contribution, a result, an indicator or minutes to where it went: a section or an action of the plan, or
    a commitment of the pact; and from an action to the commitment that carries it out. With relation and reason.
    """

    __tablename__ = "trace_link"
    __table_args__ = (
        sa.CheckConstraint(_only_one(_SOURCES), name="one_source"),
        sa.CheckConstraint(_only_one(_TARGETS), name="one_target"),
        sa.CheckConstraint("paragraph_id IS NULL OR section_id IS NOT NULL", name="paragraph_of_a_section"),
        sa.CheckConstraint("carried_action_id IS NULL OR commitment_id IS NOT NULL", name="carried_by_a_commitment"),
        *(sa.UniqueConstraint(source, target) for source in _SOURCES for target in _TARGETS
          if source != "carried_action_id" or target == "commitment_id"),
    )

    id: Mapped[pk]
    contribution_id: Mapped[int | None] = mapped_column(sa.ForeignKey("contribution.id"))
    result_sheet_id: Mapped[int | None] = mapped_column(sa.ForeignKey("result_sheet.id"))
    indicator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator.id", ondelete="CASCADE"))
    minutes_id: Mapped[int | None] = mapped_column(sa.ForeignKey("minutes.id", ondelete="CASCADE"))
    carried_action_id: Mapped[int | None] = mapped_column(sa.ForeignKey("action.id", ondelete="CASCADE"))
    """The action of the plan that a commitment carries out."""
    section_id: Mapped[int | None] = mapped_column(sa.ForeignKey("section.id"), index=True)
    paragraph_id: Mapped[int | None] = mapped_column(sa.ForeignKey("paragraph.id", ondelete="SET NULL"), index=True)
    """Which paragraph of the section is meant; all of it where none is named, or where it is gone."""
    action_id: Mapped[int | None] = mapped_column(sa.ForeignKey("action.id"), index=True)
    commitment_id: Mapped[int | None] = mapped_column(sa.ForeignKey("commitment.id", ondelete="CASCADE"), index=True)
    relation: Mapped[Relation]
    reason: Mapped[str] = mapped_column(sa.String(600))
    created_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    contribution: Mapped[Contribution | None] = relationship()
    result_sheet: Mapped[ResultSheet | None] = relationship()
    indicator: Mapped[Indicator | None] = relationship()
    minutes: Mapped[Minutes | None] = relationship()
    carried_action: Mapped[Action | None] = relationship(foreign_keys=[carried_action_id])
    section: Mapped[Section | None] = relationship()
    paragraph: Mapped[Paragraph | None] = relationship(passive_deletes="all")
    action: Mapped[Action | None] = relationship(foreign_keys=[action_id])
    commitment: Mapped[Commitment | None] = relationship()
