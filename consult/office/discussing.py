"""Setting up discussions."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import pages
from consult.core.web import access, me
from consult.discussions.services import prepare
from consult.office.forms import NewDiscussionForm
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.processes.services import TimetableError

bp = Blueprint("office_discussions", __name__)


@pages.slot("office.process", position=20)
def _way_in(process: Process) -> str:
    return render_template("office/discussion_link.html", process=process)


@bp.route("/ufficio/percorsi/<slug>/nuova-discussione", methods=["GET", "POST"])
@access("process.manage", loads=processes.process_called)
def new(process):
    form = NewDiscussionForm(process)
    if form.accepted():
        try:
            discussion = prepare(form.chosen, me(), **form.values)
        except TimetableError as fault:
            form.refuse(fault)
        else:
            flash(_("The discussion was prepared. Open its first topics, so that nobody finds it empty."))
            return redirect(url_for("discussions.show", id=discussion.id), 303)
    return render_template("office/new_discussion.html", process=process, form=form)
