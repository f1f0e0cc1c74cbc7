"""Pages on which files of figures are sent, looked through, taken and undone."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.analysis import files, importing, queries
from consult.analysis.forms import FileForm, TakeForm
from consult.analysis.models import IndicatorFile
from consult.core import languages, spreadsheet, waiting
from consult.core.answering import again, erased
from consult.core.db import StaleVersionError
from consult.core.spreadsheet import SheetError
from consult.core.uploads import takes_sheets
from consult.core.web import access, me
from consult.processes import queries as processes

bp = Blueprint("analysis_files", __name__)

MOST_SHOWN = 100


@bp.route("/percorsi/<slug>/territorio/file", methods=["GET", "POST"])
@takes_sheets
@access("indicator.send", loads=processes.process_called)
def send(process: Any) -> Any:
    form = FileForm()
    if form.accepted():
        try:
            file = importing.send(process, me(), name=form.name, rows=form.rows, year=form.year.data)
            return redirect(url_for(".show", id=file.id), 303)
        except SheetError as fault:
            form.file.errors = [fault.sentence]
    return render_template("analysis/send.html", process=process, form=form, files=queries.files(process))


@bp.route("/percorsi/<slug>/territorio/file/modello.xlsx")
@access("indicator.send", loads=processes.process_called)
def empty(process: Any) -> Any:
    rows = [["indicator", "municipality_code", "municipality_name", "age", "gender", "value"],
            *(["", place.istat_code, place.name, "", "", ""] for place in processes.municipalities(process))]
    content = spreadsheet.as_xlsx(rows, language=languages.current(), widths=[24, 18, 28, 10, 10, 14])
    return Response(content, mimetype=spreadsheet.XLSX, headers={
        "Content-Disposition": 'attachment; filename="indicators.xlsx"', "Cache-Control": "no-store"})


@bp.route("/territorio/file/<int:id>")
@access("indicator.look", loads=queries.file)
def show(file: Any) -> Any:
    looked, fault, form = None, None, TakeForm()
    if file.taken_at is None:
        try:
            looked = importing.look(file)
            form.mark.data = looked.mark
        except SheetError as unusable:
            fault = unusable.sentence
    return render_template("analysis/file.html", file=file, process=file.process, looked=looked, form=form,
                           fault=fault, most=MOST_SHOWN, population=files.POPULATION,
                           days=waiting.KEPT.days,
                           places={one.id: one.name for one in processes.municipalities(file.process)})


@bp.route("/territorio/file/<int:id>/prendi", methods=["POST"])
@access("indicator.take", loads=queries.file)
def take(file: Any) -> Any:
    form, file_id, slug = TakeForm(), file.id, file.process.slug
    try:
        changed = importing.take(file, me(), mark=form.mark.data or "" if form.accepted() else "")
    except StaleVersionError:
        return again(url_for(".show", id=file_id), _(
            "Nothing was taken: something has changed since this page was shown. Look at it again."))
    flash(ngettext("%(num)s value was taken.", "%(num)s values were taken.", changed))
    return redirect(url_for("analysis.show", slug=slug), 303)


@bp.route("/territorio/file/<int:id>/annulla", methods=["POST"])
@access("indicator.undo", loads=queries.file)
def undo(file: Any) -> Any:
    file_id = file.id
    try:
        done = importing.undo(file, me())
    except StaleVersionError:
        return again(url_for(".show", id=file_id), _("Nothing was undone: somebody has undone it meanwhile."))
    if not done:
        return again(url_for(".show", id=file_id), _(
            "Nothing was undone: values of this file were changed since. Undo or mend those changes first."))
    flash(_("The values are again what they were before."))
    return redirect(url_for(".show", id=file_id), 303)


@bp.route("/territorio/file/<int:id>/elimina", methods=["POST"])
@access("indicator.take", loads=queries.file)
def let_go(file: IndicatorFile) -> Any:
    return erased(lambda: importing.let_go(file, me()), page=url_for(".show", id=file.id),
                  after=url_for(".send", slug=file.process.slug))
