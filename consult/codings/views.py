"""Pages of the plan office: what people wrote, its codes, reading, differences and agreement."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.codings import agreement, counting, queries, reading, services, suggesting
from consult.codings import asked as askings
from consult.codings.forms import CodeEditForm, CodeForm, MergeForm, ReadingForm
from consult.codings.models import DECIDED
from consult.core import disclosure, pages
from consult.core.db import StaleVersionError, db
from consult.core.policy import can
from consult.core.web import RefusedError, access, me
from consult.surveys.models import Survey
from consult.surveys.queries import survey as survey_called

bp = Blueprint("codings", __name__, url_prefix="/ufficio/questionari/<int:id>/codifica")


def loaded(id: int, question: int, **_address: object) -> askings.Asked | None:
    """The question in the address, if it is answered in people's own words."""
    return askings.one(id, question)


@pages.slot("survey.texts")
def link(survey: Survey) -> str:
    return render_template("codings/link.html", survey=survey) if can(me(), "coding.see", survey) else ""


@pages.slot("results.below", position=20)
def results(activity: object) -> str:
    """While a survey is open the codes are for the staff; once it is over those of finished codings are public."""
    if not isinstance(activity, Survey):
        return ""
    if activity.over():
        return render_template("codings/results.html", tables=counting.finished(activity), provisional=False)
    if not can(me(), "coding.see", activity):
        return ""
    begun = [one for one in askings.of_survey(activity) if one.codebook is not None]
    tables = list(counting.tables(begun, counting.ground_of(activity)))
    return render_template("codings/results.html", tables=tables, provisional=True)


@bp.route("")
@access("coding.see", loads=survey_called)
def overview(survey):
    questions = askings.of_survey(survey)
    return render_template("codings/overview.html", survey=survey, questions=questions,
                           progress=queries.progress_of(questions), codes=counting.codes_of(questions))


@bp.route("/<int:question>")
@access("coding.see", loads=loaded)
def show(asked):
    coders = queries.coders(asked)
    return render_template(
        "codings/show.html", asked=asked, survey=asked.survey, codes=queries.codes(asked), uses=queries.uses(asked),
        merged=queries.merged(asked), coders=coders, names=queries.names(coders.values()),
        progress=queries.progress(asked), minimum=disclosure.MINIMUM)


@bp.route("/<int:question>/codici/nuovo", methods=["GET", "POST"])
@access("coding.codebook", loads=loaded)
def add(asked):
    form = CodeForm()
    if form.accepted():
        try:
            services.add_code(asked, me(), **form.values)
        except services.CodeError as fault:
            form.name_it.errors = [fault.sentence]
        else:
            flash(_("The code was added."))
            return redirect(here(asked), 303)
    return render_template("codings/code.html", asked=asked, survey=asked.survey, code=None, form=form)


@bp.route("/<int:question>/codici/<int:code>", methods=["GET", "POST"])
@access("coding.codebook", loads=loaded)
def change(asked, code):
    known = _code(asked, code)
    form = CodeEditForm.of(known)
    if form.accepted():
        try:
            services.change_code(asked, known, me(), **form.values, seen=form.seen)
        except services.CodeError as fault:
            form.name_it.errors = [fault.sentence]
        except StaleVersionError:
            return stale([(_("Name"), known.name, form.name_it.data),
                          (_("Definition"), known.definition, form.definition_it.data)])
        else:
            flash(_("Saved."))
            return redirect(here(asked), 303)
    return render_template("codings/code.html", asked=asked, survey=asked.survey, code=known, form=form)


@bp.route("/<int:question>/codici/<int:code>/sposta", methods=["POST"])
@access("coding.codebook", loads=loaded)
def move(asked, code):
    services.move_code(asked, _code(asked, code), me(), by=1 if request.form.get("where") == "down" else -1)
    return redirect(here(asked), 303)


@bp.route("/<int:question>/codici/<int:code>/ritira", methods=["POST"])
@access("coding.codebook", loads=loaded)
def retire(asked, code):
    retired = request.form.get("again") is None
    services.retire(_code(asked, code), me(), retired=retired)
    flash(_("The code is no longer offered. Where it was found it stays.") if retired
          else _("The code is offered again."))
    return redirect(here(asked), 303)


@bp.route("/<int:question>/codici/<int:code>/unisci", methods=["GET", "POST"])
@access("coding.codebook", loads=loaded)
def merge(asked, code):
    known = _code(asked, code)
    form = MergeForm(known, queries.codes(asked))
    if form.accepted():
        try:
            services.merge(asked, known, _code(asked, form.into.data), me(), seen=form.seen)
        except StaleVersionError:
            return stale([(_("Name"), known.name, known.name)], here(asked))
        flash(_("The two codes are one now."))
        return redirect(here(asked), 303)
    return render_template("codings/merge.html", asked=asked, survey=asked.survey, code=known, form=form)


@bp.route("/<int:question>/leggi", methods=["GET", "POST"])
@access("coding.code", loads=loaded)
def read(asked):
    seat = queries.seat_for(asked, me()) or abort(404)
    which = queries.MINE if request.args.get("vista") == "lette" else queries.TO_READ
    codes = queries.codes(asked)
    page = queries.to_code(asked, seat, which, after=request.args.get("dopo"))
    form = ReadingForm(page.items, seat, codes)
    if form.accepted():
        try:
            kept = reading.save(asked, me(), form.found, form.seen)
        except reading.NoSeatError:
            db.session.rollback()
            raise RefusedError("coding.code", can(me(), "coding.code", asked)) from None
        except reading.StaleReadingError as fault:
            return _stale_reading(fault, form, codes, seat)
        _say_kept(kept)
        return redirect(request.full_path.rstrip("?"), 303)
    return render_template(
        "codings/read.html", asked=asked, survey=asked.survey, page=page, form=form, codes=codes, seat=seat,
        mine=which == queries.MINE, progress=queries.progress(asked),
        hints=suggesting.hints(asked, page.items, seat, codes))


@bp.route("/<int:question>/differenze", methods=["GET", "POST"])
@access("coding.decide", loads=loaded)
def decide(asked):
    decided = request.args.get("vista") == "decise"
    codes = queries.codes(asked)
    page = queries.to_decide(asked, decided=decided, after=request.args.get("dopo"))
    form = ReadingForm(page.items, DECIDED, codes)
    if form.accepted():
        try:
            kept = reading.decide(asked, me(), form.found, form.seen)
        except reading.StaleReadingError as fault:
            return _stale_reading(fault, form, codes, DECIDED)
        _say_kept(kept)
        return redirect(request.full_path.rstrip("?"), 303)
    coders = queries.coders(asked)
    deciders = {answer.decided_by_id for answer in page.items}
    return render_template(
        "codings/decide.html", asked=asked, survey=asked.survey, page=page, form=form, codes=codes, decided=decided,
        coders=coders, names=queries.names({*coders.values(), *deciders}), progress=queries.progress(asked))


@bp.route("/<int:question>/esito")
@access("coding.see", loads=loaded)
def outcome(asked):
    codes = queries.codes(asked)
    return render_template(
        "codings/outcome.html", asked=asked, survey=asked.survey, agreement=agreement.agreement(asked, codes),
        tables=counting.of_question(asked), progress=queries.progress(asked))


@bp.route("/<int:question>/concludi", methods=["POST"])
@access("coding.finish", loads=loaded)
def finish(asked):
    services.finish(asked, me())
    flash(_("The coding is finished. Its counts stand with the results of the survey."))
    return redirect(here(asked), 303)


@bp.route("/<int:question>/lettori/<int:seat>/subentra", methods=["POST"])
@access("coding.take_over", loads=loaded)
def take_over(asked, seat):
    try:
        services.take_over(asked, seat, me())
    except services.CodeError as fault:
        flash(str(fault.sentence), "error")
    else:
        flash(_("You read in their place now. What they read stays."))
    return redirect(here(asked), 303)


def here(asked):
    """The page of a question."""
    return url_for("codings.show", id=asked.survey.id, question=asked.question.id)


def stale(fields, again=None):
    """Somebody was faster: both texts, nothing lost."""
    return render_template("errors/stale.html", fields=fields, again=again or request.path), 409


def _code(asked, id):
    return queries.code(asked, id) or abort(404)


def _say_kept(number):
    flash(_("Saved.") if number else _("There was nothing new to save."))


def _stale_reading(fault, form, codes, seat):
    names = {code.id: str(code.name) for code in codes}

    def said(ids):
        return ", ".join(names[id] for id in sorted(ids) if id in names) or _("None of the codes fits")

    fields = [(answer.text or _("An answer that is no longer there"),
               said(answer.codes[seat]) if seat in answer.codes else _("Not read"),
               said(form.found.get(answer.key, ()))) for answer in fault.answers]
    return stale(fields)
