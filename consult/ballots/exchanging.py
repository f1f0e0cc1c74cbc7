"""Papers as files: given out once the results are public; brought from another program, looked through, undone."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.ballots import exchange, importing, looking, queries, services
from consult.ballots.files import NewFileForm, PapersForm, TakeForm
from consult.ballots.looking import LookedThrough
from consult.ballots.models import PapersFile
from consult.ballots.services import RefusedError
from consult.core import pages, waiting
from consult.core.answering import again, erased
from consult.core.db import StaleVersionError, db
from consult.core.policy import can
from consult.core.uploads import takes_sheets
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Activity, Process
from consult.processes.services import TimetableError
from consult.voting import queries as voting
from consult.voting.models import Ballot

bp = Blueprint("ballots_exchange", __name__)

MIMETYPES = {"csv": "text/csv", "json": "application/json"}


@bp.app_context_processor
def _give_exports() -> dict[str, Any]:
    return {"exports": exchange.offered}


@pages.slot("results.below", position=45)
def _way_to_papers(activity: Activity) -> str:
    if activity.kind != "ballot" or not can(me(), "ballot.papers", activity):
        return ""
    ballot = voting.ballot(activity.id)
    return render_template("ballots/papers.html", ballot=ballot, offered=exchange.offered(ballot)) if ballot else ""


def _papers(id: int, ext: str = "") -> Ballot | None:
    return voting.ballot(id)


@bp.route("/votazioni/<int:id>/schede.<any(pb, soc, soi, toc, toi, cat, csv, json):ext>")
@access("ballot.papers", loads=_papers)
def papers(ballot: Ballot, ext: str) -> Any:
    """Papers that say the same are counted, never told one by one with where they come from."""
    made = exchange.write(ballot, ext)
    if made is None:
        return redirect(url_for(".papers", id=ballot.id, ext="csv"))
    return Response(made, mimetype=MIMETYPES.get(ext, "text/plain"), headers={
        "Content-Disposition": f'attachment; filename="votazione-{ballot.id}.{ext}"'})


@bp.route("/ufficio/votazioni/<int:id>/schede/nuove", methods=["GET", "POST"])
@takes_sheets
@access("ballot.import", loads=voting.ballot)
def bring(ballot: Ballot) -> Any:
    form = PapersForm()
    form.offer()
    if form.accepted():
        try:
            file, new = importing.send(ballot, me(), name=form.name, content=form.content)
        except RefusedError as refusal:
            form.file.errors = [refusal.sentence]
        else:
            if not new:
                flash(_("The same file was sent before: this is what became of it."), "info")
            return redirect(url_for(".file", id=file.id), 303)
    return render_template("ballots/bring.html", ballot=ballot, process=ballot.phase.process, form=form,
                           most=looking.MOST_PAPERS)


@bp.route("/ufficio/percorsi/<slug>/votazione-da-file", methods=["GET", "POST"])
@takes_sheets
@access("process.manage", loads=processes.process_called)
def bring_new(process: Process) -> Any:
    """A ballot with the options of a file; its papers wait to be looked through."""
    form = NewFileForm(process)
    form.offer()
    if form.accepted():
        try:
            with db.session.begin_nested():
                draft, titled = exchange.draft(form.content, process)
                ballot = services.prepare(form.chosen, me(), draft, **form.values_for(titled))
                file, _new = importing.send(ballot, me(), name=form.name, content=form.content)
        except RefusedError as refusal:
            form.file.errors = [refusal.sentence]
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("A ballot was prepared from the file. Its papers wait to be looked through."))
            return redirect(url_for(".file", id=file.id), 303)
    return render_template("ballots/bring_new.html", process=process, form=form)


@bp.route("/ufficio/schede/<int:id>")
@access("ballot.look", loads=queries.file)
def file(file: PapersFile) -> Any:
    """The page, or for whoever looks again every two seconds how far it is, and the page anew once it is done."""
    if "Hx-Request" in request.headers and "Hx-Boosted" not in request.headers:
        return render_template("ballots/moving.html", file=file), {} if file.moving else {"HX-Refresh": "true"}
    return _show(file, TakeForm())


def _show(file: PapersFile, form: Any) -> str:
    found, fault = LookedThrough(), None
    try:
        found = looking.look_through(file.ballot, file.content) if file.taken_at is None else found
    except RefusedError as unusable:  # the options have changed since it was sent
        fault = unusable.sentence
    if not form.is_submitted():
        form.expected.data = str(found.papers)
    return render_template("ballots/file.html", file=file, ballot=file.ballot, process=file.ballot.phase.process,
                           form=form, found=found, fault=fault, days=waiting.KEPT.days)


@bp.route("/ufficio/schede/<int:id>/prendi", methods=["POST"])
@access("ballot.take", loads=queries.file)
def take(file: PapersFile) -> Any:
    form, file_id = TakeForm(), file.id
    if not form.accepted():
        return _show(file, form)
    try:
        number = importing.take(file, me(), expected=form.seen)
    except StaleVersionError:
        return again(url_for(".file", id=file_id), _(
            "Nothing was taken: something has changed since this page was shown. Look at it again."))
    except RefusedError as refusal:
        return again(url_for(".file", id=file_id), str(refusal.sentence))
    if not file.moving:
        flash(ngettext("%(num)s paper was put into the box. If something is wrong, undo the file.",
                       "%(num)s papers were put into the box. If something is wrong, undo the file.", number))
    return redirect(url_for(".file", id=file_id), 303)


@bp.route("/ufficio/schede/<int:id>/annulla", methods=["POST"])
@access("ballot.undo", loads=queries.file)
def undo(file: PapersFile) -> Any:
    file_id, ballot_id = file.id, file.ballot_id
    try:
        number = importing.undo(file, me())
    except StaleVersionError:
        return again(url_for(".file", id=file_id), _("This was done already."))
    except RefusedError as refusal:
        return again(url_for(".file", id=file_id), str(refusal.sentence))
    if queries.file(file_id):
        return redirect(url_for(".file", id=file_id), 303)
    flash(ngettext("%(num)s paper was taken out of the box again.", "%(num)s papers were taken out of the box again.",
                   number))
    return redirect(url_for("ballots.show", id=ballot_id), 303)


@bp.route("/ufficio/schede/<int:id>/elimina", methods=["POST"])
@access("ballot.let_go", loads=queries.file)
def let_go(file: PapersFile) -> Any:
    return erased(lambda: importing.let_go(file, me()), page=url_for(".file", id=file.id),
                  after=url_for("ballots.show", id=file.ballot_id))
