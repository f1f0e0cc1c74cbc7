"""Documents of the plan: the latest of each format for everyone, and the making of new ones."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.core.policy import can
from consult.core.web import access, me
from consult.planning import queries as planning
from consult.planning.blocks import UnreadableBlocksError
from consult.planning.writing import block_faults
from consult.publishing import queries, services, words
from consult.publishing.forms import DocumentForm

bp = Blueprint("publishing", __name__)

DOWNLOADED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox; frame-ancestors 'none'"
"""A document is not a page of the site: whatever is in it can neither run nor ask for anything."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["document_words"] = words


@bp.route("/piani/<slug>/documenti")
@access("plan.read", loads=planning.by_slug)
def documents(plan):
    return _documents(plan, DocumentForm() if can(me(), "document.make", plan) else None)


@bp.route("/piani/<slug>/documenti", methods=["POST"])
@access("document.make", loads=planning.by_slug)
def make(plan):
    form = DocumentForm()
    if not form.accepted():
        return _documents(plan, form)
    try:
        document = services.ask(plan, form.chosen, me(), language=form.language.data)
    except UnreadableBlocksError as refusal:
        form.form_errors += block_faults(refusal)
        return _documents(plan, form)
    flash(_("The document is being made. You can stay here or come back later."))
    return redirect(url_for(".progress", id=document.id), 303)


@bp.route("/documenti/<int:id>/avanzamento")
@access("document.make", loads=queries.document)
def progress(document):
    """The page, or for whoever looks again every two seconds only the part that changes."""
    part = "Hx-Request" in request.headers and "Hx-Boosted" not in request.headers
    return render_template(f"publishing/{'state' if part else 'progress'}.html", document=document, plan=document.plan)


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


def _documents(plan: Any, form: DocumentForm | None) -> str:
    return render_template("publishing/documents.html", plan=plan, form=form, latest=queries.latest(plan),
                           making=queries.in_the_making(plan) if form else [])
