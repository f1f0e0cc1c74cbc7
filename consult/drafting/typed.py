"""What somebody typed into a part of the plan and did not save yet."""

from collections.abc import Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core import clock, events, richtext
from consult.core.db import db, insert, rows_touched
from consult.drafting import queries
from consult.drafting.contents import OfPlan
from consult.drafting.models import PlanDraft
from consult.drafting.queries import New
from consult.planning.models import Plan

MOST = 80_000
"""Characters that are kept of one form."""
ASIDE = frozenset({"csrf_token", "once", "act", "block"})


@dataclass(frozen=True, kw_only=True)
class PlanTextTyped(events.Event):
    """What somebody typed was kept for them, or thrown away: nothing of the plan changed."""

    plan_id: int
    kept: bool


def keep(plan: Plan, part: OfPlan | New, person: Person, typed: Iterable[tuple[str, str]]) -> bool:
    """Keep what somebody typed in the place of what was kept of it before; False where it is too much."""
    fields = [[name, richtext.plain(text)] for name, text in typed if name not in ASIDE]
    if sum(len(name) + len(text) for name, text in fields) > MOST:
        return False
    values = {"plan_id": plan.id, "fields": fields, "saved_at": clock.now()}
    db.session.execute(insert(PlanDraft).values(person_id=person.id, ref=queries.ref_of(part), **values)
                       .on_conflict_do_update(index_elements=["person_id", "ref"], set_=values))
    events.record(PlanTextTyped(actor_id=person.id, plan_id=plan.id, kept=True))
    return True


def kept(person: Person, part: OfPlan | New) -> PlanDraft | None:
    """What somebody typed into a part and did not save."""
    return db.session.get(PlanDraft, (person.id, queries.ref_of(part)), populate_existing=True)


def forget(person_id: int | None, ref: str) -> bool:
    """Throw away what somebody typed into a part."""
    return bool(rows_touched(sa.delete(PlanDraft).where(PlanDraft.person_id == person_id, PlanDraft.ref == ref)))


def forget_all(ref: str) -> None:
    """Throw away what anybody typed into a part."""
    db.session.execute(sa.delete(PlanDraft).where(PlanDraft.ref == ref))
