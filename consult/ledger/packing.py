"""Publications packed behind the pages, once a ballot has closed, and anew when a paper is declared void after that."""

import json
from pathlib import Path
from zipfile import ZipFile

import sqlalchemy as sa
from flask import current_app

from consult.core import jobs
from consult.core.db import db, reading
from consult.ledger import publication, queries
from consult.ledger.models import Ledger, Stage

FOLDER = "publications"


def file_of(activity_id: int) -> Path:
    """Where the packed publication of a ballot lies, or will."""
    size = db.session.scalar(sa.select(Ledger.size).where(Ledger.activity_id == activity_id)) or 0
    return _path(activity_id, size)


def _path(activity_id: int, size: int) -> Path:
    return Path(current_app.extensions["settings"].instance) / FOLDER / f"{activity_id}-{size}.zip"


def withheld(found: Ledger) -> bool:
    """Whether the publication leaves out what is on the papers, because some are too rare."""
    path = _path(found.activity_id, found.size)
    if not path.exists():
        return False
    with ZipFile(path) as packed, packed.open(f"votazione-{found.activity_id}/result.json") as file:
        return bool(json.load(file)["papers"] == "withheld")


@jobs.every_minute
def pack() -> None:
    """Pack what is closed and not packed yet, without keeping anybody from writing."""
    closed = db.session.execute(sa.select(Ledger.activity_id, Ledger.size).where(Ledger.stage == Stage.CLOSED)).all()
    for activity_id, size in closed:
        target = _path(activity_id, size)
        if target.exists() or queries.waiting(activity_id):
            continue
        with reading():
            publication.to_zip(activity_id, target)
        for old in target.parent.glob(f"{activity_id}-*.zip"):
            if old != target:
                old.unlink(missing_ok=True)
