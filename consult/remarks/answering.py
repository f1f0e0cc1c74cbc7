"""Saying what becomes of a remark, and recording what was decided."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import clock
from consult.core.db import StaleVersionError, db
from consult.core.web import access, me
from consult.remarks.models import Remark
from consult.remarks.views import readable
from consult.results import queries, services, words
from consult.results.forms import DecisionForm, OutcomeForm
from consult.results.models import Outcome

bp = Blueprint("remark_answering", __name__)


@bp.route("/osservazioni/<int:id>/esito", methods=["GET", "POST"])
@access("outcome.propose", loads=readable)
def outcome(remark: Remark) -> Any:
    form = OutcomeForm(data=_said(queries.outcome_of(remark)))
    form.offer()
    if form.accepted():
        return _recorded(remark, form, ".outcome", lambda: services.propose_outcome(
            remark, me(), verdict=form.chosen, reasons=form.reasons.data or "", on=form.day, seen=form.seen))
    return _page(remark, form, ".outcome")


@bp.route("/osservazioni/<int:id>/esito/decisione", methods=["GET", "POST"])
@access("outcome.decide", loads=readable)
def decide(remark: Remark) -> Any:
    known = queries.outcome_of(remark) or abort(404)
    form = DecisionForm(data={**_said(known), "decided_by": known.decided_by, "act": known.act,
                              "on": known.decided_on or clock.today()})
    form.offer()
    if form.accepted():
        return _recorded(remark, form, ".decide", lambda: services.decide_outcome(
            known, me(), verdict=form.chosen, reasons=form.reasons.data or "", decided_by=form.decided_by.data or "",
            act=form.act.data or "", on=form.day, seen=form.seen))
    return _page(remark, form, ".decide")


def _said(known: Outcome | None) -> dict[str, Any]:
    if known is None:
        return {"on": clock.today(), "version": "0"}
    return {"verdict": known.verdict.value, "reasons": known.reasons, "on": known.proposed_on,
            "version": str(known.version)}


def _recorded(remark: Remark, form: OutcomeForm, here: str, act: Callable[[], Any]) -> Any:
    """Do it and go back to the remark; what cannot be done is shown again with what was typed."""
    try:
        act()
    except services.OutcomeError as fault:
        form[fault.field].errors = [fault.sentence]
        db.session.rollback()
        return _page(remark, form, here)
    except StaleVersionError:
        db.session.rollback()
        theirs = queries.outcome_of(remark)
        fields = [(_("Outcome"), words.VERDICTS[theirs.verdict] if theirs else "", words.VERDICTS[form.chosen]),
                  (_("Reasons"), theirs.reasons if theirs else "", form.reasons.data)]
        return render_template("errors/stale.html", fields=fields, again=url_for(here, id=remark.id)), 409
    flash(_("The outcome was recorded: it is public, and the author is told."))
    return redirect(url_for("remarks.show", id=remark.id, _anchor="esito"), 303)


def _page(remark: Remark, form: OutcomeForm, here: str) -> str:
    return render_template("remarks/outcome.html", remark=remark, edition=remark.edition, plan=remark.edition.plan,
                           form=form, deciding=isinstance(form, DecisionForm), action=url_for(here, id=remark.id))
