"""Who is ticked in the list of a polling place: under the same tags as papers, so that nobody votes both ways."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Mapped, mapped_column

from consult.core.db import Base, db, insert, rows_touched, table
from consult.core.statements import made_once
from consult.voting.models import Ballot

TICKED = _l("This person is ticked in the list of a polling place and votes on paper there: every paper in its boxes "
            "counts, so no other one can be taken.")


class Reservation(Base):
    """Somebody took a paper at a polling place: which of the papers in its boxes is theirs is written nowhere.

    Neither the box nor the time is kept: a box from which a single paper came would lead to whoever cast it.
    """

    __tablename__ = "ballot_reservation"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - kept in the order of the tag, not of time

    ballot_id: Mapped[int] = mapped_column(sa.ForeignKey("ballot.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(sa.String(32), primary_key=True)


def reserved(ballot: Ballot, tags: Sequence[str]) -> bool:
    """Whether somebody is ticked under one of their tags."""
    return db.session.scalar(_known(), {"ballot": ballot.id, "tags": tags}) is not None


def known(ballot: Any, tags: Any) -> sa.Select[str]:
    """One of these tags under which somebody is ticked, if there is any."""
    own = table(Reservation)
    return sa.select(own.c.tag).where(own.c.ballot_id == ballot, own.c.tag.in_(tags)).limit(1)


@made_once
def _known() -> sa.Select[str]:
    return known(sa.bindparam("ballot"), sa.bindparam("tags", expanding=True))


def keep(ballot: Ballot, tag: str) -> bool:
    """Reserve a tag; False where it was reserved before."""
    row = insert(Reservation).values(ballot_id=ballot.id, tag=tag)
    return bool(rows_touched(row.on_conflict_do_nothing(index_elements=["ballot_id", "tag"])))


def drop(ballot: Ballot, tags: Sequence[str]) -> bool:
    """Take the reservation of these tags away; False where there was none."""
    return bool(rows_touched(sa.delete(Reservation).where(
        Reservation.ballot_id == ballot.id, Reservation.tag.in_(tags)).execution_options(synchronize_session=False)))
