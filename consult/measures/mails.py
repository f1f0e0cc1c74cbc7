"""What people are told of what moderators do: whoever runs the site, the plan office, and supporters of a double."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person, Role, RoleGrant
from consult.contributions import queries as contributions
from consult.core import clock, jobs, outbox
from consult.core.db import db
from consult.core.policy import can
from consult.measures.models import Double
from consult.moderation.matters import Matter, label
from consult.moderation.models import Act, Decision
from consult.moderation.services import UNDOING
from consult.voting.models import Support

PASSED_ON_TO = (Role.PLATFORM_ADMIN, Role.GUARANTOR)
AT_ONCE = 200


def pass_on(matter: Matter, decision: Decision, moderator: Person) -> None:
    """Ask whoever runs the site or guards its rules, and may decide, to look at it."""
    people = [person for person in _holding(PASSED_ON_TO, matter, moderator)
              if can(person, "moderation.decide", matter)]
    _ask(people, matter, decision, moderator, "/moderazione?passati=1")


def ask_to_split(matter: Matter, decision: Decision, moderator: Person) -> None:
    """Ask the plan office to make several proposals of one."""
    people = [person for person in _holding((Role.PLAN_OFFICE,), matter, moderator)
              if can(person, "proposal.split", matter.thing)]
    _ask(people, matter, decision, moderator, f"/proposte/{matter.number}/dividi")


def _holding(roles: Sequence[Role], matter: Matter, moderator: Person) -> Sequence[Person]:
    held = sa.select(RoleGrant.person_id).where(RoleGrant.role.in_(roles), sa.or_(
        RoleGrant.process_id.is_(None), RoleGrant.process_id == matter.process_id))
    return db.session.scalars(sa.select(Person).where(
        Person.id.in_(held), Person.id != moderator.id, Person.email.is_not(None)).order_by(Person.id)).all()


def _ask(people: Sequence[Person], matter: Matter, decision: Decision, moderator: Person, path: str) -> None:
    for person in people:
        outbox.post(person.email, "moderation_passed_on", key=f"decision-{decision.id}-{person.id}",
                    language=person.language, matter=matter, label=label, note=decision.note,
                    splits=decision.act is Act.SPLIT, moderator=moderator.shown_name, path=path)


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
