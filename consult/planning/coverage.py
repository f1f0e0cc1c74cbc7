"""How much of what was said was answered, and how much of the plan says where it comes from."""

from dataclasses import dataclass

import sqlalchemy as sa

from consult.contributions.models import State
from consult.core.db import db
from consult.planning.models import Action, Objective, Plan, Section
from consult.planning.said import (
    activities_of,
    activity,
    commitment,
    in_the_plan,
    link,
    meeting,
    minutes,
    outcome,
    pact,
    public_commitment,
    public_minutes,
    public_proposals,
    public_result,
    said,
    sheet,
    went_somewhere,
)
from consult.processes.models import Axis
from consult.results import inherited
from consult.results.models import Verdict


@dataclass(frozen=True, kw_only=True)
class Coverage:
    """The figures of the trace."""

    proposals: int
    """Public proposals of the percorso."""
    answered: int
    """Of these, those whose outcome is given: neither missing nor still under review.

    What was merged or split has the outcome of what was made of it, and went where that went.
    """
    under_review: int
    linked: int
    """Of the proposals, those that went into the plan."""
    sections: int
    sourced_sections: int
    actions: int
    sourced_actions: int
    """Actions that say which public contribution, result, indicator or minutes they come from."""
    results: int
    linked_results: int
    commitments: int
    """Of the pact, those that everyone can read."""
    sourced_commitments: int
    """Of these, those that say which action they carry out, or what else they come from."""

    @property
    def unanswered(self) -> int:
        return self.proposals - self.answered

    @property
    def unlinked(self) -> int:
        return self.proposals - self.linked

    @property
    def unsourced_sections(self) -> int:
        return self.sections - self.sourced_sections

    @property
    def unsourced_actions(self) -> int:
        return self.actions - self.sourced_actions

    @property
    def unsourced_commitments(self) -> int:
        return self.commitments - self.sourced_commitments


def coverage(plan: Plan) -> Coverage:
    """The figures of the trace, counted from the rows in two queries."""
    of = inherited.heirs()
    verdict = inherited.standing(outcome.c.verdict, of)
    counted = db.session.execute(
        sa.select(
            sa.func.count(said.c.id).label("proposals"),
            sa.func.count(sa.case((verdict != Verdict.UNDER_REVIEW, 1))).label("answered"),
            sa.func.count(sa.case((verdict == Verdict.UNDER_REVIEW, 1))).label("under_review"),
            sa.func.count(sa.case((went_somewhere(), 1))).label("linked"),
        ).select_from(said.outerjoin(outcome, outcome.c.contribution_id == said.c.id)
                      .outerjoin(of, of.c.proposal_id == said.c.id))
        .where(public_proposals(plan))).mappings().one()
    sections = sa.select(Section.id).where(Section.plan_id == plan.id)
    actions = sa.select(Action.id).join(Objective).join(Axis).where(Axis.process_id == plan.process_id)
    sheets = (sa.select(sheet.c.id).join(activity, activity.c.id == sheet.c.activity_id)
              .where(public_result(), activity.c.id.in_(activities_of(plan))))
    promised = (sa.select(commitment.c.id).join(pact, pact.c.id == commitment.c.pact_id)
                .where(public_commitment(), pact.c.process_id == plan.process_id))
    parts = db.session.execute(sa.select(
        _number(sections).label("sections"),
        _number(sections.where(sourced(link.c.section_id == Section.id))).label("sourced_sections"),
        _number(actions).label("actions"),
        _number(actions.where(sourced(link.c.action_id == Action.id))).label("sourced_actions"),
        _number(sheets).label("results"),
        _number(sheets.where(sa.exists().where(link.c.result_sheet_id == sheet.c.id, in_the_plan()))
                ).label("linked_results"),
        _number(promised).label("commitments"),
        _number(promised.where(sourced(link.c.commitment_id == commitment.c.id))).label("sourced_commitments"),
    )).mappings().one()
    return Coverage(**counted, **parts)


def _number(of: sa.Select[int]) -> sa.ScalarSelect[int]:
    return sa.select(sa.func.count()).select_from(of.subquery()).scalar_subquery()


def sourced(here: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """That something public is linked here."""
    contribution = sa.exists().where(said.c.id == link.c.contribution_id, said.c.state == State.PUBLISHED)
    result = sa.exists().where(sheet.c.id == link.c.result_sheet_id, activity.c.id == sheet.c.activity_id,
                               public_result())
    approved = sa.exists().where(minutes.c.id == link.c.minutes_id, meeting.c.id == minutes.c.meeting_id,
                                 public_minutes())
    return sa.exists().where(here, sa.or_(contribution, result, approved, link.c.indicator_id.is_not(None),
                                          link.c.carried_action_id.is_not(None)))
