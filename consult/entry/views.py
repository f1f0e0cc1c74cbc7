"""Pages for questionnaires on paper: the sheet to print, batches, keying, comparing."""

from typing import Any

from flask import Blueprint, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import pages
from consult.core.config import LANGUAGES
from consult.core.db import db
from consult.core.policy import can
from consult.core.web import access, me
from consult.entry import paper, queries, services, words
from consult.entry.forms import MOST_SHEETS, BatchForm, NumberForm, keyed, sheet_form
from consult.entry.models import EntryBatch, EntrySheet
from consult.entry.services import WHERE, Came, SheetRefusedError
from consult.processes import queries as processes
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys.models import Survey
from consult.surveys.services import NotOpenError

bp = Blueprint("entry", __name__)


@pages.slot("survey.below", position=65)
def link(survey: Survey) -> str:
    return render_template("entry/link.html", survey=survey) if can(me(), "entry.see", survey) else ""


@bp.route("/questionari/<int:id>/carta")
@access("entry.see", loads=surveys.survey)
def batches(survey: Any) -> str:
    return _batches(survey, BatchForm() if can(me(), "entry.start", survey) else None)


@bp.route("/questionari/<int:id>/carta", methods=["POST"])
@access("entry.start", loads=surveys.survey)
def start(survey: Any) -> Any:
    form = BatchForm()
    if not form.accepted():
        return _batches(survey, form)
    batch = services.start(survey, me(), channel=Channel(form.channel.data), twice=form.twice.data,
                           note=form.note.data or "")
    return redirect(url_for(".batch", id=batch.id), 303)


def _in_language(id: int, language: str) -> Survey | None:
    return surveys.survey(id) if language in LANGUAGES else None


@bp.route("/questionari/<int:id>/carta/<language>.pdf")
@access("entry.see", loads=_in_language)
def sheet(survey: Any, language: str) -> Any:
    response = make_response(paper.pdf(survey, language))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = (
        f'inline; filename="survey-{survey.id}-v{survey.definition_version}-{language}.pdf"')
    return response


@bp.route("/carta/<int:id>", methods=["GET", "POST"])
@access("entry.see", loads=queries.batch)
def batch(batch: Any) -> Any:
    form = NumberForm()
    form.of(batch.survey)
    if form.accepted():
        return redirect(url_for(".key", id=batch.id, number=form.number.data), 303)
    once, differ = queries.waiting(batch)
    return render_template("entry/batch.html", batch=batch, survey=batch.survey, form=form, once=once, differ=differ,
                           progress=queries.progress([batch.id]).get(batch.id, queries.Progress()), words=words)


def _numbered(id: int, number: int) -> EntryBatch | None:
    """The batch of a sheet that can have this number."""
    return queries.batch(id) if 1 <= number <= MOST_SHEETS else None


@bp.route("/carta/<int:id>/fogli/<int:number>", methods=["GET", "POST"])
@access("entry.key", loads=_numbered)
def key(batch: Any, number: int) -> Any:
    survey = surveys.survey(batch.survey_id) or abort(404)
    form = sheet_form(survey)
    refusal = services.refusal(batch, number, me())
    if refusal is None and form.complete():
        try:
            came = services.key(batch, number, me(), keyed(form))
        except (SheetRefusedError, NotOpenError) as fault:
            db.session.rollback()
            refusal = getattr(fault, "sentence", None) or getattr(fault, "reason", None)
        else:
            flash(_said(came, number), "warning" if came is Came.DIFFERENT else "success")
            return redirect(url_for(".batch", id=batch.id), 303)
    return render_template("entry/key.html", batch=batch, survey=survey, form=form, number=number, refusal=refusal)


@bp.route("/carta/<int:id>/fogli/<int:number>/confronto", methods=["GET", "POST"])
@access("entry.compare", loads=queries.keyed)
def compare(sheet: Any) -> Any:
    differences = _differences(sheet)
    if request.method == "POST":
        picked = {code: request.form.get(f"right-{code}") for code, *_rest in differences}
        if all(value in {"first", "second"} for value in picked.values()):
            return _after(sheet, lambda: services.settle(
                sheet, me(), second={code for code, value in picked.items() if value == "second"}),
                _("Sheet %(number)s was taken.", number=sheet.number))
        flash(_("Choose what stands on the sheet for each question on which the two differ."), "error")
    return render_template("entry/compare.html", sheet=sheet, batch=sheet.batch, survey=sheet.batch.survey,
                           differences=differences)


@bp.route("/carta/<int:id>/fogli/<int:number>/da-capo", methods=["POST"])
@access("entry.compare", loads=queries.keyed)
def anew(sheet: Any) -> Any:
    return _after(sheet, lambda: services.drop(sheet, me()),
                  _("Sheet %(number)s can be keyed anew.", number=sheet.number))


@bp.route("/carta/<int:id>/annulla", methods=["POST"])
@access("entry.undo", loads=queries.batch)
def undo(batch: Any) -> Any:
    removed = services.undo(batch, me())
    flash(_("The batch was undone. Filled-in surveys removed: %(count)s.", count=removed))
    return redirect(url_for(".batches", id=batch.survey_id), 303)


def _batches(survey: Survey, form: BatchForm | None) -> str:
    return render_template("entry/batches.html", survey=survey, form=form, batches=queries.batches(survey),
                           words=words)


def _said(came: Came, number: int) -> str:
    return str({
        Came.FIRST: _("Sheet %(number)s was keyed once. Somebody else must key it again.", number=number),
        Came.TAKEN: _("Sheet %(number)s was taken.", number=number),
        Came.DIFFERENT: _("Sheet %(number)s was keyed differently the first time: look at what differs, with the sheet "
                          "at hand.", number=number)}[came])


def _after(sheet: EntrySheet, act: Any, done: str) -> Any:
    batch_id = sheet.batch_id
    try:
        act()
    except (SheetRefusedError, NotOpenError) as fault:
        db.session.rollback()
        flash(str(getattr(fault, "sentence", None) or getattr(fault, "reason", "")), "error")
    else:
        flash(done)
    return redirect(url_for(".batch", id=batch_id), 303)


def _differences(sheet: EntrySheet) -> list[tuple[str, str, str, str]]:
    """On what the two keyings differ: code and words of the question, the first answer, the second."""
    towns = processes.municipalities(sheet.batch.survey.phase.process)
    places = {town.istat_code: town.name for town in towns}
    found = []
    one, other = sheet.first, sheet.second
    if one[WHERE] != other[WHERE]:
        names = {town.id: town.name for town in towns}
        found.append((WHERE, _("Which municipality do you live in?"), *(
            names.get(said[WHERE], _("Elsewhere or not stated")) for said in (one, other))))
    for question in surveys.questions(sheet.batch.survey):
        first, second = (said["answers"].get(question.code) for said in (one, other))
        if first != second:
            found.append((question.code, str(question.prompt), *(
                words.spoken(question, given, places) for given in (first, second))))
    return found
