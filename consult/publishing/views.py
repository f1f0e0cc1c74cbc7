"""Documents of a percorso: the latest of each kind and form for everyone, and the making of new ones."""

from collections import defaultdict
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.core import pages
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.planning import queries as planning
from consult.planning.models import Plan
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.publishing import kinds, queries, services, words
from consult.publishing.forms import DocumentForm, called
from consult.publishing.kinds import HinderedError, Kind, Subject
from consult.publishing.models import MadeDocument

bp = Blueprint("publishing", __name__)

DOWNLOADED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""A document is not a page of the site: whatever is in it can neither run nor ask for anything."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["document_words"] = words


@bp.route("/percorsi/<slug>/documenti")
@access("process.read", loads=processes.process_called)
def documents(process):
    if not can(me(), "document.make", process):
        return _documents(process, None, None)
    offered = _offered(process)
    return _documents(process, offered, _form(offered))


@bp.route("/percorsi/<slug>/documenti", methods=["POST"])
@access("document.make", loads=processes.process_called)
def make(process):
    offered = _offered(process)
    form = _form(offered)
    if not form.accepted():
        return _documents(process, offered, form)
    kind, about = form.chosen
    require(kind.action, about.thing)
    try:
        asked = [services.ask(process, kind, about, me(), wanted) for wanted in form.wanted]
    except HinderedError as refusal:
        form.form_errors += refusal.sentences
        return _documents(process, offered, form)
    if len(asked) > 1:
        flash(_("The documents are being made, one after the other. You can stay here or come back later."))
        return redirect(url_for(".documents", slug=process.slug), 303)
    flash(_("The document is being made. You can stay here or come back later."))
    return redirect(url_for(".progress", id=asked[0].id), 303)


@bp.route("/piani/<slug>/documenti")
@access("plan.read", loads=planning.by_slug)
def of_plan(plan: Plan) -> Any:
    """Where the documents of a plan used to be."""
    return redirect(url_for(".documents", slug=plan.process.slug, _anchor="plan"), 301)


@bp.route("/documenti/<int:id>/avanzamento")
@access("document.make", loads=queries.document)
def progress(document):
    """The page, or for whoever looks again every two seconds only the part that changes."""
    part = "Hx-Request" in request.headers and "Hx-Boosted" not in request.headers
    return render_template(f"publishing/{'state' if part else 'progress'}.html", document=document,
                           process=document.process, kind=kinds.called(document.kind))


@bp.route("/documenti/<int:id>")
@access("document.read", loads=queries.document)
def download(document):
    path = services.file_of(document)
    if not path.is_file():
        abort(404)
    response = send_file(path, mimetype=words.MEDIA_TYPES[document.format], as_attachment=True,
                         download_name=document.file_name, etag=document.sha256, last_modified=document.finished_at,
                         conditional=True, max_age=0)
    response.headers["Content-Security-Policy"] = DOWNLOADED
    return response


@pages.slot("process.lists", position=90)
def on_the_percorso(process: Process) -> str:
    """On the page of the percorso: the way to its documents."""
    return render_template("publishing/of_process.html", process=process)


def _offered(process: Process) -> list[tuple[Kind, list[Subject]]]:
    """What there is to tell of a percorso, by kind."""
    return [(kind, list(kind.subjects(process))) for kind in kinds.every()]


def _form(offered: list[tuple[Kind, list[Subject]]]) -> DocumentForm:
    return DocumentForm([(kind, about) for kind, subjects in offered for about in subjects
                         if can(me(), kind.action, about.thing)])


def _documents(process: Process, offered: list[tuple[Kind, list[Subject]]] | None, form: DocumentForm | None) -> str:
    """The page; whoever has nothing made, and so nothing offered, is only asked of the kinds that have been made."""
    shown = [kind.code for kind in kinds.every() if kind.public or form]
    made: dict[tuple[str, str], list[MadeDocument]] = defaultdict(list)
    for one in queries.latest(process, shown, with_names=form is not None):
        made[one.kind, one.subject].append(one)
    if offered is None:
        known = {kind for kind, _subject in made}
        offered = [(kind, list(kind.subjects(process))) for kind in kinds.every() if kind.code in known]
    titles = {(kind.code, about.code): called(kind, about) for kind, subjects in offered for about in subjects}
    return render_template(
        "publishing/documents.html", process=process, form=form, made=made, titles=titles,
        offered=[(kind, subjects) for kind, subjects in offered if kind.code in shown and subjects],
        making=queries.in_the_making(process) if form else [])
