"""The pact of a percorso: its clauses, who signs it, the commitments and what is reported of them."""

import enum
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Organisation, Person
from consult.analysis.models import Indicator
from consult.contributions.models import Thread
from consult.core import clock
from consult.core.db import Base, append_only, pk
from consult.processes.models import Activity, Process
from consult.territory.models import Municipality


class PactState(enum.Enum):
    """How far the pact is between its first text and its end."""

    DRAFT = "draft"
    IN_NEGOTIATION = "in_negotiation"
    OPEN_FOR_SIGNATURE = "open_for_signature"
    IN_FORCE = "in_force"
    CONCLUDED = "concluded"


class Pact(Base):
    """What public bodies and stakeholders of a territory promise each other at the end of a percorso."""

    __tablename__ = "pact"
    __table_args__ = (
        sa.CheckConstraint("years >= 1", name="lasts_a_year"),
        sa.CheckConstraint("in_force_since IS NOT NULL OR state NOT IN ('in_force', 'concluded')",
                           name="in_force_since_a_day"),
    )

    id: Mapped[pk]
    process_id: Mapped[int] = mapped_column(sa.ForeignKey("process.id"), unique=True)
    slug: Mapped[str] = mapped_column(sa.String(80), unique=True)
    title: Mapped[str] = mapped_column(sa.String(160))
    premise: Mapped[str] = mapped_column(sa.Text, default="")
    years: Mapped[int] = mapped_column(default=5)
    """For how many years it holds from the day on which it is in force."""
    state: Mapped[PactState] = mapped_column(default=PactState.DRAFT)
    act: Mapped[str] = mapped_column(sa.String(200), default="")
    """The act with which it was approved or came into force, as it is quoted."""
    in_force_since: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[datetime] = mapped_column(default=clock.now)

    process: Mapped[Process] = relationship()
    clauses: Mapped[list["Clause"]] = relationship(
        back_populates="pact", order_by="Clause.position", cascade="all, delete-orphan")
    signatories: Mapped[list["Signatory"]] = relationship(back_populates="pact", order_by="Signatory.position")
    commitments: Mapped[list["Commitment"]] = relationship(back_populates="pact", order_by="Commitment.position")

    @property
    def public(self) -> bool:
        """False while it is a first text that only the staff see."""
        return self.state is not PactState.DRAFT and self.process.published


class Clause(Base):
    """A part of the text of the pact, in Markdown."""

    __tablename__ = "clause"

    id: Mapped[pk]
    pact_id: Mapped[int] = mapped_column(sa.ForeignKey("pact.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(200))
    body: Mapped[str] = mapped_column(sa.Text, default="")

    pact: Mapped[Pact] = relationship(back_populates="clauses")


class SignatoryState(enum.Enum):
    """How far a party is between the invitation and its signature."""

    INVITED = "invited"
    WILLING = "willing"
    NEGOTIATING = "negotiating"
    SIGNED = "signed"
    WITHDRAWN = "withdrawn"


class Signatory(Base):
    """A party to the pact: an organisation, a municipality, or a body known by its written name."""

    __tablename__ = "signatory"
    __table_args__ = (
        sa.CheckConstraint(
            "(CASE WHEN organisation_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN municipality_id IS NULL THEN 0 ELSE 1 "
            "END) + (CASE WHEN written_name = '' THEN 0 ELSE 1 END) = 1", name="one_party"),
        sa.UniqueConstraint("pact_id", "organisation_id"),
        sa.UniqueConstraint("pact_id", "municipality_id"),
    )

    id: Mapped[pk]
    pact_id: Mapped[int] = mapped_column(sa.ForeignKey("pact.id"))
    position: Mapped[int]
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    municipality_id: Mapped[int | None] = mapped_column(sa.ForeignKey("municipality.id"))
    written_name: Mapped[str] = mapped_column(sa.String(160), default="")
    signer_title: Mapped[str] = mapped_column(sa.String(120), default="")
    """The office of whoever signs, as in “Presidente”, never a person's name."""
    state: Mapped[SignatoryState] = mapped_column(default=SignatoryState.INVITED)
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    version: Mapped[int] = mapped_column(default=1)

    pact: Mapped[Pact] = relationship(back_populates="signatories")
    organisation: Mapped[Organisation | None] = relationship()
    municipality: Mapped[Municipality | None] = relationship()
    signatures: Mapped[list["Signature"]] = relationship(
        back_populates="signatory", order_by="Signature.signed_on, Signature.id")

    @property
    def name(self) -> str:
        """What the party is called; a municipality signs as the body that it is."""
        if self.municipality is not None:
            return f"Comune di {self.municipality.name}"
        return self.organisation.name if self.organisation else self.written_name

    @property
    def process_id(self) -> int:
        return self.pact.process_id


class CommitmentState(enum.Enum):
    """How far a commitment is between its first text and its end."""

    DRAFT = "draft"
    NEGOTIATING = "negotiating"
    AGREED = "agreed"
    UNDER_WAY = "under_way"
    KEPT = "kept"
    NOT_KEPT = "not_kept"
    WITHDRAWN = "withdrawn"


partnered = sa.Table(
    "commitment_partner", Base.metadata,
    sa.Column("commitment_id", sa.ForeignKey("commitment.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("signatory_id", sa.ForeignKey("signatory.id"), primary_key=True))
"""The signatories that help with a commitment beside the one that answers for it."""


class Commitment(Base):
    """What a signatory promises to do: by when, with which money, and by what one will see it. Whole euros."""

    __tablename__ = "commitment"
    __table_args__ = (
        sa.UniqueConstraint("pact_id", "code"),
        sa.CheckConstraint("cost IS NULL OR cost >= 0", name="cost_not_negative"),
    )

    id: Mapped[pk]
    pact_id: Mapped[int] = mapped_column(sa.ForeignKey("pact.id"))
    code: Mapped[str] = mapped_column(sa.String(12))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(sa.String(240))
    body: Mapped[str] = mapped_column(sa.Text, default="")
    signatory_id: Mapped[int | None] = mapped_column(sa.ForeignKey("signatory.id"), index=True)
    """Who answers for it."""
    resources: Mapped[str] = mapped_column(sa.String(500), default="")
    """Where the money comes from, in words."""
    cost: Mapped[int | None]
    due_on: Mapped[date | None]
    measure: Mapped[str] = mapped_column(sa.String(240), default="")
    """By which number one will see that it is kept."""
    indicator_id: Mapped[int | None] = mapped_column(sa.ForeignKey("indicator.id", ondelete="SET NULL"))
    baseline: Mapped[float | None]
    target: Mapped[float | None]
    unit: Mapped[str] = mapped_column(sa.String(60), default="")
    state: Mapped[CommitmentState] = mapped_column(default=CommitmentState.DRAFT)
    withdrawn_reason: Mapped[str] = mapped_column(sa.String(1000), default="")
    """Why it was withdrawn; empty of those that were withdrawn before anybody was asked."""
    thread_id: Mapped[int | None] = mapped_column(sa.ForeignKey("thread.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)

    pact: Mapped[Pact] = relationship(back_populates="commitments")
    signatory: Mapped[Signatory | None] = relationship()
    partners: Mapped[list[Signatory]] = relationship(secondary=partnered, order_by=Signatory.position)
    indicator: Mapped[Indicator | None] = relationship()
    thread: Mapped[Thread | None] = relationship()
    milestones: Mapped[list["CommitmentMilestone"]] = relationship(
        order_by="CommitmentMilestone.id", cascade="all, delete-orphan")
    reports: Mapped[list["ProgressReport"]] = relationship(
        back_populates="commitment", order_by="ProgressReport.on.desc(), ProgressReport.id.desc()")
    """The newest first."""

    @property
    def process_id(self) -> int:
        return self.pact.process_id

    @property
    def public(self) -> bool:
        """False while only the staff see it."""
        return self.state is not CommitmentState.DRAFT and self.pact.public

    @property
    def path(self) -> str:
        """Its page, within the site."""
        return f"/patti/{self.pact.slug}/impegni/{self.code}"


class CommitmentMilestone(Base):
    """Something that is to be reached by a day, on the way to keeping a commitment."""

    __tablename__ = "commitment_milestone"

    id: Mapped[pk]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id", ondelete="CASCADE"), index=True)
    title: Mapped[str] = mapped_column(sa.String(200))
    due_on: Mapped[date | None]
    reached_on: Mapped[date | None]


class Progress(enum.Enum):
    """How a commitment goes, as whoever reports of it says."""

    ON_TIME = "on_time"
    LATE = "late"
    AT_RISK = "at_risk"
    DONE = "done"
    STOPPED = "stopped"


@append_only
class ProgressReport(Base):
    """How far a commitment was on a day. It never changes: another one follows it, and says which one it corrects."""

    __tablename__ = "progress_report"
    __table_args__ = (
        sa.CheckConstraint("corrects_id IS NULL OR corrects_id <> id", name="corrects_another"),
        sa.CheckConstraint("length(trim(text)) > 0", name="says_something"),
        sa.Index("ix_progress_report_of", "commitment_id", "on", "id"),
    )

    id: Mapped[pk]
    commitment_id: Mapped[int] = mapped_column(sa.ForeignKey("commitment.id"))
    on: Mapped[date]
    value: Mapped[float | None]
    standing: Mapped[Progress]
    text: Mapped[str] = mapped_column(sa.Text)
    corrects_id: Mapped[int | None] = mapped_column(sa.ForeignKey("progress_report.id"), unique=True)
    organisation_id: Mapped[int | None] = mapped_column(sa.ForeignKey("organisation.id"))
    """In whose name it was written; none where the plan office wrote it."""
    written_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    commitment: Mapped[Commitment] = relationship(back_populates="reports")
    organisation: Mapped[Organisation | None] = relationship()
    corrects: Mapped["ProgressReport | None"] = relationship(remote_side=lambda: ProgressReport.id)

    @property
    def process_id(self) -> int:
        return self.commitment.process_id


class SignatureKind(enum.Enum):
    """How a signed text came: signed within the PDF, in an envelope around it, or on paper."""

    DIGITAL_PDF = "digital_pdf"
    DIGITAL_P7M = "digital_p7m"
    ON_PAPER = "on_paper"


class Verdict(enum.Enum):
    """What whoever verified a signature elsewhere found."""

    VALID = "valid"
    INVALID = "invalid"
    NOT_VERIFIED = "not_verified"


class Signature(Base):
    """The pact as a signatory signed it outside, and what came of verifying the signature."""

    __tablename__ = "signature"
    __table_args__ = (
        sa.CheckConstraint("size > 0", name="not_empty"),
        sa.CheckConstraint("(verdict = 'not_verified') = (verified_on IS NULL)", name="verified_on_a_day"),
        sa.CheckConstraint("verified_on IS NULL OR verified_on >= signed_on", name="verified_after_signing"),
        sa.CheckConstraint("(report_token = '') = (report_name = '')", name="whole_report"),
    )

    id: Mapped[pk]
    signatory_id: Mapped[int] = mapped_column(sa.ForeignKey("signatory.id"), index=True)
    kind: Mapped[SignatureKind]
    signed_on: Mapped[date]
    token: Mapped[str] = mapped_column(sa.String(32), unique=True)
    """The random name under which the file is kept."""
    name: Mapped[str] = mapped_column(sa.String(120))
    mimetype: Mapped[str] = mapped_column(sa.String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(sa.String(64))
    verdict: Mapped[Verdict] = mapped_column(default=Verdict.NOT_VERIFIED)
    verified_on: Mapped[date | None]
    verified_by: Mapped[str] = mapped_column(sa.String(160), default="")
    """The office that verified it, never a person's name."""
    report_token: Mapped[str] = mapped_column(sa.String(32), default="")
    report_name: Mapped[str] = mapped_column(sa.String(120), default="")
    report_mimetype: Mapped[str] = mapped_column(sa.String(80), default="")
    file_public: Mapped[bool] = mapped_column(default=False)
    """Whether everyone may have the files: a digital signature holds the tax code of whoever signed."""
    recorded_by_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    recorded_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    signatory: Mapped[Signatory] = relationship(back_populates="signatures")
    recorded_by: Mapped[Person] = relationship()

    @property
    def process_id(self) -> int:
        return self.signatory.process_id


class PactConsultation(Activity):
    """A time in which people comment the pact, commitment by commitment."""

    __tablename__ = "pact_consultation"

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    pact_id: Mapped[int] = mapped_column(sa.ForeignKey("pact.id"))

    pact: Mapped[Pact] = relationship()

    __mapper_args__ = {"polymorphic_identity": "pact_consultation"}  # noqa: RUF012
