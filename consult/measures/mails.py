"""What supporters of a double are told."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions import queries as contributions
from consult.core import clock, jobs, outbox
from consult.core.db import db
from consult.measures.models import Double
from consult.moderation.models import Decision
from consult.moderation.services import UNDOING
from consult.voting.models import Support

AT_ONCE = 200


@jobs.every_minute
def invite_supporters() -> None:
    """Whoever supports a double is invited to support the other text, once the decision can no longer be undone.

    Some at a time, each kept before the next.
    """
    while (double := _next()) is not None:
        people = db.session.scalars(sa.select(Person).join(Support, Support.person_id == Person.id).where(
            Support.contribution_id == double.contribution_id, Person.id > double.told_after)
            .order_by(Person.id).limit(AT_ONCE)).all()
        theirs = set(db.session.scalars(sa.select(Support.person_id).where(
            Support.contribution_id == double.of_id, Support.person_id.in_([person.id for person in people]))))
        for person in people:
            if person.id not in theirs and person.email and not person.closed_at:
                _invite(person, double)
        double.told, double.told_after = len(people) < AT_ONCE, people[-1].id if people else double.told_after
        jobs.keep()


def _next() -> Double | None:
    return db.session.scalars(sa.select(Double).join(Decision, Decision.id == Double.decision_id).where(
        Double.told.is_(False), Decision.decided_at <= clock.now() - UNDOING)
        .options(joinedload(Double.of), joinedload(Double.decision)).order_by(Double.decision_id).limit(1)).first()


def _invite(person: Person, double: Double) -> None:
    double_of = contributions.with_id(double.contribution_id)
    outbox.post(person.email, "double", key=f"double-{double.decision_id}-{person.id}", language=person.language,
                of=double.of, path=contributions.address(double.of), code=double_of.code if double_of else "")
