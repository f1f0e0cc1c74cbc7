"""The pages of the staff: the desk, sheets of codes, conflicts."""

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts import queries as accounts
from consult.accounts.services import normalised
from consult.accounts.views import unkept
from consult.core import config, pages
from consult.core.db import db
from consult.core.policy import can
from consult.core.web import access, me
from consult.territory.models import Municipality
from consult.verification import codes, desk, queries, services, words
from consult.verification.forms import CloseForm, CodesForm, DeskForm, FindForm
from consult.verification.identifiers import UnavailableError
from consult.verification.models import CodeBatch, Conflict
from consult.verification.services import VerificationError

bp = Blueprint("counter", __name__)


@pages.slot("office.card", position=30)
def card(person):
    if not can(person, "verification.conflicts"):
        return ""
    return render_template("verification/card.html", conflicts=len(queries.open_conflicts()))


@bp.route("/sportello/verifica", methods=["GET", "POST"])
@limits.own_guesses
@access("verification.check")
def check():
    """First the address, then what was seen: whose account it is stands on the page before anything is kept."""
    form = FindForm()
    if not form.accepted():
        return unkept(render_template("verification/find.html", form=form))
    person = accounts.by_email(normalised(form.email.data))
    if person is None or not person.is_active:
        limits.failed()
        form.email.errors = [_("Nobody with this address has an open and confirmed account. Whoever has none can "
                               "register here, at the desk.")]
        return unkept(render_template("verification/find.html", form=form))
    form = DeskForm()
    if request.form.get("step") == "verify" and form.accepted() and _checked(person, form):
        return redirect(url_for(".check"), 303)
    return unkept(render_template("verification/desk.html", form=form, person=person))


def _checked(person, form):
    """True once it is kept, the conflict with another account included; else why not is in the form."""
    try:
        desk.check(person, me(), tax_code=form.tax_code.data, document=form.document.data,
                   municipality_id=form.municipality.data, age_band=form.age_band.data, tie=form.tie.data,
                   reason=form.reason.data)
    except VerificationError as refusal:
        if queries.waiting_conflict(person):
            flash(str(refusal.reason), "error")
            return True
        form.form_errors.append(refusal.reason)
        return False
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return False
    flash(_("%(name)s is verified.", name=person.display_name))
    return True


@bp.route("/sportello/conflitti")
@access("verification.conflicts")
def conflicts():
    return unkept(render_template("verification/conflicts.html", conflicts=queries.open_conflicts(), words=words))


@bp.route("/sportello/conflitti/<int:id>", methods=["GET", "POST"])
@access("verification.conflicts", loads=Conflict)
def conflict(conflict):
    form = CloseForm()
    if form.accepted():
        closed = services.close_conflict(conflict, me(), free=form.free.data == "yes", note=form.note.data)
        flash(_("The conflict is closed.") if closed else _("Somebody had closed this conflict already."),
              "success" if closed else "info")
        return redirect(url_for(".conflicts"), 303)
    return unkept(render_template("verification/conflict.html", conflict=conflict, form=form, words=words))


@bp.route("/ufficio/codici", methods=["GET", "POST"])
@access("verification.codes")
def sheets():
    form = CodesForm()
    if form.accepted():
        answer = _sheet(form)
        if answer:
            return answer
    return render_template("verification/sheets.html", form=form, batches=queries.batches(), words=words)


def _sheet(form):
    """The sheet, which is shown this once: only hashes of its codes are kept."""
    town = db.session.get_one(Municipality, form.municipality.data)
    try:
        made = codes.make(town, number=form.number.data, purpose=form.purpose.data, tie=form.tie.data,
                          expires_at=form.expires_at, actor=me(), form_key=form.form_key)
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return None
    if not made:
        flash(_("This sheet was made already and is shown only once. If you did not get it, cancel it and make "
                "another one."), "info")
        return redirect(url_for(".sheets"), 303)
    links = [(code, config.current().address + url_for("verification.code_in_link", token=code)) for code in made]
    return unkept(render_template("verification/sheet.html", links=links, town=town, last_day=form.last_day.data,
                                  purpose=form.purpose.data.value, qr=qr))


def qr(link):
    """A link to be photographed, as the text of an image."""
    return segno.make(link, error="m").svg_data_uri(scale=3, border=2)


@bp.route("/ufficio/codici/<int:id>/annulla", methods=["POST"])
@access("verification.codes", loads=CodeBatch)
def cancel(batch):
    if codes.cancel(batch, me()):
        flash(_("The codes that nobody has used are worthless now."))
    else:
        flash(_("This sheet was cancelled already."), "info")
    return redirect(url_for(".sheets"), 303)
