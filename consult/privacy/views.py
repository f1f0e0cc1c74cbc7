"""One's own data: to see, to get, to delete. And the notice: to read, and for the office to publish."""

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, session, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts import services as accounts
from consult.accounts.personal import holdings
from consult.accounts.views import clear_session
from consult.core import pages
from consult.core.db import db
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, local_path, me
from consult.privacy import erasure, exports, queries, retention, services, words
from consult.privacy.forms import EraseForm, NoticeForm, PasswordForm
from consult.privacy.models import ExportState, PersonalExport

bp = Blueprint("privacy", __name__)

SHOWN = 25
"""Rows of each class on the page; all of them are in the copy."""


def own_copy(id: str) -> PersonalExport | None:
    """A copy of the data of whoever asks; that of another is unknown."""
    found = db.session.get(PersonalExport, id[:32]) if id.isalnum() and id.isascii() else None
    return found if found is not None and me().is_authenticated and found.person_id == me().id else None


@bp.route("/profilo/dati")
@access("privacy.own_data")
def own_data():
    classes = [(holding, list(holding.rows(me()))) for holding in holdings()]
    return render_template("privacy/own_data.html", classes=classes, words=words, most=SHOWN,
                           copy=exports.of_person(me()), recognised=can(me(), "privacy.ask_copy"))


@bp.route("/profilo/riconosci", methods=["GET", "POST"])
@limits.own_guesses
@access("privacy.recognise")
def recognise():
    form = PasswordForm()
    back = local_path(argument("next", 400) or url_for(".own_data"))
    if form.accepted():
        if accounts.recognise(session["sid"], me(), form.password.data):
            return redirect(back, 303)
        limits.failed()
        form.password.errors.append(_("This is not your present password."))
    return render_template("privacy/recognise.html", form=form, back=back)


@bp.route("/profilo/dati/copia", methods=["POST"])
@access("privacy.ask_copy")
def ask_copy():
    exports.ask(me())
    flash(_("Your copy is being made: it takes about a minute. Then you find it here."))
    return redirect(url_for(".own_data", _anchor="copia"), 303)


@bp.route("/profilo/dati/copia/<id>", methods=["POST"])
@access("privacy.download", loads=own_copy)
def download(export):
    path = exports.file_of(export)
    if export.state is not ExportState.READY or not path.is_file():
        abort(404)
    exports.taken(export, me())
    response = send_file(path, mimetype="application/zip", as_attachment=True, download_name=_("my-data.zip"),
                         conditional=False, etag=False, max_age=0)
    response.headers["Cache-Control"] = "private, no-store"
    return response


@bp.route("/profilo/elimina", methods=["GET", "POST"])
@access("privacy.erase")
def erase():
    form = EraseForm()
    if form.accepted():
        try:
            erasure.erase(me(), withdraw=form.withdraw, actor=me())
        except accounts.RoleError as refusal:
            form.form_errors.append(refusal.reason)
        else:
            clear_session()
            flash(_("Your account is deleted, and with it all that told who you were. Thank you for having been here."))
            return redirect(url_for("processes.home"), 303)
    return render_template("privacy/erase.html", form=form)


@bp.route("/profilo/informativa", methods=["POST"])
@access("privacy.read_notice")
def read_notice():
    services.acknowledge(me())
    flash(_("Noted: you have read the privacy notice."))
    return redirect(local_path(request.form.get("next")), 303)


@bp.route("/ufficio/informativa", methods=["GET", "POST"])
@access("privacy.publish_notice")
def publish_notice():
    form = NoticeForm()
    if form.accepted():
        services.publish(form.text, form.changes, me())
        flash(_("The new notice is public. Whoever has an account is asked to read it."))
        return redirect(url_for(".publish_notice"), 303)
    return render_template("privacy/publish.html", form=form, versions=queries.notices())


@pages.slot("account.profile", position=80)
def own_data_link(_person):
    return render_template("privacy/link.html")


@pages.slot("site.notice")
def new_notice(person):
    notice = queries.unread(person)
    return render_template("privacy/new_notice.html", notice=notice) if notice else ""


@pages.slot("page.privacy.text")
def text_in_force(_thing):
    notice = queries.notice()
    return render_template("privacy/notice.html", notice=notice) if notice else ""


@pages.slot("page.privacy.retention")
def retention_table(_thing):
    return render_template("privacy/retention.html", rules=retention.RULES, runs=queries.last_runs())
