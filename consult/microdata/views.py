"""Files of single answers, for the plan office."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.core import pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.microdata import queries, services, words
from consult.microdata.forms import AnswerFileForm
from consult.surveys.models import Survey
from consult.surveys.queries import survey as survey_called

bp = Blueprint("microdata", __name__)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["answer_formats"] = words.FORMATS


@pages.slot("survey.below", position=70)
def link(survey: Survey) -> str:
    return render_template("microdata/link.html", survey=survey) if can(me(), "microdata.make", survey) else ""


@bp.route("/questionari/<int:id>/risposte", methods=["GET", "POST"])
@access("microdata.make", loads=survey_called)
def files(survey: Any) -> Any:
    form = AnswerFileForm()
    if form.accepted():
        file = services.ask(survey, form.chosen, me(), language=form.language.data)
        flash(_("The file is being made. You can stay here or come back later."))
        return redirect(url_for(".progress", id=file.id), 303)
    return render_template("microdata/files.html", survey=survey, form=form, files=queries.of_survey(survey))


@bp.route("/risposte/<int:id>/avanzamento")
@access("microdata.make", loads=queries.file)
def progress(file: Any) -> str:
    """The page, or for whoever looks again every two seconds only the part that changes."""
    part = "Hx-Request" in request.headers and "Hx-Boosted" not in request.headers
    return render_template(f"microdata/{'state' if part else 'progress'}.html", file=file, survey=file.survey)


@bp.route("/risposte/<int:id>", methods=["POST"])
@access("microdata.read", loads=queries.file)
def download(file: Any) -> Any:
    path = services.path_of(file.id, file.format)
    if not path.is_file():
        abort(404)
    services.taken(file, me())
    response = send_file(path, mimetype=words.MEDIA_TYPES[file.format], as_attachment=True,
                         download_name=file.file_name, conditional=False, etag=False, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response
