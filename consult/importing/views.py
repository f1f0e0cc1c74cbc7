"""Pages on which the files of a conversation are sent, looked through, taken as a map of opinions, and undone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import pages, waiting
from consult.core.answering import again, erased
from consult.core.db import StaleVersionError, db
from consult.core.uploads import takes_sheets
from consult.core.web import access, me
from consult.importing import queries, taking
from consult.importing.forms import ConversationFilesForm, TakeConversationForm
from consult.importing.models import ConversationFile
from consult.importing.reading import WHY, Reading
from consult.importing.services import ImportRefusedError
from consult.processes import queries as processes
from consult.processes.models import Process

bp = Blueprint("importing", __name__)

MOST_SHOWN = 100
"""Of so many refused lines the page says why: whoever has more of them has made the same mistake in all."""


@pages.slot("office.process", position=26)
def _way_in(process: Process) -> str:
    return render_template("importing/link.html", process=process)


@bp.route("/ufficio/percorsi/<slug>/mappa-da-polis", methods=["GET", "POST"])
@takes_sheets
@access("conversation_file.send", loads=processes.process_called)
def send(process: Any) -> Any:
    form = ConversationFilesForm()
    if form.accepted():
        file, new = taking.send(process, me(), form.found)
        if not new:
            flash(_("The same conversation was sent before: this is what became of it."), "info")
        return redirect(url_for(".show", id=file.id), 303)
    return render_template("importing/send.html", process=process, form=form,
                           files=queries.conversation_files(process))


@bp.route("/ufficio/mappe-da-file/<int:id>")
@access("conversation_file.look", loads=queries.conversation_file)
def show(file: Any) -> Any:
    return _show(file, TakeConversationForm(file))


@bp.route("/ufficio/mappe-da-file/<int:id>/prendi", methods=["POST"])
@access("conversation_file.take", loads=queries.conversation_file)
def take(file: Any) -> Any:
    form, file_id = TakeConversationForm(file), file.id
    if not form.accepted():
        return _show(file, form)
    try:
        taking.take(file, me(), form.chosen, title=form.title.data or "",
                    language=form.language.data, until=form.until.data)
    except StaleVersionError:
        return again(url_for(".show", id=file_id), _("Nothing was taken: somebody has taken the file meanwhile."))
    flash(_("The map of opinions was made. If something is wrong, undo it here."))
    return redirect(url_for(".show", id=file_id), 303)


@bp.route("/ufficio/mappe-da-file/<int:id>/annulla", methods=["POST"])
@access("conversation_file.undo", loads=queries.conversation_file)
def undo(file: Any) -> Any:
    file_id, slug = file.id, file.process.slug
    try:
        taking.undo(file, me())
    except StaleVersionError:
        db.session.rollback()
        return redirect(url_for(".send", slug=slug), 303)
    except ImportRefusedError:
        return again(url_for(".show", id=file_id), _(
            "Nothing was undone: since then people have answered here or written something, a moderator has decided "
            "on a statement, or the plan leads to it."))
    flash(_("The map of opinions is gone, with its statements and answers. The files can be sent again."))
    return redirect(url_for(".send", slug=slug), 303)


@bp.route("/ufficio/mappe-da-file/<int:id>/elimina", methods=["POST"])
@access("conversation_file.let_go", loads=queries.conversation_file)
def let_go(file: Any) -> Any:
    return erased(lambda: taking.let_go(file, me()), page=url_for(".show", id=file.id),
                  after=url_for(".send", slug=file.process.slug))


def _show(file: ConversationFile, form: TakeConversationForm) -> str:
    found = Reading.of(file.content) if file.conversation_id is None else None
    return render_template("importing/file.html", file=file, process=file.process, found=found, form=form, why=WHY,
                           most=MOST_SHOWN, days=waiting.KEPT.days)
