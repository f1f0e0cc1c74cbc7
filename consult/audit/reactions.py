"""Nothing that is recorded goes unaudited."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask import g

from consult.audit.models import AuditEntry
from consult.core import events
from consult.core.db import db, table
from consult.core.statements import made_once


@events.kept_by
def keep(recorded: Sequence[events.Event]) -> None:
    """One row for every event, in the transaction of the act."""
    if recorded:
        db.session.execute(_keeping(), [
            {"event": event.name, "actor_id": event.actor_id, "facts": event.facts(),
             "request_id": g.get("request_id", "")} for event in recorded])


@made_once
def _keeping() -> Any:
    return sa.insert(table(AuditEntry))
