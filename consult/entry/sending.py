"""Pages on which files of answers are sent, looked through, and taken as a batch."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core import languages, spreadsheet, waiting
from consult.core.answering import again, erased
from consult.core.db import StaleVersionError
from consult.core.spreadsheet import SheetError
from consult.core.uploads import takes_sheets
from consult.core.web import access, me
from consult.entry import files, importing, queries, words
from consult.entry.files import Table
from consult.entry.forms import AnswersFileForm, TakeForm
from consult.entry.importing import LineNotTakenError
from consult.entry.models import EntryFile
from consult.processes.models import Channel
from consult.surveys import queries as surveys
from consult.surveys.models import Survey

bp = Blueprint("entry_files", __name__)

MOST_SHOWN = 100
"""Of so many refused lines the page says why: whoever has more of them has made the same mistake in all."""


@bp.route("/questionari/<int:id>/carta/file", methods=["GET", "POST"])
@takes_sheets
@access("entry.send", loads=surveys.survey)
def send(survey: Any) -> Any:
    form = AnswersFileForm()
    form.offer()
    if form.look(survey):
        file, new = importing.send(survey, me(), name=form.name, rows=form.rows)
        if not new:
            flash(_("A file with the same lines was sent before: this is what became of it."), "info")
        return redirect(url_for(".show", id=file.id), 303)
    return render_template("entry/send.html", survey=survey, form=form, columns=files.plain_columns(survey),
                           waiting=queries.files_waiting(survey), parted=files.PARTED)


@bp.route("/questionari/<int:id>/carta/file/modello.xlsx")
@access("entry.send", loads=surveys.survey)
def empty(survey: Any) -> Any:
    head = [name for name, _column in files.plain_columns(survey)]
    content = spreadsheet.as_xlsx([head], language=languages.current(), widths=[18] * len(head))
    return Response(content, mimetype=spreadsheet.XLSX, headers={
        "Content-Disposition": f'attachment; filename="survey-{survey.id}.xlsx"', "Cache-Control": "no-store"})


@bp.route("/carta/file/<int:id>")
@access("entry.look", loads=queries.file)
def show(file: Any) -> Any:
    return _show(file, TakeForm())


@bp.route("/carta/file/<int:id>/prendi", methods=["POST"])
@access("entry.take", loads=queries.file)
def take(file: Any) -> Any:
    form = TakeForm()
    if not form.accepted():
        return _show(file, form)
    file_id = file.id
    try:
        batch = importing.take(file, me(), channel=Channel(form.channel.data), note=form.note.data or "",
                               expected=form.seen)
    except StaleVersionError:
        return again(url_for(".show", id=file_id), _(
            "Nothing was taken: something has changed since this page was shown. Look at the lines again."))
    except LineNotTakenError as fault:
        return again(url_for(".show", id=file_id), _("Nothing was taken. Line %(number)s: %(reason)s",
                                                     number=fault.number, reason=fault.sentence))
    sheets = queries.progress([batch.id])[batch.id].taken
    flash(ngettext("%(num)s survey was taken. If something is wrong, undo the batch.",
                   "%(num)s surveys were taken. If something is wrong, undo the batch.", sheets))
    return redirect(url_for("entry.batch", id=batch.id), 303)


@bp.route("/carta/file/<int:id>/elimina", methods=["POST"])
@access("entry.let_go", loads=queries.file)
def let_go(file: Any) -> Any:
    return erased(lambda: importing.let_go(file, me()), page=url_for(".show", id=file.id),
                  after=url_for(".send", id=file.survey_id))


def _show(file: EntryFile, form: TakeForm) -> str:
    survey: Survey = surveys.survey(file.survey_id) or file.survey
    fault, table = None, Table([], [])
    try:
        table = files.read(survey, file.rows) if file.batch_id is None else table
    except SheetError as unusable:  # the questions have changed since it was sent
        fault = unusable.sentence
    if not form.is_submitted():
        form.expected.data = str(len(table.sound))
    return render_template("entry/file.html", file=file, survey=survey, form=form, table=table, fault=fault,
                           most=MOST_SHOWN, days=waiting.KEPT.days, words=words)
