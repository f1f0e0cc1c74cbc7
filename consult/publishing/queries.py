"""What documents are made from beside the plan itself, and the documents that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.core.charts import Sheet
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Plan
from consult.processes.models import Activity, Phase, Process, ResultsVisible
from consult.publishing.models import DocumentFormat, DocumentState, PlanDocument
from consult.publishing.words import FORMATS
from consult.results.models import ResultSheet

UNFINISHED = (DocumentState.WAITING, DocumentState.RUNNING)


@dataclass(frozen=True)
class Frozen:
    """The frozen results of an activity."""

    phase: Localized
    sheet: Sheet
    sha256: str
    frozen_at: datetime


def results(plan: Plan) -> list[Frozen]:
    """The public frozen results of the percorso of a plan, in the order of its phases."""
    rows = db.session.execute(
        sa.select(Phase.title, ResultSheet.content, ResultSheet.sha256, ResultSheet.frozen_at)
        .join(Activity, Activity.id == ResultSheet.activity_id).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == plan.process_id, Activity.published,
               Activity.results_visible != ResultsVisible.STAFF)
        .order_by(Phase.position, Activity.closes_at, Activity.id))
    return [Frozen(phase, Sheet.from_json(content), sha256, frozen_at) for phase, content, sha256, frozen_at in rows]


def latest(plan: Plan) -> Sequence[PlanDocument]:
    """The latest document that is ready, of each format and language, in the order in which they are offered."""
    newest = (sa.select(sa.func.max(PlanDocument.id))
              .where(PlanDocument.plan_id == plan.id, PlanDocument.state == DocumentState.READY)
              .group_by(PlanDocument.format, PlanDocument.language))
    made = db.session.scalars(sa.select(PlanDocument).where(PlanDocument.id.in_(newest))).all()
    order = list(FORMATS)
    return sorted(made, key=lambda document: (order.index(document.format), document.language != "it",
                                              document.language))


def in_the_making(plan: Plan) -> Sequence[PlanDocument]:
    """Documents that are waited for, and those that failed after the latest that is ready, the newest first."""
    ready = (sa.select(sa.func.coalesce(sa.func.max(PlanDocument.id), 0))
             .where(PlanDocument.plan_id == plan.id, PlanDocument.state == DocumentState.READY).scalar_subquery())
    failed = sa.and_(PlanDocument.state == DocumentState.FAILED, PlanDocument.id > ready)
    return db.session.scalars(
        sa.select(PlanDocument)
        .where(PlanDocument.plan_id == plan.id, sa.or_(PlanDocument.state.in_(UNFINISHED), failed))
        .order_by(PlanDocument.id.desc()).limit(10)).all()


def unfinished(plan: Plan, form: DocumentFormat, language: str) -> PlanDocument | None:
    """A document of this kind that is waited for."""
    return db.session.scalar(
        sa.select(PlanDocument).where(PlanDocument.plan_id == plan.id, PlanDocument.format == form,
                                      PlanDocument.language == language, PlanDocument.state.in_(UNFINISHED)).limit(1))


def document(id: int) -> PlanDocument | None:
    """A document with its plan and percorso."""
    return db.session.scalar(sa.select(PlanDocument).where(PlanDocument.id == id).options(
        joinedload(PlanDocument.plan).joinedload(Plan.process).joinedload(Process.authority)))


def slugs() -> Sequence[str]:
    """The names of all plans in their addresses."""
    return db.session.scalars(sa.select(Plan.slug).order_by(Plan.slug)).all()
