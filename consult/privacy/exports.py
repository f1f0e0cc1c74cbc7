"""Copies of everything held of a person, made behind the pages; they open only to whoever they are about."""

import csv
import enum
import io
import json
import secrets
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import render_template
from flask_babel import LazyString, force_locale

from consult.accounts.models import Person
from consult.accounts.personal import Holding, PersonErased, erased_with, holdings
from consult.core import clock, config, events, jobs, spreadsheet
from consult.core.db import db, rows_touched
from consult.core.languages import Localized
from consult.privacy.models import ExportState, PersonalExport


@dataclass(frozen=True, kw_only=True)
class CopyAsked(events.Event):
    pass


@dataclass(frozen=True, kw_only=True)
class CopyTaken(events.Event):
    """Somebody downloaded the copy of their data."""


def ask(person: Person) -> PersonalExport:
    """Have a copy made; while one is waited for no other is begun, and a new one takes the place of the former."""
    waiting = db.session.scalar(sa.select(PersonalExport).where(
        PersonalExport.person_id == person.id, PersonalExport.state == ExportState.WAITING))
    if waiting is not None:
        return waiting
    _remove(PersonalExport.person_id == person.id)
    export = PersonalExport(id=secrets.token_hex(16), person_id=person.id, language=person.language)
    db.session.add(export)
    db.session.flush()
    events.record(CopyAsked(actor_id=person.id))
    jobs.after_commit(make, export.id)
    return export


def taken(export: PersonalExport, person: Person) -> Path:
    """The file of a copy, noting that it was taken."""
    events.record(CopyTaken(actor_id=person.id))
    return file_of(export)


def of_person(person: Person) -> PersonalExport | None:
    """The copy that a person has asked for last."""
    return db.session.scalar(sa.select(PersonalExport).where(PersonalExport.person_id == person.id)
                             .order_by(PersonalExport.asked_at.desc()).limit(1))


def file_of(export: PersonalExport) -> Path:
    """Where a copy is kept: in the instance folder, which no web server shows."""
    return _folder() / f"{export.id}.zip"


def _folder() -> Path:
    return Path(config.current().instance) / "copies"


@jobs.task
def make(export_id: str) -> None:
    """Make a copy that was asked for; what fails says so in its row."""
    export = db.session.get(PersonalExport, export_id)
    if export is None or export.state is not ExportState.WAITING:
        return
    person = db.session.get_one(Person, export.person_id)
    try:
        content = packed(person)
        _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        file_of(export).touch(mode=0o600)
        file_of(export).write_bytes(content)
    except Exception:  # noqa: BLE001 - whatever went wrong, whoever asked is told
        db.session.rollback()
        jobs.log.exception("a copy of somebody's data was not made")
        export = db.session.get_one(PersonalExport, export_id)
        export.state, export.finished_at = ExportState.FAILED, clock.now()
    else:
        export.state, export.finished_at, export.size = ExportState.READY, clock.now(), len(content)


def packed(person: Person) -> bytes:
    """Everything held of a person as a ZIP: one JSON, one CSV for each class, and a README in their language."""
    target = io.BytesIO()
    with force_locale(person.language), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        classes = [(holding, [plain(row) for row in holding.rows(person)]) for holding in holdings()]
        archive.writestr("README.txt", render_template("privacy/readme.txt", classes=classes, made_at=clock.now()))
        archive.writestr("data.json", json.dumps(
            {"format": 1, "made_at": clock.now().isoformat(),
             "classes": {holding.code: _told(holding, rows) for holding, rows in classes}},
            ensure_ascii=False, indent=2))
        for holding, rows in classes:
            if rows:
                archive.writestr(f"csv/{holding.code}.csv", _as_csv(rows))
    return target.getvalue()


def _told(holding: Holding, rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"title": str(holding.title), "reason": str(holding.reason), "kept": str(holding.kept), "rows": rows}


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row as JSON can hold it."""
    return {name: _plain(value) for name, value in row.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, Localized | LazyString):
        return str(value)
    return value


def _as_csv(rows: list[dict[str, Any]]) -> bytes:
    """With a comma and a point, whatever the language: for programs; cells never begin a formula."""
    names = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([[_cell(row.get(name)) for name in names] for row in rows])
    return target.getvalue().encode("utf-8-sig")


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return spreadsheet.harmless("; ".join(map(str, value)))
    return str(value) if isinstance(value, int | float) else spreadsheet.harmless(str(value))


def forget(*, before: datetime, most: int) -> int:
    """Remove at most so many copies that were asked for before an instant; answers how many went."""
    old = sa.select(PersonalExport.id).where(PersonalExport.asked_at < before).limit(most)
    return _remove(PersonalExport.id.in_(db.session.scalars(old).all()))


def _remove(*which: sa.ColumnElement[bool]) -> int:
    for export in db.session.scalars(sa.select(PersonalExport).where(*which)).all():
        file_of(export).unlink(missing_ok=True)
    return rows_touched(sa.delete(PersonalExport).where(*which))


@erased_with
def remove_copies(event: PersonErased) -> None:
    """Whoever leaves leaves no copy behind."""
    _remove(PersonalExport.person_id == event.person_id)
