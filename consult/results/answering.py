"""Answering many contributions: templates of replies, outcomes by spreadsheet, and what is looked at before."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core import languages, pages, spreadsheet
from consult.core.db import StaleVersionError, db
from consult.core.forms import argument, localized, one_for_each_language, tidy
from consult.core.policy import can
from consult.core.uploads import takes_sheets
from consult.core.web import access, me, require
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.results import awaited, bulk, letters, queries, replies, words
from consult.results.forms import OutcomeFileForm, ReplyTemplateForm
from consult.results.models import BatchKind, OutcomeBatch, Verdict

bp = Blueprint("answering", __name__)

LATEST = 10
WRITTEN_AT_ONCE = 60
"""Lines of which outcome and reasons can be changed on the page on which they are looked at."""
WIDTHS = (16, 44, 24, 20, 24, 10, 10, 18, 10, 18, 60, 12, 28, 20)


@bp.route("/ufficio/percorsi/<slug>/risposte")
@access("reply.manage", loads=processes.process_called)
def templates(process):
    return render_template("results/templates.html", process=process, templates=replies.of_process(process),
                           words=words)


@bp.route("/ufficio/percorsi/<slug>/risposte/nuova", methods=["GET", "POST"])
@access("reply.manage", loads=processes.process_called)
def new_template(process):
    form = ReplyTemplateForm()
    form.offer()
    if form.accepted():
        replies.add(process, me(), **_written(form))
        flash(_("The template was saved."))
        return redirect(url_for(".templates", slug=process.slug), 303)
    return render_template("results/template_form.html", process=process, form=form, template=None)


@bp.route("/ufficio/risposte/<int:id>", methods=["GET", "POST"])
@access("reply.manage", loads=queries.template)
def template(template):
    form = ReplyTemplateForm(data={"name": template.name, "verdict": template.verdict.value,
                                   "version": str(template.version), **one_for_each_language(text=template.text)})
    form.offer()
    if form.accepted():
        try:
            replies.change(template, me(), seen=form.seen, **_written(form))
        except StaleVersionError:
            texts = [(_("Name"), template.name, form.name.data), (_("Text"), template.text, localized(form, "text"))]
            return render_template("errors/stale.html", fields=texts, again=url_for(".template", id=template.id)), 409
        flash(_("The template was saved."))
        return redirect(url_for(".templates", slug=template.process.slug), 303)
    return render_template("results/template_form.html", process=template.process, form=form, template=template)


@bp.route("/ufficio/risposte/<int:id>/elimina", methods=["POST"])
@access("reply.manage", loads=queries.template)
def remove_template(template):
    slug = template.process.slug
    replies.remove(template, me())
    flash(_("The template was removed. What was answered with it stays."))
    return redirect(url_for(".templates", slug=slug), 303)


def _written(form: ReplyTemplateForm) -> dict[str, Any]:
    return {"name": form.name.data, "verdict": Verdict(form.verdict.data), "text": localized(form, "text")}


@bp.route("/ufficio/percorsi/<slug>/esiti", methods=["GET", "POST"])
@takes_sheets
@access("outcome.bulk", loads=processes.process_called)
def outcomes(process):
    form = OutcomeFileForm()
    form.offer(deciding=_may_decide(process))
    if form.accepted():
        batch = bulk.send(process, me(), BatchKind(form.kind.data), name=form.name, lines=form.lines)
        return redirect(url_for(".batch", id=batch.id), 303)
    return render_template("results/outcomes.html", process=process, form=form, activities=queries.answerable(process),
                           batches=[one for one in queries.batches(process, LATEST) if can(me(), "outcome.batch", one)])


def _may_decide(process: Process) -> bool:
    return bool(can(me(), "outcome.bulk_decide", process))


@bp.route("/ufficio/percorsi/<slug>/esiti.xlsx", endpoint="workbook")
@access("outcome.bulk", loads=processes.process_called)
def as_workbook(process):
    choices = {list(words.COLUMNS).index("verdict"): [str(label) for label in words.VERDICTS.values()]}
    content = spreadsheet.as_xlsx(_rows(process), language=languages.current(), widths=WIDTHS, choices=choices)
    return _file(content, spreadsheet.XLSX, f"esiti-{process.slug}.xlsx")


@bp.route("/ufficio/percorsi/<slug>/esiti.csv", endpoint="table")
@access("outcome.bulk", loads=processes.process_called)
def as_table(process):
    return _file(spreadsheet.as_csv(_rows(process), languages.current()), "text/csv", f"esiti-{process.slug}.csv")


def _file(content: bytes, mimetype: str, name: str) -> Response:
    return Response(content, mimetype=mimetype, headers={
        "Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"})


def _rows(process: Process) -> list[Sequence[object]]:
    """The heading and a line for each that is owed an outcome; what is to be filled in stays empty."""
    asked = argument("raccolta", 9)
    activity_id = int(asked) if asked.isascii() and asked.isdigit() else None
    verdicts = {verdict: str(label) for verdict, label in words.VERDICTS.items()}
    citizen = _("a citizen")
    rows: list[Sequence[object]] = [[str(label) for label in words.COLUMNS.values()]]
    for row in awaited.every(process, awaited.Wanted(activity_id=activity_id)):
        before = verdicts[row.verdict] if row.verdict else ""
        rows.append([row.code, row.title, str(row.axis or ""), row.municipality or "", row.organisation or citizen,
                     row.supports, row.comments,
                     _("%(outcome)s (decided)", outcome=before) if row.decided else before, row.version,
                     "", "", "", "", ""])
    return rows


@bp.route("/ufficio/esiti/<int:id>")
@access("outcome.batch", loads=queries.batch)
def batch(batch):
    return _show(batch)


@bp.route("/ufficio/esiti/<int:id>/rivedi", methods=["POST"])
@access("outcome.batch", loads=queries.batch)
def rewrite(batch):
    try:
        bulk.rewrite(batch, me(), _written_on(batch))
    except StaleVersionError:
        flash(_("It was recorded meanwhile: nothing was changed."), "warning")
    return redirect(url_for(".batch", id=batch.id), 303)


@bp.route("/ufficio/esiti/<int:id>/registra", methods=["POST"])
@access("outcome.batch", loads=queries.batch)
def record(batch):
    if batch.kind is BatchKind.DECIDED:
        require("outcome.bulk_decide", batch.process)
    try:
        written = _written_on(batch)
        bulk.rewrite(batch, me(), written)
        made = bulk.record(batch, me(), expected=_expected() - list(written.values()).count(None))
    except StaleVersionError:
        return _changed(batch)
    flash(ngettext("%(num)s outcome was recorded: it is public, and those concerned are told.",
                   "%(num)s outcomes were recorded: they are public, and those concerned are told.", made))
    return redirect(url_for(".batch", id=batch.id), 303)


def _changed(batch: OutcomeBatch) -> Any:
    """What is so by now, with what was written on the lines: nothing was recorded."""
    db.session.rollback()
    flash(_("Nothing was recorded: something has changed since this page was shown. Look at the lines again."),
          "warning")
    found = queries.batch(batch.id)
    if found is not None and not found.done:
        bulk.rewrite(found, me(), _written_on(found))
    return _show(found, status=409)


def _expected() -> int:
    """How many lines whoever confirms has seen as sound."""
    said = request.form.get("expected", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else -1


def _written_on(batch: OutcomeBatch) -> dict[int, tuple[str, str] | None]:
    """What was written on the lines of the page: outcome and reasons, or nothing where a line is left out."""
    found: dict[int, tuple[str, str] | None] = {}
    for line in batch.lines:
        number = line["n"]
        if f"reasons-{number}" in request.form:
            kept = request.form.get(f"take-{number}") == "1"
            found[number] = (str(tidy(request.form.get(f"verdict-{number}", "")))[:40],
                             str(tidy(request.form[f"reasons-{number}"]))[:bulk.LONGEST_REASONS + 1]) if kept else None
    return found


def _show(batch: Any, status: int = 200) -> Any:
    checked = [] if batch.done else bulk.check(batch)
    sound, refused = [one for one in checked if one.sound], [one for one in checked if not one.sound]
    many, shown = letters.foreseen(batch.kind, sound) if sound else (0, [])
    page = render_template("results/batch.html", batch=batch, process=batch.process, sound=sound, refused=refused,
                           words=words, deciding=batch.kind is BatchKind.DECIDED, letters=shown, letter_count=many,
                           written=0 < len(checked) <= WRITTEN_AT_ONCE)
    return page, status


@pages.slot("office.process", position=40)
def ways(process: Process) -> str:
    """On the page on which a percorso is set up: the ways to the templates and to outcomes by spreadsheet."""
    return render_template("results/office_ways.html", process=process)
