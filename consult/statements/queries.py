"""A decision as whoever it concerns reads it, with the text that was decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Revision
from consult.core.db import db
from consult.moderation import acts, contributed, matters
from consult.moderation.matters import Matter, Passage
from consult.moderation.models import Act, Decision
from consult.moderation.words import Rule, rule

ENDING = frozenset({Act.APPROVE, Act.RESTORE, Act.UNCOVER, Act.UNLOCK, Act.LIFT})
"""Acts that give back what an earlier one took."""

OF_PEOPLE = frozenset({Act.WARN, Act.SUSPEND, Act.LIFT})
"""Acts that are about somebody's account: nobody else is told, though they wrote the text together."""


@dataclass(frozen=True)
class Statement:
    """One decision and what it was about."""

    decision: Decision
    matter: Matter

    @property
    def process_id(self) -> int | None:
        return self.decision.process_id

    @property
    def rule(self) -> Rule | None:
        """The rule that the decision names."""
        return rule(self.decision.reason, version=self.decision.rule_version)

    def concerns(self, person: Any) -> bool:
        """True for whoever wrote what was decided on, alone or with others; of a person, for this person alone."""
        if self.decision.act in OF_PEOPLE:
            return bool(person.is_authenticated) and self.matter.author_id == person.id
        return self.matter.concerns(person)

    @property
    def ends_at(self) -> datetime | None:
        """The day set for its end; none where it holds until another decision."""
        until = self.decision.details.get("until")
        try:
            return datetime.fromisoformat(until) if isinstance(until, str) else None
        except ValueError:
            return None


def takes_away(act: Act) -> bool:
    """Whether an act takes something from somebody, who is told why."""
    return acts.known(act) and acts.rule(act).reasoned


def of_decision(id: int) -> Statement | None:
    """A decision with its matter; none for one that was taken back before anybody heard of it."""
    decision = db.session.get(Decision, id)
    fresh = decision is not None and bool(decision.answered)
    if decision is None or (not fresh and undone(decision)):
        return None
    matter = contributed.decided_on(decision) if fresh else matters.matter(decision.subject)
    return Statement(decision, matter) if matter else None


def statement(id: int) -> Statement | None:
    """The same for decisions that take something away."""
    found = of_decision(id)
    return found if found and takes_away(found.decision.act) else None


def undone(decision: Decision) -> bool:
    """Whether whoever decided has taken it back."""
    return db.session.scalar(sa.select(Decision.id).where(Decision.undoes_id == decision.id)) is not None


def afterwards(statement: Statement) -> Sequence[Decision]:
    """What else was decided on the same thing since, the first one first."""
    taken_back = sa.select(Decision.undoes_id).where(Decision.undoes_id.is_not(None))
    return db.session.scalars(sa.select(Decision).where(
        Decision.subject == statement.decision.subject, Decision.id > statement.decision.id,
        Decision.act != Act.UNDO, Decision.id.not_in(taken_back)).order_by(Decision.id)).all()


def words_kept(statement: Statement) -> Sequence[Passage]:
    """The words that were decided on as they stood then; nothing where they are no longer kept."""
    decision, passages = statement.decision, statement.matter.passages()
    if statement.matter.snapshot() == decision.snapshot:
        return passages
    kept = db.session.scalar(sa.select(Revision.content).where(
        Revision.contribution_id == decision.contribution_id, Revision.version == decision.version_seen))
    fields = {passage.field for passage in passages}
    return [Passage(name, text) for name, text in (kept or {}).items() if name in fields and isinstance(text, str)]
