"""The page on which people are verified, in the ways that are open to them."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts.views import unkept
from consult.core import pages
from consult.core.forms import argument
from consult.core.web import access, me
from consult.verification import codes, queries, registers, words
from consult.verification.forms import BringForm, CodeForm, RegisterForm
from consult.verification.identifiers import UnavailableError
from consult.verification.services import VerificationError

bp = Blueprint("verification", __name__)


@bp.route("/profilo/residenza")
@access("verification.ask")
def show():
    return render_template("verification/show.html", found=queries.verifications(me()), words=words,
                           registers=queries.registers(), codes=queries.codes_given(),
                           conflict=queries.waiting_conflict(me()))


@pages.slot("account.profile", position=10)
def on_profile(person):
    return render_template("verification/link.html", person=person)


@bp.route("/profilo/residenza/registro", methods=["GET", "POST"])
@limits.own_guesses
@access("verification.ask")
def register():
    form = RegisterForm()
    if form.accepted():
        answer = _verified(form, lambda: registers.ask(me(), tax_code=form.tax_code.data, born=form.born.data))
        if answer:
            return answer
    return unkept(render_template("verification/register.html", form=form, registers=queries.registers()))


@bp.route("/profilo/residenza/codice", methods=["GET", "POST"])
@limits.own_guesses
@access("verification.ask")
def code():
    form = CodeForm()
    if form.accepted():
        answer = _verified(form, lambda: codes.use(me(), form.code.data, took_part=form.took_part.data),
                           tied=form.took_part.data)
        if answer:
            return answer
    return unkept(render_template("verification/code.html", form=form))


@bp.route("/codice/<token>")
@access("code.bring")
def code_in_link(token):
    """Where the QR of a sheet leads: the code is filled in, and used only when it is sent."""
    signed_in = me().is_authenticated
    form = CodeForm(code=token[:40]) if signed_in else BringForm(code=token[:40], next=argument("next", 400))
    return unkept(render_template("verification/code.html" if signed_in else "verification/bring.html", form=form))


def _verified(form, act, *, tied=False):
    """The answer to whoever was verified, or could not be because somebody was; None, and why, for a wrong guess.

    Somebody `tied` a code to their account with which they had taken part.
    """
    try:
        found = act()
    except VerificationError as refusal:
        limits.failed()
        if queries.waiting_conflict(me()):  # it is kept for the staff: the answer must not be a refusal
            flash(str(refusal.reason), "error")
            return redirect(url_for("verification.show"), 303)
        form.form_errors.append(refusal.reason)
        return None
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return None
    if tied or found is None:
        flash(_("The code is tied to your account: what was done with it counts as yours and cannot be done a second "
                "time. Where you had voted both ways, the vote of your account is left; where you had answered a "
                "questionnaire both ways, both answers stay, as nobody can tell whose they are."))
    if found is not None:
        flash(_("Your residence is verified: you can take part in what is for residents."))
    return redirect(url_for("verification.show"), 303)
