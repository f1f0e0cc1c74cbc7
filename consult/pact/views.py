"""The pact as everybody reads it: its text, who signs it, each commitment and how far all of them are."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, abort, render_template
from flask.blueprints import BlueprintSetupState

from consult.comments.views import discussion
from consult.core import files, languages, pages, spreadsheet
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.pact import figures, monitoring, queries, words
from consult.pact.models import Pact, Progress, Signatory
from consult.pact.monitoring import Line
from consult.processes.models import Process

bp = Blueprint("pact", __name__)

UNTOLD, OVERDUE = "nessuno", "scaduti"
"""What the address calls commitments of which nobody has reported, and those that are overdue."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals.update(pact_words=words)


@bp.route("/patti/<slug>")
@access("pact.read", loads=queries.by_slug)
def show(pact):
    lines = _lines(pact)
    parties = queries.signatories(pact)
    return render_template(
        "pact/show.html", pact=pact, signatories=parties, lines=lines, counted=monitoring.figures(lines),
        consultation=queries.consultation_of(pact), groups=_by_party(parties, lines))


def _by_party(parties: Sequence[Signatory], lines: Sequence[Line]) -> list[tuple[Signatory | None, list[Line]]]:
    """The commitments by who answers for them, in the order of the signatories; last, those nobody answers for yet."""
    answering: dict[int | None, list[Line]] = defaultdict(list)
    for line in lines:
        answering[line.commitment.signatory_id].append(line)
    return [(party, answering[party.id]) for party in parties if party.id in answering] + (
        [(None, answering[None])] if None in answering else [])


def _lines(pact: Pact) -> list[Line]:
    """The commitments that whoever reads may see, with how far each is."""
    return monitoring.lines(queries.commitments(pact, drafts=bool(can(me(), "pact.edit", pact))))


@bp.route("/patti/<slug>/impegni/<code>")
@access("commitment.read", loads=queries.commitment_called)
def commitment(commitment):
    pact = commitment.pact
    return render_template(
        "pact/commitment.html", commitment=commitment, pact=pact, line=monitoring.line(commitment),
        values=figures.values(commitment), corrections={one.corrects_id: one for one in commitment.reports},
        neighbours=queries.neighbours(commitment, drafts=bool(can(me(), "pact.edit", pact))),
        discussion=discussion(commitment.thread) if commitment.thread else None)


@bp.route("/patti/<slug>/monitoraggio")
@access("pact.read", loads=queries.by_slug)
def monitor(pact):
    lines = _lines(pact)
    found = [line for line in lines if _wanted(line)]
    return render_template(
        "pact/monitor.html", pact=pact, lines=found, counted=monitoring.figures(lines), asked=_asked(),
        standings=figures.standings(lines), untold=UNTOLD, overdue=OVERDUE,
        answering=sorted({line.commitment.signatory for line in lines if line.commitment.signatory},
                         key=lambda party: party.position))


@bp.route("/patti/<slug>/monitoraggio/scarica")
@access("pact.read", loads=queries.by_slug)
def monitor_table(pact):
    rows = figures.sheet([line for line in _lines(pact) if _wanted(line)])
    return Response(spreadsheet.as_csv(rows, languages.current()), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="{pact.slug}-monitoraggio.csv"'})


def _asked() -> dict[str, str]:
    """The filter as the address says it; what it says in no known words is not asked."""
    standing = argument("andamento", 20)
    known = {*(one.value for one in Progress), UNTOLD, OVERDUE}
    party = argument("firmatario", 9)
    return {name: value for name, value in (
        ("firmatario", party if party.isascii() and party.isdigit() else ""),
        ("andamento", standing if standing in known else "")) if value}


def _wanted(line: Line) -> bool:
    """Whether the address asks for a commitment."""
    asked = _asked()
    standing = asked.get("andamento")
    if asked.get("firmatario") not in (None, str(line.commitment.signatory_id)):
        return False
    if standing == OVERDUE:
        return line.overdue is not None
    return standing is None or (line.counted and standing == (line.standing.value if line.standing else UNTOLD))


@bp.route("/patti/<slug>/firme/<int:id>/scarica")
@access("signature.read", loads=queries.signature_of)
def signed_file(signature):
    return _sent(signature.token, signature.name, signature.mimetype)


@bp.route("/patti/<slug>/firme/<int:id>/verifica/scarica")
@access("signature.read", loads=queries.signature_of)
def verification_report(signature):
    return _sent(signature.report_token, signature.report_name, signature.report_mimetype)


def _sent(token: str, name: str, mimetype: str) -> Any:
    if not token:
        abort(404)
    return files.answer(token, size=files.Size.LARGE, name=name, mimetype=mimetype) or abort(404)


@bp.route("/patti/consultazioni/<int:id>")
@access("activity.read", loads=queries.consultation)
def consultation(consultation):
    require("pact.read", consultation.pact)
    return render_template("pact/consultation.html", consultation=consultation, pact=consultation.pact,
                           commitments=queries.commitments(consultation.pact))


@pages.slot("office.process", position=40)
def in_the_office(process: Process) -> str:
    """Where a percorso is set up: the way to its pact, or to beginning one."""
    pact = queries.of_process(process.id)
    if pact is None and not can(me(), "pact.make", process):
        return ""
    return render_template("pact/in_the_office.html", process=process, pact=pact)
