"""Versions of the rules of a percorso. A version is named `12.3`: the third of the percorso 12."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from consult.core.db import db
from consult.core.statements import made_once
from consult.reasons.entries import Entry
from consult.reasons.models import RuleList


def latest(process_id: int | None) -> int:
    """The number of the version that holds in a percorso; 0 where those of the site do."""
    if process_id is None:
        return 0
    return db.session.scalar(_latest(), {"process": process_id}) or 0


@made_once
def _latest() -> sa.Select[int]:
    return sa.select(sa.func.max(RuleList.number)).where(RuleList.process_id == sa.bindparam("process"))


def latest_of(process_ids: Iterable[int]) -> dict[int, int]:
    """The same for several percorsi, without those in which the rules of the site hold; one query."""
    rows = db.session.execute(sa.select(RuleList.process_id, sa.func.max(RuleList.number)).where(
        RuleList.process_id.in_(list(process_ids))).group_by(RuleList.process_id))
    return {row[0]: row[1] for row in rows}


def newest() -> sa.Subquery:
    """The version that holds in each percorso that has its own rules: to be joined to what is asked anyway."""
    later = aliased(RuleList)
    number = sa.select(sa.func.max(later.number)).where(later.process_id == RuleList.process_id).scalar_subquery()
    return sa.select(RuleList.process_id, RuleList.number, RuleList.rules).where(RuleList.number == number).subquery()


def note(process_id: int, number: int, rules: Iterable[Any]) -> None:
    """Keep a version that was read with something else."""
    known: dict[str, Sequence[Entry]] = db.session().info.setdefault("rule lists", {})
    known[named(process_id, number)] = tuple(Entry.of(rule) for rule in rules)


def named(process_id: int, number: int) -> str:
    """What a version is called in the record of decisions."""
    return f"{process_id}.{number}"


def parts(version: str) -> tuple[int, int] | None:
    """The percorso and the number that a name of a version says; none for the rules of the site."""
    process, dot, number = version.partition(".")
    sound = dot and all(part.isascii() and part.isdigit() and len(part) < 10 for part in (process, number))
    return (int(process), int(number)) if sound else None


def entries(version: str) -> Sequence[Entry]:
    """The rules of a version in their order; nothing for one that there is not."""
    return fetched([version]).get(version, ())


def fetched(versions: Iterable[str]) -> dict[str, Sequence[Entry]]:
    """The rules of several versions; one query for those that were not read before: versions never change."""
    known: dict[str, Sequence[Entry]] = db.session().info.setdefault("rule lists", {})
    wanted = {version: both for version in versions if version not in known and (both := parts(version))}
    if wanted:
        rows = db.session.execute(sa.select(RuleList.process_id, RuleList.number, RuleList.rules).where(
            sa.tuple_(RuleList.process_id, RuleList.number).in_(list(wanted.values()))))
        for process_id, number, rules in rows:
            note(process_id, number, rules)
    return known


def versions(process_id: int) -> Sequence[RuleList]:
    """Every version of a percorso, the latest first."""
    return db.session.scalars(sa.select(RuleList).where(RuleList.process_id == process_id)
                              .order_by(RuleList.number.desc())).all()


def version(process_id: int, number: int) -> RuleList | None:
    """One version of a percorso."""
    return db.session.scalar(sa.select(RuleList).where(RuleList.process_id == process_id, RuleList.number == number))


def own_codes() -> dict[str, Entry]:
    """For each code that some percorso uses now or used last, how it is said there; one query."""
    newest = sa.select(sa.func.max(RuleList.id)).group_by(RuleList.process_id)
    rows = db.session.scalars(sa.select(RuleList.rules).where(RuleList.id.in_(newest)).order_by(RuleList.id))
    return {rule["code"]: Entry.of(rule) for rules in rows for rule in rules}
