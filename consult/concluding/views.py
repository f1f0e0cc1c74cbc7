"""How far the document of a percorso has come, and what was validated, as everybody reads it."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, abort, render_template
from flask_babel import gettext as _

from consult.concluding import queries, words
from consult.concluding.models import Act
from consult.concluding.passages import VALID, last, terms
from consult.core import asking, clock, pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.publishing import queries as publishing
from consult.results import words as results

bp = Blueprint("concluding", __name__)
VERDICTS = {verdict.value: said for verdict, said in results.VERDICTS.items()}
PUBLIC = frozenset({Act.VALIDATE, Act.DELIVER, Act.REPORT, Act.NOTE})
"""Passages of which everybody may have what was kept: that is what was validated."""


def process_of(slug: str, **_others: Any) -> Process | None:
    """The percorso named in an address, whatever else the address names."""
    return processes.process_called(slug)


@bp.route("/percorsi/<slug>/documento-di-proposta")
@access("process.read", loads=processes.process_called)
def show(process):
    document = queries.of(process)
    if document is None or not document.passages:
        abort(404)
    content = queries.content(process, document) if document.stage in VALID else None
    return render_template(
        "concluding/show.html", process=process, document=document, content=content, words=words, public=PUBLIC,
        terms=terms(document.passages), today=clock.today(), valid=last(document.passages, Act.VALIDATE),
        verdicts=VERDICTS, made=publishing.latest(process, ["docpp_validated"]) if content else ())


@bp.route("/percorsi/<slug>/documento-di-proposta/<int:number>.json")
@access("process.read", loads=process_of)
def kept(process, number):
    passage = queries.passage(process, number)
    if passage is None or not (passage.act in PUBLIC or can(me(), "docpp.write", process)):
        abort(404)
    return Response(passage.content, mimetype="application/json", headers={
        "Content-Disposition": f'attachment; filename="{process.slug}-docpp-{number}.json"'})


@asking.question("process", "docpp")
def _any_passage(process: Process, _person: Any) -> sa.ColumnElement[bool]:
    return queries.begun(process)


@pages.slot("process.decided", position=20)
def on_the_percorso(process: Process) -> str:
    """On the page of the percorso: the way to the document, once a passage was made."""
    if not asking.answer("process", "docpp", process):
        return ""
    return render_template("concluding/of_process.html", process=process, label=words.NAME)


@pages.slot("office.process", position=36)
def for_the_office(process: Process) -> str:
    """Where a percorso is set up: the way to the document."""
    if not can(me(), "docpp.write", process):
        return ""
    return render_template("concluding/way.html", process=process, label=_("Documento di proposta partecipata"))
