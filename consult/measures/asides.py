"""What is laid aside or passed on, until something new happens to it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from consult.core.db import db
from consult.moderation.models import Act, Aside, Decision

TIMES = ("until", "passed_on_at")
DECIDES_NOTHING = (Act.SNOOZE, Act.ESCALATE)


def put(subject: str, decision: Decision, **times: datetime) -> None:
    """Lay aside or pass on; what was done of the other before stays."""
    aside = db.session.get(Aside, subject) or Aside(subject=subject)
    aside.decision_id = decision.id
    for name, at in times.items():
        setattr(aside, name, at)
    db.session.add(aside)
    db.session.flush()


def plain(aside: Aside) -> dict[str, Any]:
    """As it is kept in the record: instants and a number."""
    times = {name: getattr(aside, name) for name in TIMES}
    return {"decision_id": aside.decision_id, **{name: at.isoformat() for name, at in times.items() if at}}


def put_back(subject: str, earlier: Mapping[str, Any] | None) -> None:
    """As it stood before."""
    aside = db.session.get_one(Aside, subject)
    if earlier is None:
        db.session.delete(aside)
    else:
        aside.decision_id = earlier["decision_id"]
        for name in TIMES:
            setattr(aside, name, datetime.fromisoformat(earlier[name]) if name in earlier else None)
    db.session.flush()


def bring_back(subject: str) -> None:
    """Something new has happened to it: it waits with all others; passed on only if nobody decided since."""
    aside = db.session.get(Aside, subject)
    if aside is None:
        return
    decided = db.session.scalar(sa.select(Decision.id).where(
        Decision.subject == subject, Decision.id > aside.decision_id, Decision.act.not_in(DECIDES_NOTHING)).limit(1))
    if decided or aside.passed_on_at is None:
        db.session.delete(aside)
    else:
        aside.until = None
    db.session.flush()
