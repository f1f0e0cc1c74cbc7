"""Taking an import back: every row that it made, from the leaves to the root."""

from typing import Any, cast

import sqlalchemy as sa

from consult.accounts.models import Organisation, Person
from consult.attachments.models import Attachment
from consult.comments.models import Comment
from consult.contributions.models import CodeCounter, Contribution, Flag, Follow, Revision, Thread
from consult.core.db import Base, db, table
from consult.cosponsors.models import Endorsement
from consult.moderation.models import Decision
from consult.notices.models import Happening
from consult.places.models import Place
from consult.planning.models import Action, Objective, Paragraph, Plan, Section, TraceLink
from consult.processes.models import Activity, Axis, ParticipationCount, Phase, PhaseParticipant, Process
from consult.proposals.models import (
    CallField,
    CoAuthor,
    FieldAnswer,
    FieldOption,
    Proposal,
    ProposalCall,
    ProposalCategory,
)
from consult.publishing.models import MadeDocument
from consult.results.models import Outcome, ResultSheet
from consult.search import services as search
from consult.territory.models import Authority, Boundary, Municipality
from consult.verification.models import CodeBatch
from consult.voting.models import Support, SupportTally


def later_acts(process: Process) -> list[str]:
    """What people did in an imported percorso after the import, in words: it would be lost with it."""
    of_process = sa.select(Phase.id).where(Phase.process_id == process.id)
    activities = sa.select(Activity.id).where(Activity.phase_id.in_(of_process))
    ours = sa.select(Contribution.id).where(Contribution.activity_id.in_(activities))
    foreign = sa.or_(Contribution.source.is_(None), ~Contribution.source.startswith(f"decidim:{process.slug}:"))
    asked = {
        "new contributions": sa.select(Contribution.id).where(Contribution.activity_id.in_(activities), foreign),
        "new activities": sa.select(Activity.id).where(Activity.id.in_(activities), Activity.source.is_(None)),
        "supports": sa.select(Support.person_id).where(Support.contribution_id.in_(ours)),
        "changed texts": sa.select(Revision.id).where(Revision.contribution_id.in_(ours)),
        "endorsements": sa.select(Endorsement.id).where(Endorsement.proposal_id.in_(ours)),
        "authors who joined": sa.select(CoAuthor.person_id).where(CoAuthor.proposal_id.in_(ours)),
        "attachments": sa.select(Attachment.id).where(Attachment.contribution_id.in_(ours)),
        "places": sa.select(Place.contribution_id).where(Place.contribution_id.in_(ours)),
        "flags": sa.select(Flag.id).where(Flag.contribution_id.in_(ours)),
        "decisions of moderators": sa.select(Decision.id).where(Decision.contribution_id.in_(ours)),
        "links to the plan": sa.select(TraceLink.id).where(TraceLink.contribution_id.in_(ours)),
        "sheets of codes": sa.select(CodeBatch.id).where(CodeBatch.process_id == process.id),
        "actions of the plan": sa.select(Action.id).join(Objective).join(Axis).where(Axis.process_id == process.id),
    }
    return [name for name, found in asked.items() if db.session.scalar(found.limit(1)) is not None]


Steps = list[tuple[type[Base], sa.ColumnElement[bool]]]


def remove(process: Process) -> dict[str, int]:
    """Delete an imported percorso and all that hangs on it; answers the number of rows by table."""
    steps = _steps(process)
    calls = list(db.session.scalars(sa.select(Activity.id).where(Activity.source == f"decidim:{process.slug}")))
    db.session.expunge(process)
    search.forget_activities(calls)
    removed: dict[str, int] = {}
    for model, which in steps:
        into = table(model)
        gone = cast(sa.CursorResult[Any], db.session.execute(sa.delete(into).where(which))).rowcount
        removed[into.name] = removed.get(into.name, 0) + gone
    db.session.expire_all()
    return {name: count for name, count in removed.items() if count}


def _steps(process: Process) -> Steps:
    """What goes, in an order in which nothing leads to what is gone."""
    calls = sa.select(Activity.id).where(Activity.source == f"decidim:{process.slug}")
    return [*_said(process, calls), *_planned(process), *_framed(process, calls)]


def _said(process: Process, calls: sa.Select[Any]) -> Steps:
    """What people wrote and supported, and what came of it."""
    phases = sa.select(Phase.id).where(Phase.process_id == process.id)
    ours = sa.select(Contribution.id).where(Contribution.activity_id.in_(calls))
    return [
        (Outcome, Outcome.contribution_id.in_(ours)),
        (SupportTally, SupportTally.contribution_id.in_(ours)),
        (Follow, sa.or_(Follow.process_id == process.id, Follow.activity_id.in_(calls),
                        Follow.contribution_id.in_(ours))),
        (Happening, sa.or_(Happening.process_id == process.id, Happening.activity_id.in_(calls),
                           Happening.contribution_id.in_(ours), Happening.subject_id.in_(ours))),
        (ResultSheet, ResultSheet.activity_id.in_(calls)),
        (ParticipationCount, ParticipationCount.phase_id.in_(phases)),
        (PhaseParticipant, PhaseParticipant.phase_id.in_(phases)),
        (Comment, table(Comment).c.id.in_(ours)),
        (FieldAnswer, FieldAnswer.proposal_id.in_(ours)),
        (Proposal, table(Proposal).c.id.in_(ours)),
        (Contribution, sa.and_(Contribution.activity_id.in_(calls), Contribution.about_id.is_not(None))),
        (Contribution, Contribution.activity_id.in_(calls)),
    ]


def _planned(process: Process) -> Steps:
    """The plan and its axes."""
    plans = sa.select(Plan.id).where(Plan.process_id == process.id)
    sections = sa.select(Section.id).where(Section.plan_id.in_(plans))
    axes = sa.select(Axis.id).where(Axis.process_id == process.id)
    return [
        (MadeDocument, MadeDocument.process_id == process.id),
        (Paragraph, Paragraph.section_id.in_(sections)),
        (Section, Section.plan_id.in_(plans)),
        (Plan, Plan.process_id == process.id),
        (Objective, Objective.axis_id.in_(axes)),
        (Axis, Axis.process_id == process.id),
    ]


def _framed(process: Process, calls: sa.Select[Any]) -> Steps:
    """The percorso with its phases, its calls, its people and its territory."""
    slug, prefix, authority = process.slug, f"decidim:{process.slug}", process.authority_id
    fields = sa.select(CallField.id).where(CallField.call_id.in_(calls))
    towns = sa.select(Municipality.id).where(Municipality.authority_id == authority)
    return [
        (Thread, Thread.activity_id.in_(calls)),
        (CodeCounter, CodeCounter.process_id == process.id),
        (Person, Person.source.startswith(f"{prefix}:u:")),
        (Organisation, sa.and_(Organisation.slug.startswith(f"{slug}-"), Organisation.verified_at.is_(None))),
        (FieldOption, FieldOption.field_id.in_(fields)),
        (CallField, CallField.call_id.in_(calls)),
        (ProposalCategory, ProposalCategory.call_id.in_(calls)),
        (ProposalCall, table(ProposalCall).c.id.in_(calls)),
        (Activity, Activity.source == prefix),
        (Phase, Phase.process_id == process.id),
        (Process, Process.id == process.id),
        (Boundary, Boundary.municipality_id.in_(towns)),
        (Municipality, Municipality.authority_id == authority),
        (Authority, Authority.id == authority),
    ]
