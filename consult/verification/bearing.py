"""Taking part with a code, without an account: bringing it, and giving the browser to whoever comes next."""

from typing import Any

from flask import Blueprint, Flask, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _
from flask_login import AnonymousUserMixin, LoginManager

from consult.accounts import limits
from consult.accounts import services as accounts
from consult.accounts.views import unkept
from consult.core import pages
from consult.core.forms import argument
from consult.core.web import access, local_path, me
from consult.verification import bearers, codes, identifiers
from consult.verification.bearers import Bearer
from consult.verification.forms import BringForm
from consult.verification.identifiers import UnavailableError

bp = Blueprint("bearing", __name__)

CODE = "code"
"""Where the signed cookie of a visitor keeps the hash of the code that was brought."""


def visitor() -> Any:
    """Who asks without having signed in: nobody, or whoever has brought a code."""
    return (bearers.bearer(session[CODE]) if CODE in session else None) or AnonymousUserMixin()


def recognise_visitors(app: Flask) -> None:
    """Have every request know who asks: whoever has signed in or has brought a code, or nobody."""
    manager = LoginManager()
    app.login_manager = manager  # type: ignore[attr-defined] # init_app would ask the session after every answer
    manager.session_protection = None

    def load(_request: Any) -> Any:
        return accounts.who(session.get("sid")) if "sid" in session else None

    manager.request_loader(load)
    manager.anonymous_user = visitor


@bp.route("/codice", methods=["GET", "POST"])
@limits.codes
@access("code.bring")
def bring():
    if me().is_authenticated:
        return redirect(url_for("verification.code"), 303)
    wanted = argument("next", 400)
    form = BringForm(next=local_path(wanted) if wanted else "")
    if form.accepted() and _brought(form):
        return redirect(local_path(form.next.data) if form.next.data else url_for(".bring"), 303)
    return unkept(render_template("verification/bring.html", form=form, bearer=_bearer()))


def _brought(form):
    """True once the browser keeps the code; else why not is in the form."""
    try:
        hash = identifiers.of_one_time_code(codes.tidy(form.code.data))
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return False
    if reason := bearers.why_worthless(hash):
        limits.failed()
        form.form_errors.append(reason)
        return False
    session[CODE] = hash
    return True


@pages.slot("visitor.code")
def field(path):
    """Where a visitor types a code on the page of what they want to take part in, and goes on to `path`."""
    return render_template("verification/field.html", form=BringForm(next=path))


def _bearer():
    return me() if isinstance(me(), Bearer) else None


@bp.route("/codice/fine", methods=["POST"])
@access("code.bring")
def finish():
    session.pop(CODE, None)
    flash(_("The code is no longer kept in this browser: whoever comes next can use their own."))
    return redirect(url_for(".bring"), 303)


@pages.slot("visitor.notice")
def notice(who):
    return render_template("verification/bearer.html", bearer=who) if isinstance(who, Bearer) else ""
