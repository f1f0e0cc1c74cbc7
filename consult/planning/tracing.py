"""Linking what people said and what activities found to the part of the plan it went into."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import events
from consult.core.db import db, insert
from consult.planning.models import Action, Plan, Relation, Section, TraceLink
from consult.results.models import ResultSheet


class LinkError(ValueError):
    """A link that cannot be made, with the sentence that says why."""

    def __init__(self, sentence: LazyString) -> None:
        super().__init__(str(sentence))
        self.sentence = sentence


@dataclass(frozen=True, kw_only=True)
class TraceLinked(events.Event):
    link_id: int
    contribution_id: int | None
    result_sheet_id: int | None
    section_id: int | None
    action_id: int | None


@dataclass(frozen=True, kw_only=True)
class TraceUnlinked(events.Event):
    link_id: int
    contribution_id: int | None
    result_sheet_id: int | None
    section_id: int | None
    action_id: int | None


def link(plan: Plan, actor: Person, *, source: Contribution | ResultSheet, target: Section | Action,
         relation: Relation, reason: str) -> int:
    """Say that a public contribution or a result of the percorso went into a section or an action; answers the link.

    Raises LinkError, with nothing written, where either end does not belong to the percorso of the plan, where the
    contribution is not public, or where the two are linked already.
    """
    if isinstance(source, Contribution) and not source.public:
        raise LinkError(_l("Only public contributions can be linked to the plan."))
    if source.activity.phase.process_id != plan.process_id:
        raise LinkError(_l("This belongs to another percorso."))
    if target.process_id != plan.process_id:
        raise LinkError(_l("This part belongs to another plan."))
    ends = {
        "contribution_id": source.id if isinstance(source, Contribution) else None,
        "result_sheet_id": source.id if isinstance(source, ResultSheet) else None,
        "section_id": target.id if isinstance(target, Section) else None,
        "action_id": target.id if isinstance(target, Action) else None,
    }
    row = insert(TraceLink).values(**ends, relation=relation, reason=reason, created_by_id=actor.id)
    made = db.session.scalar(row.on_conflict_do_nothing().returning(TraceLink.id))
    if made is None:
        raise LinkError(_l("These two are linked already. To change the relation or the reason, "
                           "remove the link and make it again."))
    events.record(TraceLinked(actor_id=actor.id, link_id=made, **ends))
    return int(made)


def unlink(made: TraceLink, actor: Person) -> None:
    """Take a link away."""
    event = TraceUnlinked(actor_id=actor.id, link_id=made.id, contribution_id=made.contribution_id,
                          result_sheet_id=made.result_sheet_id, section_id=made.section_id, action_id=made.action_id)
    db.session.execute(sa.delete(TraceLink).where(TraceLink.id == made.id))
    events.record(event)
