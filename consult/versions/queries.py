"""The versions of a proposal, in the order in which people read them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions.models import Contribution, FlagReason, Revision
from consult.contributions.queries import by_names
from consult.core.db import db
from consult.core.languages import Localized
from consult.proposals import answers
from consult.proposals.models import Proposal
from consult.voting.models import Support, SupportTally


@dataclass(frozen=True)
class Change:
    """Who changed a text, when and why; with the amendment that was accepted with it, if one was."""

    at: datetime
    by: Person | None
    reason: str
    amendment: Contribution | None


@dataclass(frozen=True)
class Version:
    """A text that a proposal has had in public, or has now."""

    number: int
    """As people count: from 1, without gaps."""
    version: int
    """As the proposal counts, saved drafts included."""
    title: str
    body: str
    facts: Sequence[dict[str, Any]] = ()
    current: bool = False
    hidden_for: FlagReason | None = None
    changes: Sequence[Change] = field(default_factory=tuple)
    """What led to it from the one before; nothing for the first."""

    @property
    def forgotten(self) -> bool:
        """True once its author has left and its text is no longer kept."""
        return not self.title and not self.body

    @property
    def readable(self) -> bool:
        return not self.forgotten and self.hidden_for is None


def of(proposal: Proposal) -> list[Version]:
    """Every version, the first one first; the last is the text as it stands. Two queries whatever their number."""
    revisions = db.session.scalars(
        sa.select(Revision).where(Revision.contribution_id == proposal.id).options(joinedload(Revision.editor))
        .order_by(Revision.version)).all()
    amendments = _amendments(revisions)
    found, led = list[Version](), list[Change]()
    for one in revisions:
        if one.public:
            content = {} if one.hidden_for else one.content
            found.append(Version(len(found) + 1, one.version, content.get("title", ""), content.get("body", ""),
                                 content.get("facts", ()), hidden_for=one.hidden_for, changes=tuple(led)))
            led = []
        led.append(Change(one.created_at, one.editor, one.reason, amendments.get(one.applied_id or 0)))
    return [*found, Version(len(found) + 1, proposal.version, proposal.title, proposal.body,
                            answers.facts(proposal).get("facts", ()), current=True,
                            changes=tuple(led) if found else ())]


def _amendments(revisions: Iterable[Revision]) -> dict[int, Contribution]:
    ids = [one.applied_id for one in revisions if one.applied_id is not None]
    rows = db.session.scalars(sa.select(Contribution).where(Contribution.id.in_(ids)).options(
        *by_names(), joinedload(Contribution.thread))) if ids else ()
    return {one.id: one for one in rows if one.public}


def numbered(versions: Sequence[Version], number: int) -> Version | None:
    """The version that people call by this number."""
    return versions[number - 1] if 0 < number <= len(versions) else None


def standing_at(versions: Sequence[Version], version: int) -> Version:
    """The version that was read when the proposal counted so far."""
    return next((one for one in versions if one.version >= version), versions[-1])


def text_of(proposal: Proposal, version: int) -> tuple[str, str] | None:
    """Title and text of a proposal at a version as it counts; None where it is no longer to be read."""
    if version >= proposal.version:
        return proposal.title, proposal.body
    kept = db.session.scalars(sa.select(Revision).where(
        Revision.contribution_id == proposal.id, Revision.version >= version, Revision.public.is_(True))
        .order_by(Revision.version).limit(1)).first()
    if kept is None:
        return proposal.title, proposal.body
    return (kept.content["title"], kept.content["body"]) if kept.content and not kept.hidden_for else None


def revision(proposal: Proposal, version: Version) -> Revision | None:
    """The row in which an earlier version is kept."""
    return db.session.scalar(sa.select(Revision).where(
        Revision.contribution_id == proposal.id, Revision.version == version.version))


def how_many(proposal: Proposal) -> int:
    """How many versions there are, without their texts."""
    return 1 + (db.session.scalar(sa.select(sa.func.count()).select_from(Revision).where(
        Revision.contribution_id == proposal.id, Revision.public.is_(True))) or 0)


@dataclass(frozen=True)
class Standing:
    """To which text the supports of a proposal were given."""

    current: int
    earlier: int
    unknown: int
    """By people who left, on paper, or brought over from elsewhere."""


def standing(proposal: Proposal) -> Standing:
    """The supports of the text as it stands, and those of earlier ones."""
    unknown = db.session.scalar(sa.select(sa.func.coalesce(sa.func.sum(SupportTally.count), 0)).where(
        SupportTally.contribution_id == proposal.id)) or 0
    return Standing(proposal.current_support_count,
                    max(0, proposal.support_count - proposal.current_support_count - unknown), unknown)


def supporters_of_earlier(proposal: Proposal, *, after: int, most: int) -> Sequence[tuple[Person, int]]:
    """People who support an earlier version and can be written to, in the order of their numbers, with that version."""
    rows = db.session.execute(
        sa.select(Person, Support.version).join(Support, Support.person_id == Person.id)
        .where(Support.contribution_id == proposal.id, Support.version < proposal.version, Person.id > after,
               Person.email.is_not(None), Person.closed_at.is_(None))
        .order_by(Person.id).limit(most))
    return [(person, version) for person, version in rows]


def differing(one: Version, other: Version) -> list[tuple[dict[str, Any], Any, Any]]:
    """What two versions say differently beside their texts: what it is, and what each of them says, or nothing."""
    left = {fact["key"]: fact for fact in one.facts}
    right = {fact["key"]: fact for fact in other.facts}
    return [(fact, _value(left.get(key)), _value(right.get(key))) for key, fact in {**left, **right}.items()
            if left.get(key, {}).get("value") != right.get(key, {}).get("value")]


def _value(fact: dict[str, Any] | None) -> Any:
    if fact is None:
        return ""
    return Localized.of(fact["value"]) if isinstance(fact["value"], dict) else fact["value"]
