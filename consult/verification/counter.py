"""The pages of the staff: the desk and conflicts."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts import queries as accounts
from consult.accounts.services import normalised
from consult.accounts.views import unkept
from consult.core import pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.verification import desk, queries, services, words
from consult.verification.forms import CloseForm, DeskForm, FindForm
from consult.verification.identifiers import UnavailableError
from consult.verification.models import Conflict
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
