"""Weighting a questionnaire: by what, to which numbers, and what comes of it."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import languages, pages, richtext
from consult.core.db import StaleVersionError, db
from consult.core.forms import VersionedForm, argument
from consult.core.policy import can
from consult.core.spreadsheet import table_as_csv
from consult.core.web import access, me
from consult.surveys.views import public
from consult.weighting import figures, margins, queries, services
from consult.weighting.forms import PlanForm, margins_form

bp = Blueprint("weighting", __name__)


@bp.route("/questionari/<int:id>/pesi")
@access("weighting.see", loads=public)
def show(survey):
    return _page(survey)


@bp.route("/questionari/<int:id>/pesi", methods=["POST"], endpoint="plan")
@access("weighting.set", loads=public)
def plan(survey):
    form = PlanForm.of(survey, queries.weighting_of(survey))
    if not form.accepted():
        return _page(survey, plan_form=form)
    try:
        services.set_plan(survey, me(), form.plan, version=form.seen)
    except StaleVersionError:
        return _stale(survey)
    flash(_("It is kept by what the survey is weighted."))
    return redirect(url_for(".show", id=survey.id), 303)


@bp.route("/questionari/<int:id>/pesi/popolazione", methods=["POST"], endpoint="margins")
@access("weighting.set", loads=public)
def numbers(survey):
    weighting = queries.weighting_of(survey) or abort(404)
    form = margins_form(weighting, figures.weighted(survey, weighting).known)
    if not form.accepted():
        return _page(survey, form=form)
    try:
        services.set_margins(weighting, me(), form.margins(), version=form.seen)
    except StaleVersionError:
        return _stale(survey)
    flash(_("The numbers of the population are kept."))
    return redirect(url_for(".show", id=survey.id), 303)


@bp.route("/questionari/<int:id>/pesi/indicatori", methods=["POST"], endpoint="take")
@access("weighting.set", loads=public)
def take(survey):
    weighting = queries.weighting_of(survey) or abort(404)
    form = VersionedForm()
    offers = margins.offers(survey, figures.weighted(survey, weighting).known)
    if not form.accepted():
        return _page(survey)
    try:
        services.take_margins(weighting, me(), offers, version=form.seen)
    except StaleVersionError:
        return _stale(survey)
    flash(_("The numbers are now those of the indicators. Look at them: you can still change them."))
    return redirect(url_for(".show", id=survey.id, _anchor="population"), 303)


@bp.route("/questionari/<int:id>/pesi.csv")
@access("weighting.see", loads=public)
def table(survey):
    weighting = queries.weighting_of(survey) or abort(404)
    code = argument("domanda")
    found = figures.tables(survey, weighting, figures.weighted(survey, weighting))
    wanted = next((one for one in found if one.code == code), None) or abort(404)
    return Response(table_as_csv(wanted, languages.current(), _("n. s.")), mimetype="text/csv", headers={
        "Content-Disposition": f'attachment; filename="pesi-{survey.id}-{richtext.slug(code)}.csv"'})


def _stale(survey):
    """Somebody was faster: the page as it is now, with what to do."""
    db.session.rollback()
    return _page(survey, conflict=True), 409


def _page(survey, plan_form=None, form=None, *, conflict=False):
    weighting, found, tables, offers = queries.weighting_of(survey), None, [], []
    if weighting:
        found = figures.weighted(survey, weighting)
        tables = figures.tables(survey, weighting, found)
        form = form or margins_form(weighting, found.known)
        offers = margins.offers(survey, found.known)
    return render_template(
        "weighting/show.html", survey=survey, weighting=weighting, found=found, form=form, conflict=conflict,
        plan_form=plan_form or PlanForm.of(survey, weighting), tables=tables,
        offers={offer.trait: offer for offer in offers},
        sources={source.trait: source for source in weighting.sources} if weighting else {})


@pages.slot("results.below", position=60)
@pages.slot("survey.below", position=60)
def _link(activity):
    if activity.kind != "survey" or not can(me(), "weighting.see", activity):
        return ""
    return render_template("weighting/link.html", survey=activity)
