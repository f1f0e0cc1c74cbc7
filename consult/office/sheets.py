"""Sheets of codes: made for people of a municipality, to verify them or to let them take part without an account."""

import segno
from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts.views import unkept
from consult.core import config
from consult.core.db import db
from consult.core.forms import argument
from consult.core.web import access, me
from consult.office import queries
from consult.office.forms import VERIFYING, SheetForm
from consult.territory.models import Municipality
from consult.verification import codes, words
from consult.verification.identifiers import UnavailableError
from consult.verification.models import CodeBatch

bp = Blueprint("sheets", __name__)


@bp.route("/ufficio/codici", methods=["GET", "POST"])
@access("verification.codes")
def show():
    form = SheetForm(queries.processes(me()), queries.open_to_codes(me()),
                     data={"good_for": argument("per", 20) or VERIFYING})
    if form.accepted():
        answer = _made(form)
        if answer:
            return answer
    return render_template("office/code_sheets.html", form=form, sheets=queries.sheets(), words=words)


def _made(form):
    """The sheet, which is shown this once: only hashes of its codes are kept."""
    town = db.session.get_one(Municipality, form.municipality.data)
    process_id, activity_id = form.bound_to
    try:
        made = codes.make(town, number=form.number.data, purpose=form.purpose.data, tie=form.tie.data,
                          expires_at=form.expires_at, process_id=process_id, activity_id=activity_id, actor=me(),
                          form_key=form.form_key)
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return None
    if not made:
        flash(_("This sheet was made already and is shown only once. If you did not get it, cancel it and make "
                "another one."), "info")
        return redirect(url_for(".show"), 303)
    links = [(code, config.current().address + url_for("verification.code_in_link", token=code)) for code in made]
    return unkept(render_template("office/code_sheet.html", links=links, town=town, last_day=form.last_day.data,
                                  goal=form.goal, qr=qr))


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
    return redirect(url_for(".show"), 303)
