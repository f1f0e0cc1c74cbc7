"""What documents are made from beside the plan itself, and the documents that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import LoaderOption

from consult.core.charts import Sheet
from consult.core.db import db
from consult.core.languages import Localized
from consult.planning.models import Plan
from consult.processes.models import Activity, Phase, Process, ResultsVisible
from consult.publishing.models import DocumentFormat, DocumentState, MadeDocument, Names
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
    activity_id: int
    phase_id: int


def results(process_id: int, *, phase_id: int | None = None) -> list[Frozen]:
    """The public frozen results of a percorso or of one of its phases, in the order of the phases."""
    wanted = (
        sa.select(Phase.title, ResultSheet.content, ResultSheet.sha256, ResultSheet.frozen_at, Activity.id, Phase.id)
        .join(Activity, Activity.id == ResultSheet.activity_id).join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process_id, Activity.published,
               Activity.results_visible != ResultsVisible.STAFF)
        .order_by(Phase.position, Activity.closes_at, Activity.id))
    if phase_id is not None:
        wanted = wanted.where(Phase.id == phase_id)
    return [Frozen(phase, Sheet.from_json(content), sha256, frozen_at, activity_id, of_phase)
            for phase, content, sha256, frozen_at, activity_id, of_phase in db.session.execute(wanted)]


def latest(process: Process, kinds: Sequence[str], *, with_names: bool = False) -> list[MadeDocument]:
    """The latest document that is ready, of each kind, subject, form, language and choice of names, in their order."""
    alike = (MadeDocument.kind, MadeDocument.subject, MadeDocument.format, MadeDocument.language, MadeDocument.names)
    newest = (sa.select(sa.func.max(MadeDocument.id))
              .where(MadeDocument.process_id == process.id, MadeDocument.state == DocumentState.READY,
                     MadeDocument.kind.in_(kinds)).group_by(*alike))
    made = db.session.scalars(sa.select(MadeDocument).where(MadeDocument.id.in_(newest))
                              .options(*_asked_by(with_names)))
    order = list(FORMATS)
    return sorted(made, key=lambda one: (order.index(one.format), one.language != "it", one.language, one.names.value))


def in_the_making(process: Process) -> Sequence[MadeDocument]:
    """Documents that are waited for, and those that failed after the latest that is ready, the newest first."""
    ready = (sa.select(sa.func.coalesce(sa.func.max(MadeDocument.id), 0))
             .where(MadeDocument.process_id == process.id, MadeDocument.state == DocumentState.READY)
             .scalar_subquery())
    failed = sa.and_(MadeDocument.state == DocumentState.FAILED, MadeDocument.id > ready)
    return db.session.scalars(
        sa.select(MadeDocument)
        .where(MadeDocument.process_id == process.id, sa.or_(MadeDocument.state.in_(UNFINISHED), failed))
        .options(*_asked_by(True)).order_by(MadeDocument.id.desc()).limit(20)).all()


def _asked_by(with_names: bool) -> list[LoaderOption]:
    return [joinedload(MadeDocument.asked_by)] if with_names else []


def unfinished(process: Process, *, kind: str, subject: str, form: DocumentFormat, language: str, names: Names
               ) -> MadeDocument | None:
    """A document like this one that is waited for."""
    return db.session.scalar(
        sa.select(MadeDocument).where(
            MadeDocument.process_id == process.id, MadeDocument.kind == kind, MadeDocument.subject == subject,
            MadeDocument.format == form, MadeDocument.language == language, MadeDocument.names == names,
            MadeDocument.state.in_(UNFINISHED)).limit(1))


def awaited_by(person_id: int) -> bool:
    """Whether somebody still waits for documents that they asked for."""
    return bool(db.session.scalar(sa.select(sa.exists().where(
        MadeDocument.asked_by_id == person_id, MadeDocument.state.in_(UNFINISHED)))))


def document(id: int) -> MadeDocument | None:
    """A document with its percorso."""
    return db.session.scalar(sa.select(MadeDocument).where(MadeDocument.id == id).options(
        joinedload(MadeDocument.process).joinedload(Process.authority)))


def slugs() -> Sequence[str]:
    """The names of all plans in their addresses."""
    return db.session.scalars(sa.select(Plan.slug).order_by(Plan.slug)).all()
