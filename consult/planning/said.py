"""What the trace is read from: tables, whose voice something is, and what of it is public. Never a person."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.analysis.models import Indicator
from consult.comments.models import Comment
from consult.contributions.models import Contribution, State
from consult.core import richtext
from consult.core.db import table
from consult.core.languages import Localized
from consult.lineage.models import Descent
from consult.meetings.models import Minutes, MinutesState
from consult.pact.models import Commitment, CommitmentState, Pact, PactState
from consult.planning.models import Action, Plan, TraceLink
from consult.processes.models import Activity, Phase, ResultsVisible
from consult.proposals.models import Proposal
from consult.results import owed
from consult.results.models import Outcome, ResultSheet
from consult.territory.models import Municipality

said, proposal, comment, link = table(Contribution), table(Proposal), table(Comment), table(TraceLink)
organisation, municipality, outcome = table(Organisation), table(Municipality), table(Outcome)
sheet, activity, phase = table(ResultSheet), table(Activity), table(Phase)
descent, indicator = table(Descent), table(Indicator)
minutes, meeting = table(Minutes), table(Activity).alias("meeting_held")
commitment, pact, carried = table(Commitment), table(Pact), table(Action).alias("carried")
"""The action that a commitment carries out."""

@dataclass(frozen=True, slots=True)
class Voice:
    """In whose name something was said: an organisation, or a citizen of a municipality; never a person."""

    organisation: str | None
    municipality: str | None

    def __str__(self) -> str:
        if self.organisation:
            return self.organisation
        if self.municipality:
            return str(_("a citizen of %(municipality)s", municipality=self.municipality))
        return str(_("a citizen"))


def words() -> tuple[sa.ColumnElement[Any], ...]:
    """What a contribution of any kind is called and in whose name it was written, of the tables of `with_words`."""
    begins = [sa.func.substr(comment.c.body, 1, 400), *(kind.title for kind in _others())]
    return (said.c.code, said.c.language, proposal.c.title, sa.func.coalesce(*begins, "").label("body"),
            organisation.c.name.label("organisation"), municipality.c.name.label("municipality"))


def with_words(start: sa.FromClause) -> sa.FromClause:
    """Contributions with their texts, organisations and municipalities."""
    texts: sa.FromClause = start.outerjoin(proposal, proposal.c.id == said.c.id).outerjoin(
        comment, comment.c.id == said.c.id)
    for kind in _others():
        texts = texts.outerjoin(kind.own, kind.own.c.id == said.c.id)
    return (texts.outerjoin(organisation, organisation.c.id == said.c.organisation_id)
            .outerjoin(municipality, municipality.c.id == said.c.municipality_id))


def _others() -> list[owed.Kind]:
    """Kinds that are owed an outcome, and of which only they themselves know what they are called."""
    return [kind for kind in owed.kinds().values() if kind.own is not proposal]


def called(row: Any) -> Localized:
    """What a contribution is called, in the language it was written in; a comment is called by how it begins."""
    return Localized({row.language: row.title or richtext.excerpt(row.body or "", 90)})


def activities_of(plan: Plan) -> sa.Select[Any]:
    """The public activities of the percorso of a plan, by their ids."""
    return (sa.select(activity.c.id).join(phase, phase.c.id == activity.c.phase_id)
            .where(phase.c.process_id == plan.process_id, activity.c.published))


def public_proposals(plan: Plan) -> sa.ColumnElement[bool]:
    """Holds for the proposals of the percorso that everyone can read."""
    return sa.and_(said.c.kind == "proposal", said.c.state == State.PUBLISHED,
                   said.c.activity_id.in_(activities_of(plan)))


def went_somewhere() -> sa.ColumnElement[bool]:
    """Holds for what is linked to the plan, itself or through what was made of it when it was merged or split."""
    own = sa.exists().where(link.c.contribution_id == said.c.id, in_the_plan())
    theirs = sa.exists().where(descent.c.ancestor_id == said.c.id, link.c.contribution_id == descent.c.descendant_id,
                               in_the_plan())
    return sa.or_(own, theirs)


def in_the_plan() -> sa.ColumnElement[bool]:
    """Holds for links to a part of the plan, and not to a commitment of the pact."""
    return link.c.commitment_id.is_(None)


def public_minutes() -> sa.ColumnElement[bool]:
    """Holds for minutes that were approved, of meetings that everyone can read."""
    return sa.and_(minutes.c.state == MinutesState.APPROVED, meeting.c.published)


def public_commitment() -> sa.ColumnElement[bool]:
    """Holds for commitments that everyone can read."""
    return sa.and_(commitment.c.state != CommitmentState.DRAFT, pact.c.state != PactState.DRAFT)


def public_result() -> sa.ColumnElement[bool]:
    """Holds for the results that everyone can read."""
    return sa.and_(activity.c.published, activity.c.results_visible != ResultsVisible.STAFF)
