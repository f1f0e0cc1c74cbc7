"""Whoever reads for long keeps nobody from writing, and cannot write."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from consult.core.db import db, reading
from consult.territory.models import Authority


def test_others_write_while_somebody_reads(app, make):
    make.authority()
    db.session.commit()
    written = threading.Event()

    def write():
        with app.app_context():
            db.session.execute(sa.update(Authority).values(region="Altrove"))
            db.session.commit()
            db.session.remove()
            written.set()

    with reading():
        assert db.session.scalar(sa.select(Authority.region)) == ""
        other = threading.Thread(target=write)
        other.start()
        assert written.wait(5)
        other.join()
        assert db.session.scalar(sa.select(Authority.region)) in {"", "Altrove"}
    assert db.session.scalar(sa.select(Authority.region)) == "Altrove"


def test_nothing_is_written_while_reading(app, make):
    make.authority()
    db.session.commit()
    with reading(), pytest.raises(DBAPIError):
        db.session.execute(sa.update(Authority).values(region="Altrove"))
    db.session.execute(sa.update(Authority).values(region="Di nuovo"))
    assert db.session.scalar(sa.select(Authority.region)) == "Di nuovo"
