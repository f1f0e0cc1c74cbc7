"""Questionnaires: what they are about, filling them in, what came out, and the texts for the plan office."""

import segno
from flask import Blueprint, abort, make_response, redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _l

from consult.core import charts, codes, config, disclosure, files, keys, once, uploads
from consult.core.db import db
from consult.core.policy import Verdict, can
from consult.core.web import RefusedError, access, limiter, me, network, require
from consult.places import queries as places
from consult.processes import audience
from consult.processes import queries as processes
from consult.surveys import forms, live, policy, queries, services, statistics
from consult.surveys.answers import ASKING, TEXTS, BadAnswerError
from consult.surveys.models import QuestionKind, Survey

bp = Blueprint("surveys", __name__)

RECEIPT = "receipt"
"""Where the session of the browser holds a code until it is told."""
TOLD_ONE_BY_ONE = TEXTS | {QuestionKind.FILE, QuestionKind.PLACE}
"""Kinds whose answers no figure tells."""
LEAST_KEY = 20
"""So long is the key of every form that was made here."""
LOST = _l("Who has already taken part can no longer be told, so no more answers can be taken. "
          "Please tell the plan office.")
CHANGED = _l("The questions were changed while you were answering. What you wrote to those that are still asked is "
             "here: look at it once more, then send it.")


def public(id: int) -> Survey | None:
    """A questionnaire, unknown to whoever may not read it, whatever is asked of it."""
    survey = queries.survey(id)
    if survey is not None:
        require("survey.read", survey)
    return survey


@bp.route("/questionari/<int:id>")
@access("survey.read", loads=queries.survey)
def show(survey):
    asked = [question for question in queries.questions(survey) if question.kind in ASKING]
    may = can(me(), "survey.answer", survey)
    return render_template("surveys/show.html", survey=survey, may=may, questions=asked,
                           once_each=queries.once_each(survey),
                           sent=not may and queries.by_person(survey, me()) is not None)


@bp.route("/questionari/<int:id>/compila", methods=["GET", "POST"])
@uploads.takes_files
@access("survey.answer", loads=public)
@limiter.limit("30 per hour", key_func=network, methods=["POST"], exempt_when=lambda: me().get_id() is not None,
               deduct_when=lambda response: response.status_code == 303)
def answer(survey):
    person = me() if audience.somebody(me(), survey) else None
    form = forms.questionnaire(survey, person)
    if not form.complete():
        return render_template("surveys/answer.html", survey=survey, form=form)
    code = _code_of(survey.id, form.once.data)
    try:
        services.answer(survey, person, municipality_id=form.municipality_id(), given=form.answers(), receipt=code,
                        channel=audience.channel_of(person), seed=form.order, form=form.once.data,
                        saved=form.saved.data)
    except BadAnswerError:
        return asked_again(survey)
    except services.AlreadyAnsweredError:
        refuse(policy.not_answered.sentence(person, survey))
    except services.NotOpenError as closed:
        refuse(closed.reason)
    except keys.KeyLostError:
        refuse(LOST)
    session[RECEIPT] = [survey.id, code]  # told once, on the page that follows, and kept by the browser until then
    return redirect(url_for(".thanks", id=survey.id), 303)


def _code_of(survey_id, form):
    """The code of the receipt for a form: sent again, because the answer was lost on its way, it is told again.

    The form has its random key from this page and it is kept nowhere: the database and the secret do not tell the code.
    """
    if len(form or "") < LEAST_KEY:
        return codes.new()
    return codes.derived(config.current().secret_key, RECEIPT, f"{survey_id}\0{form}")


@once.sent_again("surveys.answer")
def _tell_again(form):
    survey_id = (request.view_args or {})["id"]
    session[RECEIPT] = [survey_id, _code_of(survey_id, form)]


def asked_again(survey, *, changing=False, **form):
    """The questionnaire as it is asked since just now, with what was written: some of it is no answer any more."""
    db.session.rollback()
    again = forms.questionnaire(survey, me() if audience.somebody(me(), survey) else None, **form)
    again.complete()
    again.note = CHANGED
    return render_template("surveys/answer.html", survey=survey, form=again, changing=changing)


def refuse(reason):
    """Answer that this cannot be done, with the reason; nothing of it is kept."""
    db.session.rollback()
    raise RefusedError("survey.answer", Verdict(False, reason))


@bp.route("/questionari/<int:id>/illustrazioni/<int:question>")
@access("survey.read", loads=lambda **address: queries.survey(address["id"]))
def image(survey, question):
    """The picture of a question, to whoever may read the questionnaire."""
    token = next((one.image for one in queries.questions(survey) if one.id == question), None)
    return (token and files.picture(token)) or abort(404)


@bp.route("/questionari/file/<token>")
@access("survey.file", loads=queries.file)
def file(answered):
    """A file that was answered with, under a name that says nothing."""
    kind = files.kind_of(answered.token)
    name = f"questionario-{answered.survey_id}-{answered.token[:8]}{files.SUFFIXES.get(kind, '')}"
    return files.answer(answered.token, size=files.Size.LARGE, name=name, mimetype=kind) or abort(404)


@bp.route("/questionari/<int:id>/grazie")
@access("survey.read", loads=queries.survey)
def thanks(survey):
    told = session.pop(RECEIPT, None) if RECEIPT in session else None
    code = told[1] if told and told[0] == survey.id else None
    link = code and config.current().address + url_for("receiving.receipt", id=survey.id) + "#" + code
    page = make_response(render_template("surveys/thanks.html", survey=survey, code=code, square=link and square(link)))
    if code:
        page.headers["Cache-Control"] = "no-store"
    return page


def square(link):
    """A link to be photographed, as the text of an image."""
    return segno.make(link, error="m").svg_data_uri(scale=4, border=2)


@bp.route("/questionari/<int:id>/risultati")
@access("survey.results", loads=public)
def results(survey):
    if survey.over():
        return redirect(url_for("results.show", id=survey.id), 303)
    staff = bool(can(me(), "survey.texts", survey))
    sheet = statistics.sheet(survey) if staff else live.shown(survey)
    return render_template("surveys/results.html", survey=survey, sheet=sheet, staff=staff,
                           shown=[(charts.written(f.value, f.unit), f.label) for f in sheet.figures] if sheet else [])


@bp.route("/questionari/<int:id>/testi")
@access("survey.texts", loads=public)
def texts(survey):
    asked = [question for question in queries.questions(survey) if question.kind in TOLD_ONE_BY_ONE
             or any(option.other for option in question.options)]
    wanted = request.args.get("domanda")
    question = next((q for q in asked if str(q.id) == wanted), asked[0] if asked and wanted is None else None)
    if question is None and asked:
        abort(404)
    page = queries.texts(question, after=request.args.get("dopo")) if question else None
    drawing = (question and question.kind is QuestionKind.PLACE and places.drawing(survey.phase.process.authority_id))
    return render_template(
        "surveys/texts.html", survey=survey, questions=asked, question=question, page=page, places=_places(survey),
        drawing=drawing, points=[_point(text, drawing) for text, _town in page.items] if page and drawing else [],
        form_of=lambda token: files.SUFFIXES.get(files.kind_of(token) or "", "").removeprefix(".").upper())


def _point(text, drawing):
    """A place as it stands on the map: latitude, longitude, and the name of the municipality in which it lies."""
    latitude, longitude = map(float, text.split())
    town = drawing.territory.municipality_at(latitude, longitude)
    return latitude, longitude, town.name if town else ""


def _places(survey):
    """The names of municipalities from which so many answered that the name points to nobody."""
    counts = queries.submissions_by_place(survey)
    return {place.id: place.name for place in processes.municipalities(survey.phase.process)
            if counts[place.id] >= disclosure.MINIMUM}
