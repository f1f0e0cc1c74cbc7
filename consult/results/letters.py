"""The letters that outcomes would send, before any of them is recorded."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.contributions.queries import with_text
from consult.contributions.telling import reachable
from consult.core import outbox
from consult.core.db import db, table
from consult.lineage.models import Descent
from consult.results import mails
from consult.results.bulk import Checked
from consult.results.models import BatchKind, Outcome

SHOWN = 30
"""Letters shown in full; of all there are the number is told."""


@dataclass(frozen=True)
class Letter:
    """A letter to somebody who wrote a contribution, in their language; whose it is stands nowhere."""

    code: str
    language: str
    subject: str
    text: str


def foreseen(kind: BatchKind, lines: Sequence[Checked]) -> tuple[int, list[Letter]]:
    """How many letters these lines would send, and the first of them as they would leave; nothing is written."""
    by_id = {line.contribution_id: line for line in lines}
    recipients = _recipients(list(by_id))
    first = recipients[:SHOWN]
    whole = {one.id: one for one in with_text({id for id, _person in first})}
    return len(recipients), [_letter(kind, by_id[id], whole[id], person) for id, person in first]


def _recipients(ids: Sequence[int]) -> list[tuple[int, Person]]:
    """Who is written to of which contribution: who wrote it, and who wrote what it was made of."""
    said, descent = table(Contribution), table(Descent)
    own = sa.select(said.c.id.label("of"), said.c.author_id).where(said.c.id.in_(ids))
    before = (sa.select(descent.c.descendant_id, said.c.author_id).join(said, said.c.id == descent.c.ancestor_id)
              .where(descent.c.descendant_id.in_(ids)))
    each = sa.union(own, before).subquery()
    rows = db.session.execute(sa.select(each.c.of, Person).join(Person, Person.id == each.c.author_id)
                              .where(*reachable()).order_by(each.c.of, Person.id)).unique()
    return [(of, person) for of, person in rows]


def _letter(kind: BatchKind, line: Checked, contribution: Contribution, person: Person) -> Letter:
    decided = kind is BatchKind.DECIDED
    outcome = Outcome(verdict=line.verdict, reasons=line.reasons, proposed_on=line.on,
                      decided_by=line.decided_by if decided else "", act=line.act if decided else "",
                      decided_on=line.on if decided else None)
    subject, text = outbox.composed("outcome", language=person.language, author=person.id == contribution.author_id,
                                    **mails.facts(outcome, contribution))
    return Letter(contribution.code, person.language, subject, text)
