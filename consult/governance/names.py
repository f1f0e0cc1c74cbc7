"""Names of people that the site knows, found in texts that are to name nobody."""

from collections.abc import Collection, Iterable, Iterator, Mapping

import sqlalchemy as sa

from consult.accounts.models import Person
from consult.core.db import db
from consult.core.personal_words import Run, Spot, runs
from consult.governance.models import BodyMember, GovernanceBody

AT_ONCE = 30_000
"""Names asked for in one statement, which both databases take."""


def named(texts: Mapping[str, str], process_id: int) -> dict[str, list[Spot]]:
    """By place, the names of accounts and of those who sit on bodies of the percorso.

    Asks the database for the words that begin with a capital, however many people there are.
    """
    found = {place: list(runs(text)) for place, text in texts.items()}
    names = _held({name for each in found.values() for _begins, _ends, spelt in each for name in spelt})
    members = _members(process_id)
    return {place: list(_names(each, names, members)) for place, each in found.items()}


def _names(found: Iterable[Run], names: Collection[str], members: Collection[str]) -> Iterator[Spot]:
    for begins, ends, spelt in found:
        if any(name in members for name in spelt):
            yield begins, ends, "member"
        elif any(name in names for name in spelt):
            yield begins, ends, "account"


def _held(candidates: Collection[str]) -> set[str]:
    """Which of these are the names of accounts."""
    found, names = set[str](), sorted(candidates)
    for first in range(0, len(names), AT_ONCE):
        found.update(db.session.scalars(sa.select(Person.display_name).where(
            Person.display_name.in_(names[first:first + AT_ONCE]), Person.erased_at.is_(None))))
    return found


def _members(process_id: int) -> set[str]:
    """The written names of those who sit on bodies of the percorso."""
    return set(db.session.scalars(
        sa.select(BodyMember.name).join(GovernanceBody, GovernanceBody.id == BodyMember.body_id)
        .where(GovernanceBody.process_id == process_id, BodyMember.name != "")))
