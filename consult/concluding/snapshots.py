"""The document as plain values: what a passage keeps, and what pages, search and files are made from."""

import json
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from consult.concluding import responses
from consult.concluding.models import ParticipatoryProposalDocument
from consult.concluding.words import DOCUMENT, FIELDS, PART_OF
from consult.core import clock
from consult.core.db import db
from consult.editions.models import PlanEdition
from consult.planning.models import Plan
from consult.processes.models import Activity, Phase, Process, ResultsVisible
from consult.results.models import ResultSheet

FORMAT = 1
NAMES = tuple(name for name in FIELDS if PART_OF[name] in DOCUMENT)
"""The fields of the document itself."""


def taken(process: Process, document: ParticipatoryProposalDocument | None) -> dict[str, Any]:
    """The document as it stands now, with the answers and the frozen results that go with it."""
    written = texts(document)
    return {"format": FORMAT, "day": clock.today().isoformat(), "process": process.code,
            "title": process.title.in_language("it"), "authority": process.authority.name,
            "fields": {name: written.get(name, "") for name in NAMES},
            "responses": responses.rows(process), "annexes": _annexes(process)}


def texts(document: ParticipatoryProposalDocument | None) -> dict[str, str]:
    """Every text that was saved, by the name of its field."""
    return {name: str(text) for part in (document.parts if document else ()) for name, text in part.texts.items()}


def as_json(content: Mapping[str, Any]) -> str:
    """The one canonical text: sorted keys, no spaces, UTF-8."""
    return json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _annexes(process: Process) -> list[dict[str, str]]:
    """The edition of the plan that was kept last, and the public frozen results, each with its fingerprint."""
    edition = db.session.execute(
        sa.select(Plan.title, PlanEdition.name, PlanEdition.sha256).join(Plan, Plan.id == PlanEdition.plan_id)
        .where(Plan.process_id == process.id).order_by(PlanEdition.number.desc()).limit(1)).first()
    frozen = db.session.execute(
        sa.select(Activity.title, ResultSheet.sha256).join(Activity, Activity.id == ResultSheet.activity_id)
        .join(Phase, Phase.id == Activity.phase_id)
        .where(Phase.process_id == process.id, Activity.published,
               Activity.results_visible != ResultsVisible.STAFF)
        .order_by(Phase.position, Activity.closes_at, Activity.id))
    plan = [{"name": f"{edition.title}, {edition.name}", "sha256": edition.sha256}] if edition else []
    return [*plan, *({"name": title.in_language("it"), "sha256": sha256} for title, sha256 in frozen)]
