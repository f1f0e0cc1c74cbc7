"""The row of a support: one for each person, and where the call says so no more than so many of one person."""

from typing import Any

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.contributions.models import Contribution
from consult.core import clock
from consult.core.db import insert, rows_touched, table
from consult.core.statements import made_once
from consult.proposals import limits
from consult.proposals.limits import COUNTED
from consult.proposals.models import ProposalCall
from consult.voting import queries, words
from consult.voting.holding import RefusedError
from consult.voting.models import Support

_KEY = ["contribution_id", "person_id"]
_COLUMNS = (*_KEY, "municipality_id", "verified", "given_at", "version")


def give(contribution: Contribution, person: Person, version: int) -> bool:
    """Write a person's support of a version; answers whether it is new.

    Raises RefusedError where they support as many proposals of the call as they may.
    """
    values = {"contribution_id": contribution.id, "person_id": person.id, "municipality_id": person.residence_id,
              "verified": person.verified, "given_at": clock.now(), "version": version}
    call = contribution.activity
    most = call.supports_each if isinstance(call, ProposalCall) and contribution.kind == "proposal" else None
    if most is None:
        return bool(rows_touched(_giving(), **values))
    limits.hold_person(person)  # the statement below does not see what another one has written but not kept
    if rows_touched(_giving_within(), **values, people=person.ids, call=call.id, most=most):
        return True
    if queries.supports(contribution, person):
        return False
    raise RefusedError(words.all_given(most))


@made_once
def _giving() -> Any:
    return insert(table(Support)).on_conflict_do_nothing(index_elements=_KEY)


@made_once
def _giving_within() -> Any:
    """The row is written only where fewer than the most are there: nothing is looked up first."""
    own, kept = table(Support), table(Contribution)
    there = (sa.select(sa.func.count()).select_from(own.join(kept, kept.c.id == own.c.contribution_id))
             .where(own.c.person_id.in_(sa.bindparam("people", expanding=True)), own.c.consent_id.is_(None),
                    kept.c.activity_id == sa.bindparam("call"), kept.c.kind == "proposal", kept.c.state.in_(COUNTED))
             .scalar_subquery())
    row = sa.select(*(sa.cast(sa.bindparam(name, type_=own.c[name].type), own.c[name].type) for name in _COLUMNS))
    return insert(own).from_select(list(_COLUMNS), row.where(there < sa.bindparam("most"))).on_conflict_do_nothing(
        index_elements=_KEY)
