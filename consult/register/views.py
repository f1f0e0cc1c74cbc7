"""The register, its figures and its files."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date
from typing import IO

from flask import Blueprint, Response, render_template
from flask_babel import format_timedelta

from consult.core import pages
from consult.core.disclosure import MINIMUM
from consult.core.forms import argument
from consult.core.web import access
from consult.moderation import matters, record, words
from consult.moderation import queries as decided
from consult.moderation.models import Act
from consult.moderation.queue import TARGETS
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.register import figures, files, queries
from consult.register.queries import TOUCHING, Narrowed
from consult.register.words import ORIGINS, OUTCOMES, reason_label

bp = Blueprint("register", __name__)

CHUNK = 64 * 1024


@bp.route("/registro-moderazione")
@access("register.read")
def show():
    narrowed, asked = _narrowed()
    size, digest = record.length()
    return render_template(
        "register/show.html", page=queries.lines(narrowed, after=argument("dopo", 400)), narrowed=narrowed,
        asked=asked, processes=processes.public_processes(), months=queries.months(), acts=TOUCHING,
        reasons=words.every_reason(), size=size, digest=digest, DONE=words.DONE, ORIGINS=ORIGINS, OUTCOMES=OUTCOMES,
        kind_label=matters.label, reason_label=reason_label, month_name=figures.month_name, lasting=_lasting)


@bp.route("/registro-moderazione/cifre")
@access("register.read")
def counted():
    narrowed, _asked = _narrowed()
    groups = queries.groups(narrowed.process)
    return render_template("register/counted.html", tables=figures.tables(groups), narrowed=narrowed,
                           processes=processes.public_processes(), months=queries.MONTHS)


@bp.route("/registro-moderazione.csv")
@access("register.read")
def as_csv():
    lines = queries.every_line(_narrowed()[0])
    return _file(files.as_csv(lines), "text/csv", "registro-moderazione.csv")


@bp.route("/registro-moderazione.json")
@access("register.read")
def as_json():
    lines = queries.every_line(_narrowed()[0])
    return _file(files.as_json(lines), "application/json", "registro-moderazione.json")


def _file(portions: Iterable[bytes], mimetype: str, name: str) -> Response:
    """Rows are read and written in portions into a file that is sent from the disk: never all of them in memory."""
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - closed once it is sent
    for portion in portions:
        kept.write(portion)
    answer = Response(_sent(kept), mimetype=mimetype, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Content-Length": str(kept.tell())})
    answer.call_on_close(kept.close)
    kept.seek(0)
    return answer


def _sent(kept: IO[bytes]) -> Iterator[bytes]:
    with kept:
        while portion := kept.read(CHUNK):
            yield portion


def _narrowed() -> tuple[Narrowed, dict[str, str]]:
    """What the address asks of the register, and its parameters that can be understood."""
    asked = {name: argument(name, 80) for name in ("percorso", "mese", "decisione", "motivo")}
    month = _month(asked["mese"])
    act = next((act for act in TOUCHING if act.value == asked["decisione"]), None)
    reason = next((code for code, _rule in words.every_reason() if code == asked["motivo"]), "")
    process = next((p.slug for p in processes.public_processes() if p.slug == asked["percorso"]), "")
    understood = {"percorso": process, "mese": f"{month:%Y-%m}" if month else "",
                  "decisione": act.value if act else "", "motivo": str(reason)}
    return (Narrowed(process=process, month=month, act=act, reason=str(reason)),
            {name: value for name, value in understood.items() if value})


def _month(text: str) -> date | None:
    """The first day of a month that is written 2026-11, if it can be one of the register."""
    year, _dash, month = text.partition("-")
    if len(text) != 7 or not (year.isascii() and year.isdigit() and month.isascii() and month.isdigit()):
        return None
    return date(int(year), int(month), 1) if 2000 <= int(year) < 2200 and 1 <= int(month) <= 12 else None


def _lasting(line: queries.Line) -> str:
    return str(format_timedelta(line.taken, granularity="minute")) if line.taken is not None else ""


@pages.slot("page.rules")
def _rules(_authority: object) -> str:
    figures, rules = decided.figures(), words.every_reason()
    hidden = {reason: figures.get((Act.HIDE, str(reason)), 0) for reason, _rule in rules}
    shown = {reason: number for reason, number in hidden.items() if number >= MINIMUM}
    return render_template(
        "register/rules.html", lists=_lists(), rules=rules, hidden=shown, targets=TARGETS,
        rest=sum(hidden.values()) - sum(shown.values()), total=sum(hidden.values()),
        approved=figures.get((Act.APPROVE, ""), 0), kept=figures.get((Act.KEEP, ""), 0),
        restored=figures.get((Act.RESTORE, ""), 0), ORIGINS=words.ORIGINS)


def _lists() -> list[tuple[list[Process], list[tuple[str, words.Rule]]]]:
    """The rules that hold, each list with the percorsi in which it does."""
    held: dict[str, list[Process]] = {}
    for process in processes.public_processes():
        held.setdefault(words.version_of_rules(process.id), []).append(process)
    return [(those, [(code, rule) for code, rule in words.rules_of(version) if rule.used])
            for version, those in (held or {words.STANDARD: []}).items()]
