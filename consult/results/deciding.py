"""All that is owed an outcome in one table, for those who propose outcomes and those who record decisions."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.contributions import words as said_words
from consult.core import clock
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import awaited, bulk, owed, replies, words
from consult.results.awaited import Sorting, Standing, Wanted
from consult.results.forms import ChosenForm
from consult.results.keys import KEYS
from consult.results.models import BatchKind

bp = Blueprint("outcome_desk", __name__)

FILTERS = ("q", "tipo", "fase", "attivita", "asse", "comune", "stato", "ordine")


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["owed_kinds"] = owed.kinds


@bp.route("/ufficio/percorsi/<slug>/tavolo", methods=["GET", "POST"])
@access("outcome.bulk", loads=processes.process_called)
def table(process: Process) -> Any:
    form = ChosenForm(data={"on": clock.today(), "kind": BatchKind.PROPOSED.value})
    form.offer(replies.of_process(process), deciding=bool(can(me(), "outcome.bulk_decide", process)))
    seen = _seen(request.form.getlist("chosen"))
    if form.accepted():
        rows = awaited.chosen(process, seen)
        if rows:
            batch = bulk.send(process, me(), BatchKind(form.kind.data), name=_("Chosen in the table"),
                              lines=form.lines(rows, seen))
            return redirect(url_for("answering.batch", id=batch.id), 303)
        form.form_errors.append(_("Choose at least one row of the table."))
    return _page(process, form, set(seen))


def _page(process: Process, form: ChosenForm, chosen: set[int]) -> str:
    facets, wanted = awaited.facets(process), _wanted()
    page = awaited.page(process, wanted, after=argument("dopo", 400))
    return render_template(
        "results/awaited.html", process=process, form=form, chosen=chosen, facets=facets, wanted=wanted, page=page,
        asked=_asked(), words=words, KEYS=KEYS, kind_words=said_words.KINDS, many_words=said_words.MANY,
        standing_words=words.STANDINGS, sorting_words=words.SORTINGS, towns=facets.towns,
        phases=[phase for phase in process.phases if phase.id in {one[1] for one in facets.activities}],
        why=words.why)


def _seen(chosen: Iterable[str]) -> dict[int, str]:
    """The rows that were chosen, each with the version that its outcome had on the page: `12-3`."""
    found = {}
    for each in list(chosen)[:awaited.PAGE * 2]:
        id, _hyphen, version = each.partition("-")
        if all(part.isascii() and part.isdigit() and len(part) < 10 for part in (id, version)):
            found[int(id)] = version
    return found


def _asked() -> dict[str, str]:
    """The filter as the address says it, for the addresses of the next page and of the files."""
    return {name: value for name in FILTERS if (value := argument(name, 100))}


def _wanted() -> Wanted:
    """What the address asks; what it asks in no known words is not asked."""
    standing, sorting, kind = argument("stato", 20), argument("ordine", 20), argument("tipo", 20)
    return Wanted(
        kind=kind if kind in owed.kinds() else "", phase_id=_number("fase"), activity_id=_number("attivita"),
        axis_id=_number("asse"), municipality_id=_number("comune"),
        standing=Standing(standing) if standing in {one.value for one in Standing} else None,
        text=argument("q", 100),
        sorting=Sorting(sorting) if sorting in {one.value for one in Sorting} else Sorting.SUPPORTED)


def _number(name: str) -> int | None:
    said = argument(name, 9)
    return int(said) if said.isascii() and said.isdigit() else None


@bp.route("/ufficio/percorsi/<slug>/tavolo/tasti")
@access("outcome.bulk", loads=processes.process_called)
def keys(process: Process) -> str:
    return render_template("results/keys.html", process=process, KEYS=KEYS)
