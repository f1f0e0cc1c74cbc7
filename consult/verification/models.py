"""What verifying leaves behind: hashes and never an identifier, codes that were given out, and conflicts."""

import enum
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person, Tie, Verification, VerificationMethod
from consult.core import clock
from consult.core.db import Base, pk
from consult.territory.models import Municipality


class ExternalIdentity(Base):
    """An account at a provider of digital identity with which a person signs in; its name there is only hashed."""

    __tablename__ = "external_identity"
    __table_args__ = (sa.UniqueConstraint("issuer", "subject_hash"),)

    id: Mapped[pk]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    provider: Mapped[str] = mapped_column(sa.String(40))
    issuer: Mapped[str] = mapped_column(sa.String(300))
    subject_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()


class ProvenIdentifier(Base):
    """The one person of a tax code for which a provider of identity vouched: the same through every provider."""

    __tablename__ = "proven_identifier"

    identifier_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), unique=True)

    person: Mapped[Person] = relationship()


class RegisterEntry(Base):
    """A resident in the register of a municipality, as the hash of the tax code with the day of birth."""

    __tablename__ = "register_entry"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"), index=True)


class CodePurpose(enum.Enum):
    """How the codes of a sheet reach people."""

    ASSEMBLY = "assembly"
    LETTER = "letter"


class CodeBatch(Base):
    """Codes made together, for an assembly or for letters; `form_key` keeps a form sent twice from making two.

    Bound to a percorso, or to one activity of it, they let take part there and verify nobody.
    """

    __tablename__ = "code_batch"
    __table_args__ = (
        sa.CheckConstraint("0 <= used_count AND used_count <= number", name="no_more_used_than_made"),
        sa.CheckConstraint("activity_id IS NULL OR process_id IS NOT NULL", name="percorso_of_activity_known"),
    )

    id: Mapped[pk]
    municipality_id: Mapped[int] = mapped_column(sa.ForeignKey("municipality.id"))
    purpose: Mapped[CodePurpose]
    process_id: Mapped[int | None] = mapped_column(sa.ForeignKey("process.id"))
    activity_id: Mapped[int | None] = mapped_column(sa.ForeignKey("activity.id"))
    tie: Mapped[Tie] = mapped_column(default=Tie.RESIDES)
    number: Mapped[int]
    used_count: Mapped[int] = mapped_column(default=0)
    """How many were tied to an account; taking part without one leaves no trace here."""
    form_key: Mapped[str | None] = mapped_column(sa.String(64), unique=True)
    made_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]

    municipality: Mapped[Municipality] = relationship()

    @property
    def verifies(self) -> bool:
        """True where a code verifies whoever ties it to an account."""
        return self.process_id is None

    def opens(self, activity_id: int, process_id: int) -> bool:
        """Whether a code may be used in an activity of a percorso, where codes are enough."""
        return self.activity_id in (None, activity_id) and self.process_id in (None, process_id)


class OneTimeCode(Base):
    """A code good once: `used` once it was tied to an account. Who used it, and where, is not written here."""

    __tablename__ = "one_time_code"

    hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    batch_id: Mapped[int] = mapped_column(sa.ForeignKey("code_batch.id"), index=True)
    used: Mapped[bool] = mapped_column(default=False)

    batch: Mapped[CodeBatch] = relationship()


class Document(enum.Enum):
    """The kind of document shown at the desk; its number is never asked for."""

    IDENTITY_CARD = "identity_card"
    PASSPORT = "passport"
    DRIVING_LICENCE = "driving_licence"
    RESIDENCE_PERMIT = "residence_permit"
    KNOWN = "known"


class DeskCheck(Base):
    """Which clerk verified somebody at the desk, on what document and why there."""

    __tablename__ = "desk_check"

    id: Mapped[pk]
    verification_id: Mapped[int] = mapped_column(sa.ForeignKey("verification.id", ondelete="CASCADE"), index=True)
    operator_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"))
    document: Mapped[Document]
    reason: Mapped[str] = mapped_column(sa.String(300))
    checked_at: Mapped[datetime] = mapped_column(default=clock.now)

    verification: Mapped[Verification] = relationship()
    operator: Mapped[Person] = relationship()


class ConflictKind(enum.Enum):
    """Why a verification did not go through."""

    TAKEN = "taken"
    """Another account was verified with the same identifier."""
    SECOND = "second"
    """The account was verified before, with another identifier."""


class Conflict(Base):
    """Somebody could not be verified because somebody was already: the staff find out who is right."""

    __tablename__ = "verification_conflict"
    __table_args__ = (
        sa.Index("uq_verification_conflict_open", "person_id", "holder_id", "kind", unique=True,
                 sqlite_where=sa.text("closed_at IS NULL"), postgresql_where=sa.text("closed_at IS NULL")),
    )

    id: Mapped[pk]
    kind: Mapped[ConflictKind]
    method: Mapped[VerificationMethod]
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Who was refused."""
    holder_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), index=True)
    """Who was verified before: for a second identifier the same person."""
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(sa.String(300), default="")

    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    holder: Mapped[Person] = relationship(foreign_keys=[holder_id])
