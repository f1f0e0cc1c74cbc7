"""The desk: finding out who somebody is, and copying their paper, which is theirs alone."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts.views import unkept
from consult.core.db import db
from consult.core.web import access, me
from consult.polling import copying, services, words
from consult.polling.forms import WhoForm
from consult.verification import presence
from consult.verification.identifiers import UnavailableError
from consult.verification.presence import AbsentError
from consult.voting import queries as voting
from consult.voting import words as voting_words
from consult.voting.holding import RefusedError
from consult.voting.models import Ballot

bp = Blueprint("desk", __name__)


def found(form: WhoForm, ballot: Ballot) -> Any:
    """Who was named, if they may vote; None, and why not in the form."""
    if not form.accepted():
        return None
    try:
        who = _named(form)
        services.demand_voter(ballot, who, me())
    except AbsentError as absent:
        limits.failed()
        form.form_errors.append(absent.reason)
        return None
    except (RefusedError, UnavailableError) as refusal:
        form.form_errors.append(refusal.reason)
        return None
    return who


def _named(form: WhoForm) -> Any:
    if form.email.data:
        return presence.with_account(form.email.data)
    if form.code.data:
        return presence.with_code(form.code.data)
    return presence.in_register(form.tax_code.data, form.born.data)


@bp.route("/votazioni/<int:id>/carta/sportello", methods=["GET", "POST"])
@limits.own_guesses
@access("polling.desk", loads=voting.ballot)
def take(ballot: Any) -> Any:
    """First who it is, then the paper, then a look at it: nothing is kept before that."""
    form = WhoForm()
    who = found(form, ballot)
    if who is None:
        return unkept(render_template("polling/desk.html", ballot=ballot, form=form, words=words))
    copied = copying.sent(ballot)
    if copied.step == "cast" and copied.sound:
        try:
            services.take(ballot, who, copied.filled.marks, me(), caveats=copied.filled.caveats)
        except RefusedError as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.reason)
            return unkept(render_template("polling/desk.html", ballot=ballot, form=form, words=words))
        flash(_("The paper is in the box. Now it is the next person's turn."))
        return redirect(url_for(".take", id=ballot.id), 303)
    page = "polling/desk_review.html" if copied.sound else "polling/desk_paper.html"
    return unkept(render_template(page, ballot=ballot, form=form, who=_called(who), copied=copied, words=voting_words))


def _called(who: Any) -> str:
    """How the clerk sees whom the paper is for: by the name of the account, else by the municipality."""
    name = getattr(who, "display_name", None)
    return str(name or _("Somebody from %(name)s", name=who.municipality.name))
