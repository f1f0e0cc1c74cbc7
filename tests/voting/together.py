"""Acts of many people at the same instant, and what was counted of them."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import sqlalchemy as sa

from consult.core.db import db
from consult.processes.models import ParticipationCount


def counted(kind="support"):
    """The public count of a kind of act by municipality, where it is not 0."""
    rows = db.session.execute(sa.select(ParticipationCount.municipality_id, ParticipationCount.count)
                              .where(ParticipationCount.kind == kind, ParticipationCount.count != 0))
    return {row.municipality_id: row[1] for row in rows}


def at_once(app, act, ids):
    """Run an act for each id in a thread of its own, all at the same instant, each in its own transaction."""
    together = Barrier(len(ids))

    def alone(id):
        with app.app_context():
            together.wait()
            try:
                done = act(id)
                db.session.commit()
                return done
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(ids)) as pool:
        return list(pool.map(alone, ids))
