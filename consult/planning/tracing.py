"""Linking what people said and what activities found to the part of the plan, or of the pact, it went into."""

from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.analysis.models import Indicator
from consult.contributions.models import Contribution
from consult.core import events
from consult.core.db import db, insert
from consult.meetings.models import Minutes
from consult.pact.models import Commitment
from consult.planning.models import Action, Paragraph, Plan, Relation, Section, TraceLink
from consult.planning.words import RELATIONS
from consult.results.models import ResultSheet

Source = Contribution | ResultSheet | Indicator | Minutes | Action
Target = Section | Paragraph | Action | Commitment


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
    indicator_id: int | None = None
    minutes_id: int | None = None
    carried_action_id: int | None = None
    paragraph_id: int | None = None
    commitment_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class TraceUnlinked(events.Event):
    link_id: int
    contribution_id: int | None
    result_sheet_id: int | None
    section_id: int | None
    action_id: int | None
    indicator_id: int | None = None
    minutes_id: int | None = None
    carried_action_id: int | None = None
    paragraph_id: int | None = None
    commitment_id: int | None = None


def link(plan: Plan, actor: Person, *, source: Source, target: Target, relation: Relation, reason: str) -> int:
    """Say that something public of the percorso went into a section, a paragraph, an action or a commitment of the
    pact, or that a commitment carries out an action; answers the link.

    Raises LinkError, with nothing written, where either end does not belong to the percorso of the plan, where a
    contribution or minutes are not public, a paragraph is no longer in the text, an action would go into anything but
    a commitment, or where the two are linked already.
    """
    if isinstance(source, Contribution) and not source.public:
        raise LinkError(_l("Only public contributions can be linked to the plan."))
    if isinstance(source, Minutes) and not source.public:
        raise LinkError(_l("Only minutes that were approved can be linked to the plan."))
    if isinstance(source, Action) and not isinstance(target, Commitment):
        raise LinkError(_l("An action can only be linked to a commitment of the pact, which carries it out."))
    if process_of(source) != plan.process_id:
        raise LinkError(_l("This belongs to another percorso."))
    if target.process_id != plan.process_id:
        raise LinkError(_l("This part belongs to another plan."))
    if isinstance(target, Paragraph) and target.removed_at is not None:
        raise LinkError(_l("This paragraph is no longer in the text: choose another."))
    ends = _ends(source, target)
    row = insert(TraceLink).values(**ends, relation=relation, reason=reason, created_by_id=actor.id)
    made = db.session.scalar(row.on_conflict_do_nothing().returning(TraceLink.id))
    if made is None:
        raise LinkError(_linked_already(ends))
    events.record(TraceLinked(actor_id=actor.id, link_id=made, **ends))
    return int(made)


def process_of(source: Source) -> int:
    """The percorso to which something belongs that can be linked."""
    return source.activity.phase.process_id if isinstance(source, Contribution | ResultSheet) else source.process_id


_COLUMNS: dict[type, str] = {Contribution: "contribution_id", ResultSheet: "result_sheet_id",
                             Indicator: "indicator_id", Minutes: "minutes_id", Action: "carried_action_id"}
_TARGETS: dict[type, str] = {Section: "section_id", Action: "action_id", Commitment: "commitment_id"}


def _ends(source: Source, target: Target) -> dict[str, int | None]:
    ends: dict[str, int | None] = dict.fromkeys((*_COLUMNS.values(), *_TARGETS.values(), "paragraph_id"))
    ends[next(name for kind, name in _COLUMNS.items() if isinstance(source, kind))] = source.id
    if isinstance(target, Paragraph):
        return {**ends, "section_id": target.section_id, "paragraph_id": target.id}
    return {**ends, next(name for kind, name in _TARGETS.items() if isinstance(target, kind)): target.id}


def _linked_already(ends: dict[str, int | None]) -> LazyString:
    """How the two are linked, so that one knows what there is to change."""
    same = [getattr(TraceLink, name) == id for name, id in ends.items() if id is not None and name != "paragraph_id"]
    known = db.session.scalar(sa.select(TraceLink).where(*same))
    if known is None:
        return _l("Somebody has just changed this: look again.")
    return _l("These two are linked already (%(relation)s). To change the relation or the reason, "
              "remove the link and make it again.", relation=RELATIONS[known.relation])


def unlink(made: TraceLink, actor: Person) -> None:
    """Take a link away."""
    ends = {name: getattr(made, name) for name in (*_COLUMNS.values(), *_TARGETS.values(), "paragraph_id")}
    event = TraceUnlinked(actor_id=actor.id, link_id=made.id, **ends)
    db.session.execute(sa.delete(TraceLink).where(TraceLink.id == made.id))
    events.record(event)
