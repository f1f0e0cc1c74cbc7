"""What is owed an outcome: a feature names its kind of contribution here, and all kinds are answered alike."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sqlalchemy as sa
from flask_babel import LazyString

from consult.contributions.models import Contribution, State
from consult.core import richtext
from consult.core.db import db, table
from consult.processes.models import Activity, Phase, Process
from consult.results.models import Outcome

said, outcome = table(Contribution), table(Outcome)
LONGEST_TITLE = 110
"""Characters of what has no title and is called by how it begins."""


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of contribution whose authors are answered: where its words stand, and where each is answered."""

    name: str
    own: sa.FromClause
    """Its table."""
    title: sa.ColumnElement[str]
    axis_id: sa.ColumnElement[int] | None = None
    standing: sa.ColumnElement[bool] | None = None
    """Holds for those that are answered themselves; of the others what stands in their place is."""
    fallen: LazyString | str = ""
    """Why the others are not."""
    propose: str
    decide: str
    """Endpoints of the pages on which one is answered."""
    titled: bool = True
    """False for what is called by how it begins."""


_kinds: dict[str, Kind] = {}


def owe(kind: Kind) -> None:
    """Have all that is public of a kind be owed an outcome."""
    _kinds[kind.name] = kind


def kinds() -> Mapping[str, Kind]:
    """The kinds that are owed an outcome, by the name that contributions have for them."""
    return _kinds


def title() -> sa.ColumnElement[str]:
    """What a contribution is called, of the tables of `with_kinds`."""
    return sa.func.coalesce(*(kind.title for kind in _kinds.values()), "")


def axis_id() -> sa.ColumnElement[int]:
    """The axis it belongs to, where its kind knows one."""
    return sa.func.coalesce(*(kind.axis_id for kind in _kinds.values() if kind.axis_id is not None), sa.null())


def with_kinds(start: sa.FromClause = said) -> sa.FromClause:
    """Contributions with the tables of their kinds and with their outcomes."""
    joined = reduce(lambda left, kind: left.outerjoin(kind.own, kind.own.c.id == said.c.id), _kinds.values(), start)
    return joined.outerjoin(outcome, outcome.c.contribution_id == said.c.id)


def standing() -> sa.ColumnElement[bool]:
    """Holds for what is answered itself, of the tables of `with_kinds`."""
    return sa.and_(said.c.kind.in_(list(_kinds)), *(
        sa.or_(said.c.kind != kind.name, kind.standing) for kind in _kinds.values() if kind.standing is not None))


def owed_in(process: Process) -> sa.ColumnElement[bool]:
    """Holds for what is public of a percorso and is answered itself."""
    return sa.and_(said.c.activity_id.in_(activities_of(process)), said.c.state == State.PUBLISHED, standing())


def activities_of(process: Process) -> sa.Select[int]:
    """The activities of a percorso, by their ids."""
    return sa.select(Activity.id).join(Phase, Phase.id == Activity.phase_id).where(Phase.process_id == process.id)


def called(kind: str, text: str) -> str:
    """What something is called on a page: by its title, or by how it begins."""
    return text if _kinds[kind].titled else richtext.excerpt(text, LONGEST_TITLE)


def found(codes: Sequence[str]) -> dict[str, Any]:
    """What is called by these codes, of the kinds that are owed an outcome: as rows, in one query."""
    rows = db.session.execute(
        sa.select(said.c.code, said.c.id, said.c.kind, said.c.state, said.c.created_at, said.c.language,
                  Phase.process_id, title().label("title"), standing().label("standing"))
        .select_from(with_kinds().join(Activity, Activity.id == said.c.activity_id)
                     .join(Phase, Phase.id == Activity.phase_id))
        .where(said.c.code.in_(codes), said.c.kind.in_(list(_kinds))))
    return {row.code: row for row in rows}
