"""Calls for proposals, and what participants ask the plan to contain."""

import enum
import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext
from sqlalchemy.orm import Mapped, mapped_column, relationship

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock, richtext
from consult.core.db import Base, ExactNumber, pk
from consult.core.languages import Localized
from consult.processes.models import Activity, Axis


class Asking(enum.Enum):
    """Whether a call asks for something; what is not asked for is false."""

    NOT = "not"
    OPTIONAL = "optional"
    REQUIRED = "required"

    def __bool__(self) -> bool:
        return self is not Asking.NOT


def _asking(name: str, default: Asking) -> Any:
    """A column of its own name, because the constraint is called after it."""
    kind = sa.Enum(Asking, name=name, native_enum=False, length=24, create_constraint=True,
                   values_callable=lambda members: [member.value for member in members])
    return mapped_column(kind, default=default)


class ProposalCall(Activity):
    """A call for proposals."""

    __tablename__ = "proposal_call"
    __table_args__ = (
        sa.CheckConstraint("most_per_person > 0", name="some_for_a_person"),
        sa.CheckConstraint("most_per_organisation > 0", name="some_for_an_organisation"),
        sa.CheckConstraint("supports_each > 0", name="some_supports_each"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), primary_key=True)
    supports_open: Mapped[bool] = mapped_column(default=True)
    supports_each: Mapped[int | None]
    """How many proposals of the call one person may support at a time; none for as many as one likes."""
    most_per_person: Mapped[int | None]
    most_per_organisation: Mapped[int | None]
    """How many proposals may be sent in by each; what was withdrawn does not count."""
    guide: Mapped[str] = mapped_column(sa.Text, default="")
    takes_amendments: Mapped[bool] = mapped_column(default=False)
    """Whoever takes part may suggest how to change the text of a proposal."""
    body_template: Mapped[str] = mapped_column(sa.Text, default="")
    """What stands in the text of a new proposal before anybody has written."""
    asks_axis: Mapped[Asking] = _asking("asks_axis", Asking.OPTIONAL)
    asks_category: Mapped[Asking] = _asking("asks_category", Asking.OPTIONAL)
    asks_place: Mapped[Asking] = _asking("asks_place", Asking.NOT)
    asks_cost: Mapped[Asking] = _asking("asks_cost", Asking.NOT)
    asks_attachments: Mapped[Asking] = _asking("asks_attachments", Asking.NOT)
    only_axes: Mapped[list[Any]] = mapped_column(default=list)
    """Codes of the axes that can be chosen; empty for all."""
    only_places: Mapped[list[Any]] = mapped_column(default=list)
    """ISTAT codes of the municipalities in which a place can lie; empty for all."""

    categories: Mapped[list["ProposalCategory"]] = relationship(
        order_by="ProposalCategory.position", cascade="all, delete-orphan")
    fields: Mapped[list["CallField"]] = relationship(
        back_populates="call", order_by="CallField.position", cascade="all, delete-orphan")

    __mapper_args__ = {"polymorphic_identity": "proposal_call"}  # noqa: RUF012


class ProposalCategory(Base):
    """A kind of proposal, named by the plan office for one call."""

    __tablename__ = "proposal_category"

    id: Mapped[pk]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_call.id"), index=True)
    position: Mapped[int]
    name: Mapped[Localized]


class FieldKind(enum.Enum):
    """What an own field of a call asks for."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    CHOICE = "choice"
    DATE = "date"


class CallField(Base):
    """Something that one call asks of each proposal beside its text."""

    __tablename__ = "call_field"

    id: Mapped[pk]
    call_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal_call.id"), index=True)
    position: Mapped[int]
    kind: Mapped[FieldKind]
    label: Mapped[Localized]
    help: Mapped[Localized]
    required: Mapped[bool] = mapped_column(default=False)
    retired: Mapped[bool] = mapped_column(default=False)
    """No longer asked; what was answered stays."""
    version: Mapped[int] = mapped_column(default=1)

    call: Mapped[ProposalCall] = relationship(back_populates="fields")
    options: Mapped[list["FieldOption"]] = relationship(
        order_by="FieldOption.position", cascade="all, delete-orphan")


class FieldOption(Base):
    """An answer that may be chosen."""

    __tablename__ = "field_option"

    id: Mapped[pk]
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("call_field.id"), index=True)
    position: Mapped[int]
    name: Mapped[Localized]


class FieldAnswer(Base):
    """What a proposal answers to an own field of its call: a text, a number, a day or one of the options."""

    __tablename__ = "field_answer"
    __table_args__ = (
        sa.CheckConstraint(" + ".join(f"(CASE WHEN {name} IS NULL THEN 0 ELSE 1 END)"
                                      for name in ("text", "number", "day", "option_id")) + " = 1", name="one_answer"),
    )

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    field_id: Mapped[int] = mapped_column(sa.ForeignKey("call_field.id"), primary_key=True, index=True)
    text: Mapped[str | None] = mapped_column(sa.Text)
    html: Mapped[str] = mapped_column(sa.Text, default="")
    """A long text as it is shown."""
    number: Mapped[Decimal | None] = mapped_column(ExactNumber(4))
    day: Mapped[date | None]
    option_id: Mapped[int | None] = mapped_column(sa.ForeignKey("field_option.id"), index=True)

    field: Mapped[CallField] = relationship()
    option: Mapped[FieldOption | None] = relationship()

    @property
    def value(self) -> Any:
        """What was answered, whatever its kind."""
        return next((value for value in (self.text, self.number, self.day) if value is not None), self.option_id)


ANSWER = "answer_"
"""What an answer is named by among all that was written, before the id of its field."""


def slug_of(title: str) -> str:
    """A title as it stands in an address: `Più corse, più sere` becomes `piu-corse-piu-sere`."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:60].rstrip("-") or "proposta"


class Proposal(Contribution):
    """What a participant asks the plan to contain."""

    __tablename__ = "proposal"
    __table_args__ = (
        sa.CheckConstraint("cost >= 0", name="cost_not_negative"),
        sa.CheckConstraint("carried_count >= 0", name="carried_not_negative"),
        sa.CheckConstraint("current_support_count >= 0", name="current_supports_not_negative"),
        sa.CheckConstraint("endorsement_count >= 0", name="endorsements_not_negative"),
        sa.CheckConstraint("coauthor_count >= 0", name="coauthors_not_negative"),
    )

    id: Mapped[int] = mapped_column(sa.ForeignKey("contribution.id"), primary_key=True)
    title: Mapped[str] = mapped_column(sa.String(150))
    slug: Mapped[str] = mapped_column(sa.String(80))
    body: Mapped[str] = mapped_column(sa.Text)
    body_html: Mapped[str] = mapped_column(sa.Text)
    summary: Mapped[str] = mapped_column(sa.String(240), default="")
    """The beginning of the text as plain words, for lists."""
    axis_id: Mapped[int | None] = mapped_column(sa.ForeignKey("axis.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(sa.ForeignKey("proposal_category.id"), index=True)
    cost: Mapped[Decimal | None] = mapped_column(ExactNumber(2))
    """What its author thinks that it costs, in euros."""
    submitted_at: Mapped[datetime | None]
    saved_at: Mapped[datetime | None]
    """When a draft was last saved."""
    written_on: Mapped[str] = mapped_column(sa.String(64), default="")
    """The page from which a draft was last saved: that page goes on with it, also when an answer was lost."""
    replaced_at: Mapped[datetime | None]
    """Since when it is merged into another or split: it is read, but no longer changed nor supported."""
    derived: Mapped[bool] = mapped_column(default=False)
    """Made by the plan office or the moderators out of other proposals."""
    carried_count: Mapped[int] = mapped_column(default=0)
    """Of its supports, those that people carried over from the proposals it was made of."""
    settled_at: Mapped[datetime | None]
    """Since when an outcome stands: from then on its text no longer changes."""
    current_support_count: Mapped[int] = mapped_column(default=0)
    """Of its supports, those by people whom we know and who gave them to the text as it stands."""
    endorsement_count: Mapped[int] = mapped_column(default=0)
    """Organisations that stand behind it."""
    coauthor_count: Mapped[int] = mapped_column(default=0)
    """People who write it together with its author."""

    axis: Mapped[Axis | None] = relationship()
    category: Mapped[ProposalCategory | None] = relationship()
    answers: Mapped[list[FieldAnswer]] = relationship(cascade="all, delete-orphan")
    coauthors: Mapped[list["CoAuthor"]] = relationship(
        cascade="all, delete-orphan", order_by="(CoAuthor.since, CoAuthor.person_id)")

    __mapper_args__ = {"polymorphic_identity": "proposal"}  # noqa: RUF012

    @property
    def heading(self) -> str:
        return self.title

    @property
    def byline(self) -> str:
        """What was made of others is in nobody's name: whoever of the staff wrote it down is not its author."""
        return gettext("Made of other proposals") if self.derived else super().byline

    @property
    def replaced(self) -> bool:
        """True once others stand in its place: it was merged or split."""
        return self.replaced_at is not None

    @property
    def settled(self) -> bool:
        """True once an outcome stands."""
        return self.settled_at is not None

    def written(self) -> dict[str, str]:
        """Its text, and what it answers in words to the own fields of the call."""
        answers = sorted((one.field_id, one.text) for one in self.answers if one.text is not None)
        return {**super().written(), **{f"{ANSWER}{field_id}": text for field_id, text in answers}}

    def say(self, name: str, text: str) -> None:
        """Answers have rows of their own."""
        answer = next((one for one in self.answers if f"{ANSWER}{one.field_id}" == name), None)
        if answer is None:
            super().say(name, text)
            return
        answer.text, answer.html = text, richtext.render(text) if answer.html else ""

    def reworded(self) -> None:
        """Let lists, its page and its thread say what it says now."""
        super().reworded()
        self.slug, self.summary = slug_of(self.title), richtext.excerpt(self.body, 200)
        self.name_page()

    def name_page(self) -> None:
        """Let the thread know what is discussed, and where; the address needs the id."""
        if self.thread is not None:
            self.thread.label = Localized.of(self.title)
            self.thread.path = f"/proposte/{self.id}-{self.slug}"

    def written_by(self, person: Any) -> bool:
        """True for its author and for whoever writes it together with them."""
        return super().written_by(person) or bool(
            self.coauthor_count and person.is_authenticated and person.id in {one.person_id for one in self.coauthors})


class CoAuthor(Base):
    """Somebody who writes a proposal together with its author."""

    __tablename__ = "co_author"

    proposal_id: Mapped[int] = mapped_column(sa.ForeignKey("proposal.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(sa.ForeignKey("person.id"), primary_key=True, index=True)
    since: Mapped[datetime] = mapped_column(default=clock.now)

    person: Mapped[Person] = relationship()
