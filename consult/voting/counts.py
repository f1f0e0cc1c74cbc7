"""The counts of supports, moved with the rows that they count: call these where the text is held."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from consult.contributions.models import Contribution, State
from consult.core.db import db, insert, table
from consult.core.statements import made_once, out_of_date
from consult.processes import services as processes
from consult.processes.models import Channel
from consult.proposals.models import Proposal
from consult.voting.models import Support, SupportConsent, SupportTally


def hold_texts(ids: Iterable[int]) -> None:
    """Keep texts as they are until the transaction ends."""
    db.session.execute(_holding(), {"ids": sorted(set(ids))})


@made_once
def _holding() -> Any:
    kept = table(Contribution)
    return (sa.select(kept.c.id).where(kept.c.id.in_(sa.bindparam("ids", expanding=True))).order_by(kept.c.id)
            .with_for_update(of=kept))


def move_current(contribution_id: int, version: int, by: int) -> None:
    """Move the count of supports of the text as it stands, if this version is the one."""
    db.session.execute(_moving_current(), {"wanted": contribution_id, "seen": version, "more": by})
    out_of_date(Proposal, "current_support_count", which=lambda row: row.get("id") == contribution_id)


@made_once
def _moving_current() -> Any:
    own, kept = table(Proposal), table(Contribution)
    stands = sa.select(kept.c.version).where(kept.c.id == sa.bindparam("wanted")).scalar_subquery()
    return (sa.update(own).where(own.c.id == sa.bindparam("wanted"), stands == sa.bindparam("seen"))
            .values(current_support_count=own.c.current_support_count + sa.bindparam("more")))


def anonymise_supports(person_id: int, *which: sa.ColumnElement[bool]) -> int:
    """Make mere numbers of what somebody supported, by municipality; no count changes. Answers how many they were."""
    gone = db.session.execute(
        sa.delete(Support).where(Support.person_id == person_id, *which)
        .returning(Support.contribution_id, Support.municipality_id, Support.consent_id, Support.version)
        .execution_options(synchronize_session=False)).all()
    hold_texts(row.contribution_id for row in gone)
    for contribution_id, municipality_id, consent_id, version in sorted(gone, key=lambda row: row.contribution_id):
        move_current(contribution_id, version, -1)
        carried = int(consent_id is not None)
        row = insert(SupportTally).values(contribution_id=contribution_id, channel=Channel.ONLINE,
                                          municipality_id=municipality_id or 0, count=1, carried=carried)
        db.session.execute(row.on_conflict_do_update(
            index_elements=["contribution_id", "channel", "municipality_id"],
            set_={"count": SupportTally.count + 1, "carried": SupportTally.carried + carried}))
    named = sa.select(Support.consent_id).where(Support.person_id == person_id, Support.consent_id.is_not(None))
    db.session.execute(sa.delete(SupportConsent).where(
        SupportConsent.person_id == person_id, SupportConsent.id.not_in(named))
        .execution_options(synchronize_session=False))
    return len(gone)


def move(contribution: Contribution, municipality_id: int | None, by: int, *, version: int,
         carried: bool = False) -> None:
    """Move every count of supports; call where a row was made or removed while the text was held.

    Supports of what is not public are in no public count: they come into it with their text.
    """
    move_current(contribution.id, version, by)
    state = db.session.scalar(_moving(), {"wanted": contribution.id, "more": by})
    db.session.expire(contribution, ["support_count"])
    if carried:
        own = table(Proposal)
        db.session.execute(sa.update(own).where(own.c.id == contribution.id)
                           .values(carried_count=own.c.carried_count + by))
        db.session.expire(contribution, ["carried_count"])
    if state is State.PUBLISHED:
        processes.count(contribution.activity, "support", municipality_id, by)


@made_once
def _moving() -> Any:
    kept = table(Contribution)
    return (sa.update(kept).where(kept.c.id == sa.bindparam("wanted"))
            .values(support_count=kept.c.support_count + sa.bindparam("more")).returning(kept.c.state))
