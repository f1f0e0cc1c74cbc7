"""What came out of a whole phase, on a page that prints; and the phases side by side."""

from collections import defaultdict
from collections.abc import Sequence

from flask import Blueprint, render_template

from consult.core.charts import Sheet
from consult.core.policy import can
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Activity, Phase, Process
from consult.results import comparing, queries, words

bp = Blueprint("summing", __name__)


@bp.route("/percorsi/<slug>/fasi/<int:n>/risultati")
@access("process.read", loads=processes.phase_called)
def phase(phase: Phase) -> str:
    found = [(sheet.activity, sheet) for sheet in queries.frozen_in(phase) if can(me(), "results.read", sheet.activity)]
    told = [(activity, frozen, Sheet.from_json(frozen.content)) for activity, frozen in found]
    tables = comparing.tables([(phase.title, [sheet for _activity, _frozen, sheet in told])]) if told else []
    return render_template("results/phase.html", phase=phase, process=phase.process, told=told, tables=tables,
                           words=words)


@bp.route("/percorsi/<slug>/risultati/confronto")
@access("process.read", loads=processes.process_called)
def compare(process: Process) -> str:
    readable = [one for one in queries.activities(process) if can(me(), "results.read", one)]
    by_phase = _by_phase(readable)
    told = [(phase, by_phase[phase.id]) for phase in process.phases if by_phase[phase.id]]
    return render_template(
        "results/compare.html", process=process, told=told,
        tables=comparing.tables([(phase.title, sheets) for phase, sheets in told]) if told else [])


def _by_phase(activities: Sequence[Activity]) -> dict[int, list[Sheet]]:
    frozen = queries.sheets_of(one.id for one in activities)
    found: dict[int, list[Sheet]] = defaultdict(list)
    for one in activities:
        if one.id in frozen:
            found[one.phase_id].append(Sheet.from_json(frozen[one.id].content))
    return found
