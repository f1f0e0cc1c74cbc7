"""Questionnaires as files: ours as JSON, those of Kobo and ODK as XLSForm; what comes is looked through first."""

import json
from typing import Any

from flask import Blueprint, Response, abort, flash, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.core import languages, richtext, spreadsheet
from consult.core.db import StaleVersionError
from consult.core.uploads import takes_sheets
from consult.core.web import access, me
from consult.questionnaires import comparing, definition, forms, queries, services, words, xlsform, xlsreading
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import Fault, faults
from consult.questionnaires.services import RefusedChangeError
from consult.questionnaires.views import back, naming, of_office
from consult.surveys.models import Survey

bp = Blueprint("questionnaires_exchange", __name__)

MOST_BYTES = 400_000
"""How large a questionnaire as JSON may be: some hundred questions in four languages."""


@bp.route("/ufficio/questionari/<int:id>/domande.json")
@access("questionnaire.edit", loads=of_office)
def as_json(survey):
    return _json(definition.describe(survey), survey)


@bp.route("/ufficio/questionari/<int:id>/versioni/<int:number>.json")
@access("questionnaire.edit", loads=of_office)
def version_as_json(survey, number):
    found = queries.version(survey, number) or abort(404)
    return _json(found.definition, survey)


def _json(data: Any, survey: Survey) -> Response:
    content = json.dumps(definition.compact(data), ensure_ascii=False, indent=2)
    return _sent(content, "application/json", survey, "json")


@bp.route("/ufficio/questionari/<int:id>/domande.xlsx")
@access("questionnaire.edit", loads=of_office)
def as_xlsform(survey):
    made = xlsform.form(definition.describe(survey), queries.towns(survey))
    return _sent(xlsform.workbook(made), spreadsheet.XLSX, survey, "xlsx")


def _sent(content: str | bytes, mimetype: str, survey: Survey, suffix: str) -> Response:
    name = richtext.slug(survey.title.in_language(languages.DEFAULT), 60) or "questionario"
    return Response(content, mimetype=mimetype, headers={
        "Content-Disposition": f'attachment; filename="{name}.{suffix}"'})


@bp.route("/ufficio/questionari/<int:id>/porta", methods=["GET", "POST"])
@takes_sheets
@access("questionnaire.edit", loads=of_office)
def bring(survey):
    """Look through a file first; what it would change is said, and only then is it taken over."""
    form = forms.ImportForm(data={"version": str(survey.definition_version)})
    if form.accepted():
        if form.definition.data:
            answer = _taken_over(survey, form)
            if answer:
                return answer
        else:
            data, warnings, wrong = _looked_through(survey)
            return _page(survey, form, data, warnings, wrong)
    return _page(survey, form, None, [], [])


def _looked_through(survey: Survey) -> tuple[Data | None, list[LazyString], list[Fault]]:
    """What is in the file sent: the questionnaire, what cannot be taken over, and what is wrong."""
    file = request.files.get("file")
    content = file.stream.read(spreadsheet.MOST_BYTES + 1) if file else b""
    if not content:
        return None, [], [Fault("", _l("Choose a file."), blocks=True)]
    warnings: list[LazyString] = []
    if content[:4] == b"PK\x03\x04":
        if len(content) > spreadsheet.MOST_BYTES:
            return None, [], [Fault("", _TOO_LARGE, blocks=True)]
        try:
            brought = xlsreading.read(content)
        except xlsreading.UnreadableError as fault:
            return None, [], [Fault("", fault.sentence, blocks=True)]
        data, warnings = brought.data, brought.warnings
    else:
        if len(content) > MOST_BYTES:
            return None, [], [Fault("", _TOO_LARGE, blocks=True)]
        try:
            data = json.loads(content)
        except (ValueError, RecursionError):
            return None, [], [Fault("", _l("This is neither a questionnaire as JSON nor an XLSForm."), blocks=True)]
    wrong = faults(data, queries.places(survey))
    return (None if any(fault.blocks for fault in wrong) else _for(survey, data)), warnings, wrong


_TOO_LARGE = _l("This file is too large for a questionnaire.")


def _for(survey: Survey, data: Data) -> Data:
    """The questions of a file under the title that the survey has."""
    complete = services.without_strange_pictures(data)
    return {**complete, "title": dict(survey.title), "intro": dict(survey.intro)}


def _taken_over(survey: Survey, form: Any) -> Any:
    try:
        data = json.loads(form.definition.data)
    except (ValueError, RecursionError):
        abort(400)
    wrong = [fault for fault in faults(data, queries.places(survey)) if fault.blocks]
    if wrong:
        form.form_errors += map(words.located, wrong)
        return None
    seen = form.version.data
    try:
        services.change(survey, me(), _for(survey, data),
                        seen=int(seen) if str(seen).isdigit() and len(str(seen)) < 9 else -1)
    except StaleVersionError:
        form.form_errors.append(_l("Somebody changed the survey while you were looking at the file. Send it again."))
    except RefusedChangeError as refused:
        form.form_errors += map(words.located, refused.faults)
    else:
        flash(_("The questions were taken over."))
        return back(survey)
    return None


def _page(survey: Survey, form: Any, data: Data | None, warnings: list[LazyString], wrong: list[Fault]) -> str:
    changes = comparing.changes(definition.describe(survey), data) if data else None
    named = naming(survey, data) if data else None
    content = json.dumps(definition.compact(data), ensure_ascii=False) if data else ""
    return render_template("questionnaires/bring.html", survey=survey, process=survey.phase.process, form=form,
                           data=data, content=content, warnings=warnings, wrong=wrong, changes=changes, naming=named,
                           answered=queries.answered(survey), located=words.located,
                           here=url_for(".bring", id=survey.id))
