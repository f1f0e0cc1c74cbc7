"""What became of each proposal and each remark, as plain values: the table that goes with both documents."""

from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Organisation
from consult.core import richtext
from consult.core.db import db, table
from consult.core.personal_words import masked
from consult.processes.models import Activity, Process
from consult.remarks.models import Remark
from consult.results import owed

LONGEST = 240
"""Letters of a remark that are cited."""


def rows(process: Process) -> list[dict[str, Any]]:
    """All that is public and owed an outcome, in the order of the codes, with the outcome that stands: one query.

    What was merged or split is left out: the outcome is that of what was made of it. Of whoever wrote it only the
    organisation is named.
    """
    said, outcome, body = owed.said, owed.outcome, table(Organisation)
    found = db.session.execute(
        sa.select(said.c.code, said.c.kind, owed.title().label("title"), table(Remark).c.cited,
                  body.c.name.label("organisation"), outcome.c.verdict, outcome.c.reasons, outcome.c.decided_by,
                  outcome.c.act, outcome.c.decided_on)
        .select_from(owed.with_kinds().outerjoin(body, body.c.id == said.c.organisation_id))
        .where(owed.owed_in(process), said.c.activity_id.in_(sa.select(Activity.id).where(Activity.published)))
        .order_by(said.c.kind, said.c.id))
    return [_row(one) for one in found]


def _row(one: Any) -> dict[str, Any]:
    what = one.title if owed.kinds()[one.kind].titled else richtext.excerpt(one.title, LONGEST)
    return {
        "code": one.code, "what": masked(what), "about": one.cited or "", "organisation": one.organisation or "",
        "verdict": one.verdict.value if one.verdict else "", "reasons": one.reasons or "",
        "decided_by": one.decided_by or "", "act": one.act or "",
        "decided_on": one.decided_on.isoformat() if one.decided_on else ""}


def unanswered(answers: list[dict[str, Any]]) -> int:
    """How many of them have no outcome yet, or only one that says that it will follow."""
    return sum(one["verdict"] in {"", "under_review"} for one in answers)
