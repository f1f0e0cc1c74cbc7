"""Pages of quotes: choosing them in the plan office, and showing them with the results."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.codings import quoting, services
from consult.codings.asked import Asked
from consult.codings.asked import one as question_asked
from consult.codings.forms import ConsentForm, QuoteForm
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.policy import can
from consult.core.web import access, me
from consult.surveys.models import Survey

bp = Blueprint("quotes", __name__, url_prefix="/ufficio/questionari/<int:id>/codifica/<int:question>/citazioni")


def loaded(id: int, question: int, **_address: object) -> Asked | None:
    """The question in the address, if it is answered in people's own words."""
    return question_asked(id, question)


@pages.slot("results.below", position=30)
def quotes(activity: Any) -> str:
    """The quotes of a survey, to whoever may see its results."""
    if not isinstance(activity, Survey) or not can(me(), "survey.results", activity):
        return ""
    found = quoting.published(activity)
    return render_template("codings/quotes.html", found=found) if found else ""


@bp.route("", methods=["GET", "POST"])
@access("coding.quote", loads=loaded)
def choose(asked: Asked) -> Any:
    """Which question asks for consent, and the answers that can be quoted."""
    form = ConsentForm(asked)
    if form.accepted():
        try:
            services.choose_consent(asked, form.consent.data, me(), seen=form.seen)
        except StaleVersionError:
            names = {str(value): str(label) for value, label, *_rest in form.consent.iter_choices()}
            known = question_asked(asked.survey.id, asked.question.id)
            now = known.codebook.consent_id if known and known.codebook else None
            return render_template("errors/stale.html", again=request.path, fields=[
                (form.consent.label.text, names.get(str(now or ""), ""),
                 names.get(str(form.consent.data or ""), ""))]), 409
        flash(_("Saved."))
        return redirect(_here(asked), 303)
    return render_template("codings/citing.html", asked=asked, survey=asked.survey, form=form,
                           page=quoting.quotable(asked, after=request.args.get("dopo")), chosen=quoting.chosen(asked))


@bp.route("/<submission>/<int:option>", methods=["GET", "POST"])
@access("coding.quote", loads=loaded)
def quote(asked: Asked, submission: str, option: int) -> Any:
    answer = _answer(asked, submission, option)
    place = quoting.places(asked).get(answer.municipality_id or 0, "")
    known = answer.quote
    form = QuoteForm(data={"text": known.text if known else answer.text, "version": known.version if known else 0,
                           "with_place": bool(known and known.with_place and place)})
    if not place:
        del form.with_place
    if form.accepted():
        try:
            quoting.choose(asked, answer, me(), text=form.text.data or "", seen=form.seen,
                           with_place=bool(place and form.with_place.data))
        except quoting.QuoteError as fault:
            form.text.errors = [fault.sentence]
        except StaleVersionError:
            now = _answer(asked, submission, option).quote
            return render_template("errors/stale.html", again=request.path, fields=[
                (form.text.label.text, now.text if now else "", form.text.data)]), 409
        else:
            flash(_("A moderator reads the quote first. Then it stands with the results, as soon as they are public."))
            return redirect(_here(asked), 303)
    return render_template("codings/quote.html", asked=asked, survey=asked.survey, answer=answer,
                           place=place, form=form)


@bp.route("/<submission>/<int:option>/togli", methods=["POST"])
@access("coding.quote", loads=loaded)
def remove(asked: Asked, submission: str, option: int) -> Any:
    quoting.remove(asked, _answer(asked, submission, option), me())
    flash(_("The quote was removed."))
    return redirect(_here(asked), 303)


def _answer(asked: Asked, submission: str, option: int) -> quoting.Quotable:
    found = quoting.one(asked, (submission[:32], option))
    return found or abort(404)


def _here(asked: Asked) -> str:
    return url_for(".choose", id=asked.survey.id, question=asked.question.id)
