"""The plan office prepares surveys: overview, order, settings, preview and versions."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import LazyString, force_locale
from flask_babel import gettext as _

from consult.core import pages
from consult.core.config import LANGUAGES
from consult.core.db import StaleVersionError, db
from consult.core.forms import argument
from consult.core.languages import Localized
from consult.core.policy import can
from consult.core.uploads import takes_files
from consult.core.web import access, me
from consult.office.forms import differences
from consult.processes import queries as processes
from consult.processes.models import Activity, Process
from consult.processes.services import TimetableError
from consult.questionnaires import arranging, comparing, definition, library, queries, services, words
from consult.questionnaires.advice import advice
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import faults
from consult.questionnaires.forms import SETTINGS, NewSurveyForm, SettingsForm
from consult.questionnaires.services import RefusedChangeError
from consult.surveys import forms as answering
from consult.surveys import queries as surveys
from consult.surveys.models import QuestionKind, Survey

bp = Blueprint("questionnaires", __name__)


@bp.app_context_processor
def _give_words() -> dict[str, Any]:
    return {"question_kinds": words.KINDS}


@bp.app_template_filter()
def in_reader(text: dict[str, str]) -> Localized:
    """A text of the data of a questionnaire, in the language of whoever reads."""
    return Localized.of(text)


@bp.app_template_filter()
def kind_in_words(value: str) -> LazyString:
    """What the kind of a question is called."""
    return words.KINDS[QuestionKind(value)]


@pages.slot("office.process", position=15)
def _way_in(process: Process) -> str:
    return render_template("questionnaires/survey_link.html", process=process)


@pages.slot("office.activity", position=10)
def _way_to_questions(activity: Activity) -> str:
    if not isinstance(activity, Survey):
        return ""
    survey = surveys.survey(activity.id)
    return render_template("questionnaires/of_activity.html", survey=survey) if survey else ""


def of_office(id: int, **_others: Any) -> Survey | None:
    """A survey with all it asks, whatever else the address names."""
    return surveys.survey(id)


def naming(survey: Survey, data: Data) -> words.Naming:
    """What questions, answers and municipalities are called."""
    return words.Naming(data, queries.towns(survey))


def back(survey: Survey, anchor: str = "") -> Any:
    """To the overview, where somebody has just changed something."""
    return redirect(url_for("questionnaires.show", id=survey.id, _anchor=anchor or None), 303)


def asked(data: Data) -> list[list[str]]:
    """Which questions stand in which section: what must be as seen when they are put in another order."""
    return [[one["code"] for one in section["questions"]] for section in data["sections"]]


@bp.route("/ufficio/percorsi/<slug>/nuovo-questionario", methods=["GET", "POST"])
@access("process.manage", loads=processes.process_called)
def new(process):
    like = request.form.get("like", "") if request.method == "POST" else argument("come", 40)
    data, earlier = _model(like)
    form = NewSurveyForm.after(process, like if data else "", data, earlier)
    if form.accepted():
        try:
            with db.session.begin_nested():
                survey = services.prepare(form.chosen, me(), data=data, **form.values, **form.settings)
        except TimetableError as fault:
            form.refuse(fault)
        except RefusedChangeError as refused:
            form.form_errors += [fault.sentence for fault in refused.faults]
        else:
            flash(_("The survey was prepared. Look through its questions, then make it public."))
            return back(survey)
    return render_template("questionnaires/new.html", process=process, form=form, like=like if data else "",
                           earlier=queries.surveys(me()), ready=library.ready())


def _model(like: str) -> tuple[Data | None, Survey | None]:
    """The questions that a new survey begins with: those of one that is ready, or of an earlier survey."""
    kind, _colon, name = like.partition(":")
    if kind == "pronto":
        return library.questionnaire(name), None
    survey = surveys.survey(int(name)) if kind == "survey" and name.isdigit() and len(name) < 10 else None
    if survey is None or not can(me(), "questionnaire.edit", survey):
        return None, None
    return definition.describe(survey), survey


@bp.route("/ufficio/questionari/<int:id>")
@access("questionnaire.edit", loads=of_office)
def show(survey):
    data, towns = definition.describe(survey), queries.towns(survey)
    return render_template(
        "questionnaires/show.html", survey=survey, data=data, process=survey.phase.process,
        naming=words.Naming(data, towns), faults=faults(data, list(towns)), kinds=words.KIND_GROUPS,
        advice=advice(data, towns, anonymous=survey.anonymous),
        answered=queries.answered(survey), missing=definition.untranslated(data, list(LANGUAGES)))


@bp.route("/ufficio/questionari/<int:id>/ordina", methods=["POST"])
@access("questionnaire.edit", loads=of_office)
def arrange(survey):
    act = _act(request.form.get("act", ""))
    if act is None:
        abort(400)
    seen = request.form.get("version", "")
    try:
        changed = services.alter(survey, me(), act, about=asked,
                                 seen=int(seen) if seen.isdigit() and len(seen) < 9 else -1)
    except StaleVersionError:
        flash(_("Somebody changed the order while you were looking at it. Here it is as it is now: try again."),
                "warning")
    except RefusedChangeError as refused:
        for fault in refused.faults[:5]:
            flash(str(fault.sentence), "warning")
    except (LookupError, ValueError):
        abort(400)
    else:
        if changed:
            flash(_("The survey was changed."))
    code, section = request.form.get("question", ""), request.form.get("section", "")
    return back(survey, f"domanda-{code}" if code else f"sezione-{section}" if section else "")


def _act(name: str) -> Any:
    """What a button of the overview does to the data; None where there is no such button."""
    code, number = request.form.get("question", ""), request.form.get("section", "")
    to, place = request.form.get("to", ""), request.form.get("place", "")
    if any(value and not (value.isdigit() and len(value) < 5) for value in (number, to, place)):
        return None

    def how(data: Data) -> Data:
        if code:
            if definition.question(data, code) is None:
                raise LookupError(code)
            return _of_question(data, name, code, to, place)
        return _of_section(data, name, int(number) - 1, place)

    known = ("up", "down", "double", "remove", *(("to",) if code else ()), "place")
    return how if name in known and (code or number) else None


def _of_question(data: Data, name: str, code: str, to: str, place: str) -> Data:
    if name in ("to", "place"):
        section = int(to) - 1
        if not 0 <= section < len(data["sections"]):
            raise LookupError(to)
        return arranging.placed(data, code, section, int(place) if name == "place" else 10_000)
    return {"up": lambda: arranging.moved(data, code, -1), "down": lambda: arranging.moved(data, code, 1),
            "double": lambda: arranging.doubled(data, code), "remove": lambda: arranging.without(data, code)}[name]()


def _of_section(data: Data, name: str, section: int, place: str) -> Data:
    if not 0 <= section < len(data["sections"]):
        raise LookupError(section)
    return {"up": lambda: arranging.section_placed(data, section, section - 1),
            "down": lambda: arranging.section_placed(data, section, section + 1),
            "place": lambda: arranging.section_placed(data, section, int(place)),
            "double": lambda: arranging.section_doubled(data, section),
            "remove": lambda: arranging.section_removed(data, section)}[name]()


@bp.route("/ufficio/questionari/<int:id>/impostazioni", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def settings(survey):
    form = SettingsForm(data={**{name: getattr(survey, name) for name in SETTINGS}, "version": survey.version})
    if form.accepted():
        try:
            services.settle(survey, me(), seen=form.seen, **form.settings)
        except StaleVersionError:
            return stale(form, url_for(".settings", id=survey.id))
        except RefusedChangeError as refused:
            form.anonymous.errors = [fault.sentence for fault in refused.faults]
        else:
            flash(_("The survey was changed."))
            return back(survey)
    return render_template("questionnaires/settings.html", survey=survey, process=survey.phase.process, form=form)


def stale(form: Any, again: str) -> tuple[str, int]:
    """What others saved beside what was typed."""
    return render_template("errors/stale.html", fields=differences(form), again=again), 409


@bp.route("/ufficio/questionari/<int:id>/anteprima", methods=["GET", "POST"])
@takes_files
@access("questionnaire.edit", loads=of_office)
def preview(survey):
    """As whoever answers sees it, in a language; what is sent is looked at and thrown away."""
    code = argument("in", 2) if argument("in", 2) in LANGUAGES else "it"
    with force_locale(code):
        form = answering.questionnaire(survey, None)
        done = form.complete()
        return render_template("questionnaires/preview.html", survey=survey, process=survey.phase.process, form=form,
                               done=done, code=code)


@bp.route("/ufficio/questionari/<int:id>/versioni")
@access("questionnaire.edit", loads=of_office)
def versions(survey):
    page = queries.versions(survey, after=argument("dopo", 400))
    return render_template("questionnaires/versions.html", survey=survey, process=survey.phase.process, page=page)


@bp.route("/ufficio/questionari/<int:id>/versioni/<int:number>")
@access("questionnaire.edit", loads=of_office)
def version(survey, number):
    found = queries.version(survey, number) or abort(404)
    before = queries.version_before(survey, number)
    changes = comparing.changes(definition.whole(before.definition) if before else definition.blank("questionnaire"),
                                definition.whole(found.definition))
    return render_template("questionnaires/version.html", survey=survey, process=survey.phase.process, version=found,
                           before=before, changes=changes)
