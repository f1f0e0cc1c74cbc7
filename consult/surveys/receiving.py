"""Pages of codes: saving what was filled in and going on with it elsewhere, finding and changing what was sent."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, StringField
from wtforms.validators import DataRequired, Length

from consult.accounts.views import unkept
from consult.core import codes, config, uploads
from consult.core.forms import Form
from consult.core.policy import can
from consult.core.web import access, limiter, me, network
from consult.processes import audience
from consult.processes import queries as processes
from consult.resuming import services as resuming
from consult.surveys import forms, piping, queries, services
from consult.surveys.answers import ASKING, BadAnswerError
from consult.surveys.views import asked_again, public, refuse, square

bp = Blueprint("receiving", __name__)

OFTEN = "60 per hour"
UNKNOWN = _l("There is nothing with this code. Check each letter and digit: the code has four groups of four.")


class CodeForm(Form):
    """Asks for a code; once it is known it need not be typed again."""

    code = StringField(_l("Code"), [DataRequired(_l("Write the code.")), Length(max=codes.LONGEST)],
                       description=_l("Four groups of four letters and digits, for example ABCD-EFGH-JKLM-2345."))


class OpenForm(Form):
    """Opens for change what belongs to a code."""

    receipt = HiddenField()


@bp.route("/questionari/<int:id>/conserva", methods=["POST"])
@uploads.takes_files
@access("survey.answer", loads=public)
@limiter.limit(OFTEN, key_func=network)
def save(survey):
    person = me() if audience.somebody(me(), survey) else None
    form = forms.questionnaire(survey, person)
    code = resuming.save(survey, form.everything(), code=form.saved.data or "")
    link = config.current().address + url_for(".resume", id=survey.id) + "#" + code
    return unkept(render_template("surveys/saved.html", survey=survey, code=code, link=link, square=square(link)))


@bp.route("/questionari/<int:id>/riprendi", methods=["GET", "POST"])
@access("survey.answer", loads=public)
@limiter.limit(OFTEN, key_func=network, methods=["POST"])
def resume(survey):
    asking = CodeForm()
    filled = resuming.find(survey, asking.code.data) if asking.accepted() else None
    if filled is None:
        if asking.code.data and not asking.errors:
            asking.code.errors = [UNKNOWN]
        return render_template("surveys/resume.html", survey=survey, form=asking)
    person = me() if audience.somebody(me(), survey) else None
    form = forms.questionnaire(survey, person, sent=MultiDict([*filled, ("saved", codes.plain(asking.code.data))]))
    form.open()
    return unkept(render_template("surveys/answer.html", survey=survey, form=form))


@bp.route("/questionari/<int:id>/ricevuta", methods=["GET", "POST"])
@access("survey.receipt", loads=public)
@limiter.limit(OFTEN, key_func=network, methods=["POST"])
def receipt(survey):
    asking = CodeForm()
    submission = (queries.by_receipt(survey, asking.code.data) if asking.accepted()
                  else None if request.method == "POST" else queries.by_person(survey, me()))
    if submission is None:
        if asking.code.data and not asking.errors:
            asking.code.errors = [UNKNOWN]
        return render_template("surveys/receipt.html", survey=survey, form=asking)
    opening = OpenForm(formdata=None)
    opening.receipt.data = codes.plain(asking.code.data or "")
    return unkept(render_template("surveys/received.html", survey=survey, said=_in_words(survey, submission),
                                  form=opening, may=can(me(), "survey.change", survey)))


@bp.route("/questionari/<int:id>/cambia", methods=["POST"])
@uploads.takes_files
@access("survey.change", loads=public)
@limiter.limit(OFTEN, key_func=network)
def change(survey):
    code = request.form.get("receipt", "")
    submission = queries.by_receipt(survey, code) if code else queries.by_person(survey, me())
    if submission is None:
        return redirect(url_for(".receipt", id=survey.id), 303)
    first = "part" not in request.form
    form = forms.questionnaire(survey, None, residence=False,
                               sent=MultiDict([("receipt", codes.plain(code))]) if first else None)
    form.full = queries.full(survey) - {answer.option_id for answer in submission.answers}
    if first:
        form.fill(queries.given(survey, submission), submission.seed)
    if first or not form.complete():
        return unkept(render_template("surveys/answer.html", survey=survey, form=form, changing=True))
    try:
        services.change(survey, code, given=form.answers(), seed=form.order, person=me())
    except BadAnswerError:
        return asked_again(survey, changing=True, residence=False)
    except services.NotOpenError as closed:
        refuse(closed.reason)
    flash(_("Your answers were changed. The code of your receipt stays the same.") if code
          else _("Your answers were changed."))
    return redirect(url_for("surveys.show", id=survey.id), 303)


def _in_words(survey, submission):
    """What was answered, question by question."""
    given = queries.given(survey, submission)
    names = {place.istat_code: place.name for place in processes.municipalities(survey.phase.process)}
    asked = [question for question in queries.questions(survey) if question.kind in ASKING and question.code in given]
    said = {question.code: piping.in_words(question, given[question.code], names) for question in asked}
    return [(piping.filled(question.prompt, said), question.kind, said[question.code]) for question in asked]
