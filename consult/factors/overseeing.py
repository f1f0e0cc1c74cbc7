"""Pages of the administrator: who of the staff has a second factor, and taking lost ones away."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.accounts.services import normalised
from consult.core.forms import Form, tidy
from consult.core.web import access, me
from consult.factors import queries, services
from consult.factors.forms import ResetForm

bp = Blueprint("overseeing", __name__)


@bp.route("/ufficio/secondo-passo", methods=["GET", "POST"])
@access("factor.oversee")
def staff():
    form = ResetForm()
    if form.accepted():
        person = accounts.by_email(normalised(form.email.data))
        if person is not None and person.second_factor_since is not None:
            return render_template("factors/reset.html", form=Form(), person=person)
        form.email.errors = [_("Nobody with this address has a second step.")]
    return render_template("factors/staff.html", form=form, people=queries.staff())


def named() -> Person | None:
    """Whose address was typed on the page before."""
    return accounts.by_email(normalised(tidy(request.form.get("email", "")[:300])))


@bp.route("/ufficio/secondo-passo/togli", methods=["POST"])
@access("factor.reset", loads=named)
def reset(person):
    if person.second_factor_since is None:
        flash(_("This person has no second step."), "info")
    else:
        services.reset(person, actor=me())
        flash(_("The second step is taken away; the person was told by mail and signed out everywhere."))
    return redirect(url_for(".staff"), 303)
