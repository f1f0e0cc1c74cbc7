"""What people hear when proposals are merged or split: nobody's support moves without them."""

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from consult.accounts.models import Person
from consult.contributions import telling
from consult.core import clock, jobs
from consult.core.db import db
from consult.lineage import queries
from consult.lineage.models import Derivation, DerivationKind, Side
from consult.proposals.models import Proposal

AT_ONCE = 200
"""People told in one transaction."""


@jobs.task
def tell_those_concerned(derivation_id: int) -> None:
    """Ask whoever supports the originals whether they go along, and tell the authors and whoever follows them.

    Some at a time, each kept before the next: nobody who writes waits, and what was told before is not told again.
    """
    after, asked = 0, set[int]()
    while (derivation := queries.derivation(derivation_id)) is not None:
        people = queries.supporters_of(derivation, after=after, most=AT_ONCE)
        if not people:
            break
        after = people[-1].id
        asked.update(person.id for person in people)
        _tell(derivation, [person for person in people if person.email and not person.closed_at], supports=True)
        jobs.keep()
    if derivation is not None:
        others = telling.concerned(one.id for one in derivation.on_the(Side.ORIGINAL))
        told = asked | ({one.author_id for one in derivation.on_the(Side.ORIGINAL)} if derivation.moderated else set())
        _tell(derivation, [person for person in others if person.id not in told], supports=False)


@jobs.every_minute
def tell_of_moderated() -> None:
    """What moderators have split is told once they can no longer undo it."""
    while (derivation := db.session.scalars(sa.select(Derivation).where(Derivation.tell_from <= clock.now())
                                            .order_by(Derivation.id).limit(1).with_for_update()).first()) is not None:
        derivation.tell_from = None  # of two who come at once one tells
        jobs.keep()
        tell_those_concerned(derivation.id)
        jobs.keep()


def _tell(derivation: Derivation, people: list[Person], *, supports: bool) -> None:
    wrote = {one.author_id for one in derivation.on_the(Side.ORIGINAL)}
    telling.tell(people, "lineage_made", key=f"derivation-{derivation.id}", derivation=derivation, supports=supports,
                 of=lambda person: {"author": person.id in wrote}, **_parts(derivation))


@jobs.task
def tell_of_undoing(derivation_id: int, original_ids: list[int]) -> None:
    """Say to whoever was written to that all is as it was."""
    wrote_or_follow = telling.concerned(original_ids)
    people = {person.id: person for person in (*queries.supporters_among(original_ids), *wrote_or_follow)}
    originals = db.session.scalars(sa.select(Proposal).where(Proposal.id.in_(original_ids)).order_by(Proposal.id)
                                   .options(joinedload(Proposal.thread))).all()
    telling.tell([person for person in people.values() if person.email and not person.closed_at], "lineage_undone",
                 key=f"derivation-{derivation_id}-undone", originals=originals)


def _parts(derivation: Derivation) -> dict[str, object]:
    return {"originals": derivation.on_the(Side.ORIGINAL), "successors": derivation.on_the(Side.SUCCESSOR),
            "merged": derivation.kind is DerivationKind.MERGE}
