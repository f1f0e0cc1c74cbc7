"""Pages on which the plan office writes sections, questions, conditions and translations."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core.config import LANGUAGES
from consult.core.db import StaleVersionError
from consult.core.forms import argument, one_for_each_language
from consult.core.languages import Localized
from consult.core.uploads import received, takes_files
from consult.core.web import access, me
from consult.questionnaires import arranging, definition, forms, queries, services, words
from consult.questionnaires.definition import Data
from consult.questionnaires.faults import faults
from consult.questionnaires.services import RefusedChangeError
from consult.questionnaires.views import back, naming, of_office, stale
from consult.surveys import paths
from consult.surveys import queries as surveys
from consult.surveys.answers import MATRICES
from consult.surveys.models import QuestionKind, Survey

bp = Blueprint("questionnaires_editing", __name__)


def save(survey: Survey, form: Any, how: Callable[[Data], Data], about: Callable[[Data], Any], again: str,
         anchor: str = "") -> Any:
    """Change the questionnaire; None where what is wrong now stands in the form."""
    try:
        services.alter(survey, me(), how, about=about, seen=form.seen,
                       note=(form.note.data or "") if "note" in form else "")
    except StaleVersionError:
        return stale(form, again)
    except RefusedChangeError as refused:
        form.form_errors += [fault.sentence for fault in refused.faults]
        return None
    flash(_("The survey was changed."))
    return back(survey, anchor)


@bp.route("/ufficio/questionari/<int:id>/sezioni/nuova", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def new_section(survey):
    form = forms.SectionForm(data={"version": survey.definition_version})
    if form.accepted():
        made = definition.blank("section", **form.said)
        answer = save(survey, form, lambda data: {**data, "sections": [*data["sections"], made]},
                      lambda data: len(data["sections"]), url_for(".new_section", id=survey.id),
                      f"sezione-{len(survey.sections) + 1}")
        if answer:
            return answer
    return render_template("questionnaires/section.html", survey=survey, process=survey.phase.process, form=form,
                           section=None, number=None, answered=queries.answered(survey))


@bp.route("/ufficio/questionari/<int:id>/sezioni/<int:number>", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def section(survey, number):
    data = definition.describe(survey)
    if not 0 < number <= len(data["sections"]):
        abort(404)
    one = data["sections"][number - 1]
    form = forms.SectionForm(data={"version": survey.definition_version, **one_for_each_language(
        title=Localized.of(one["title"]), intro=Localized.of(one["intro"]))})
    if form.accepted():
        answer = save(survey, form, lambda data: _with_section(data, number - 1, form.said),
                      lambda data: [(each["title"], each["intro"]) for each in data["sections"]],
                      url_for(".section", id=survey.id, number=number), f"sezione-{number}")
        if answer:
            return answer
    return render_template("questionnaires/section.html", survey=survey, process=survey.phase.process, form=form,
                           section=one, number=number, answered=queries.answered(survey),
                           naming=naming(survey, data))


def _with_section(data: Data, place: int, said: Data) -> Data:
    sections = [{**each, **said} if at == place else each for at, each in enumerate(data["sections"])]
    return {**data, "sections": sections}


@bp.route("/ufficio/questionari/<int:id>/sezioni/<int:number>/nuova-domanda", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def new_question(survey, number):
    kind = next((kind for kind in QuestionKind if kind.value == argument("tipo", 24)), None)
    if kind is None or not 0 < number <= len(survey.sections):
        abort(404)
    one = _beginning(kind)
    form = forms.question_form(kind, rows=forms.rows_of(kind, one, request.form))(
        data={**forms.filled_in(one, kind), "version": survey.definition_version})
    if form.accepted():
        def how(data: Data) -> Data:
            said = form.question(one)
            code = arranging.new_code(said["prompt"].get("it", ""), arranging.codes(data), "domanda")
            return arranging.with_question(data, {**said, "code": code}, number - 1)

        answer = save(survey, form, how, lambda data: len(data["sections"]),
                      url_for(".new_question", id=survey.id, number=number, tipo=kind.value), f"sezione-{number}")
        if answer:
            return answer
    return _question_page(survey, form, kind, None, number)


def _beginning(kind: QuestionKind) -> Data:
    """What a new question of a kind begins with."""
    one = definition.blank("question", kind=kind.value)
    if kind is QuestionKind.YES_NO:
        one["options"] = [
            definition.blank("option", code="yes", label={"it": "Sì", "en": "Yes", "de": "Ja", "fr": "Oui"}),
            definition.blank("option", code="no", label={"it": "No", "en": "No", "de": "Nein", "fr": "Non"})]
    if kind is QuestionKind.SCALE:
        one.update(minimum=1, maximum=5)
    if kind is QuestionKind.POINTS:
        one.update(maximum=100)
    return one


@bp.route("/ufficio/questionari/<int:id>/domande/<code>", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def question(survey, code):
    data = definition.describe(survey)
    one = definition.question(data, code) or abort(404)
    kind = QuestionKind(one["kind"])
    form = forms.question_form(kind, rows=forms.rows_of(kind, one, request.form), pictured=bool(one["image"]))(
        data={**forms.filled_in(one, kind), "version": survey.definition_version})
    if form.accepted():
        answer = save(survey, form, lambda now: _with(now, code, form), lambda data: definition.question(data, code),
                      url_for(".question", id=survey.id, code=code), f"domanda-{code}")
        if answer:
            return answer
    return _question_page(survey, form, kind, one, definition.section_of(data, code) + 1, naming(survey, data))


def _with(data: Data, code: str, form: Any) -> Data:
    before = definition.question(data, code)
    return arranging.with_question(data, form.question(before), 0) if before else data


def _question_page(survey: Survey, form: Any, kind: QuestionKind, one: Data | None, number: int,
                   naming: words.Naming | None = None) -> str:
    shown = next((each for each in surveys.questions(survey) if one and each.code == one["code"]), None)
    conditional = {option["code"]: option for option in one["options"]} if one and kind not in MATRICES else {}
    return render_template("questionnaires/question.html", survey=survey, process=survey.phase.process, form=form,
                           kind=kind, one=one, number=number, naming=naming, shown=shown, conditional=conditional,
                           answered=queries.answered(survey), kind_name=words.KINDS[kind])


@bp.route("/ufficio/questionari/<int:id>/domande/<code>/immagine", methods=["POST"])
@takes_files
@access("questionnaire.edit", loads=of_office)
def picture(survey, code):
    """Give a question a picture, or take the one it has away."""
    before = definition.question(definition.describe(survey), code) or abort(404)
    sent = received()
    kept = next((file for file in sent.kept if file.width), None)
    for sentence in sent.refused:
        flash(str(sentence), "warning")
    remove = request.form.get("remove") == "1"
    if not kept and not remove:
        if not sent.refused:
            flash(_("Choose a picture (JPEG, PNG, WebP)."), "warning")
        return redirect(url_for(".question", id=survey.id, code=code, _anchor="immagine"), 303)
    alt = Localized.of({"it": str(request.form.get("alt", ""))[:200].strip()})
    token = services.keep_picture(survey, me(), kept) if kept and not remove else None
    try:
        services.alter(
            survey, me(), lambda data: arranging.with_question(data, {
                **before, "image": token, "image_alt": dict(alt) or before["image_alt"] if token else {}}, 0),
            about=lambda data: definition.question(data, code), seen=survey.definition_version)
    except RefusedChangeError as refused:
        for fault in refused.faults:
            flash(str(fault.sentence), "warning")
    else:
        flash(_("The survey was changed."))
    return redirect(url_for(".question", id=survey.id, code=code, _anchor="immagine"), 303)


@bp.route("/ufficio/questionari/<int:id>/condizione", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def condition(survey):
    """When a section, a question or an answer is shown: parts are added and removed one by one."""
    data = definition.describe(survey)
    target = argument("di", 100)
    thing = arranging.carrier(data, target) or abort(404)
    before = _before(survey, data, target)
    named = naming(survey, data)
    chosen = request.form.get("asked", "") if request.method == "POST" else argument("domanda", 90)
    form = forms.ConditionForm.about(before[chosen], named, survey.definition_version) if chosen in before else None
    join, parts = arranging.parts_of(thing["shown_if"])
    if request.method == "POST":
        answer = _change_condition(survey, form, target, join, parts)
        if answer:
            return answer
    return render_template("questionnaires/condition.html", survey=survey, process=survey.phase.process, form=form,
                           target=target, join=join, parts=parts, naming=named, before=list(before),
                           sentence=named.sentence(thing["shown_if"]), chosen=chosen if form else "",
                           about=_called(target, named, data))


def _called(target: str, named: words.Naming, data: Data) -> str:
    """What the condition is about."""
    kind, _colon, rest = target.partition(":")
    if kind == "section":
        return str(Localized.of(data["sections"][int(rest) - 1]["title"]))
    code, _colon, option = rest.partition(":")
    return named.answer(code, option) if option else named.question(code)


def _before(survey: Survey, data: Data, target: str) -> dict[str, Any]:
    """The questions that stand before, as conditions know them."""
    kind, _colon, rest = target.partition(":")
    found: dict[str, Any] = {}
    for number, each in enumerate(survey.sections, 1):
        if kind == "section" and number == int(rest):
            break
        for one in each.questions:
            if kind != "section" and one.code == rest.partition(":")[0]:
                return found
            found |= {asked.code: asked for asked in paths.asked_of(one, queries.places(survey))
                      if one.kind is not QuestionKind.INFORMATION}
    return found


def _change_condition(survey: Survey, form: Any, target: str, join: str, parts: list[Data]) -> Any:
    act = request.form.get("act", "")
    if act == "add":
        if form is None or not form.accepted():
            return None
        parts = [*parts, form.said]
    elif act == "remove" and request.form.get("part", "").isdigit() and int(request.form["part"]) < len(parts):
        del parts[int(request.form["part"])]
    elif act in ("all", "any"):
        join = act
    else:
        abort(400)
    seen = request.form.get("version", "")
    again = url_for(".condition", id=survey.id, di=target)
    try:
        services.alter(survey, me(), lambda data: arranging.conditioned(
            data, target, arranging.condition_of(join, parts)),
            about=lambda data: (arranging.carrier(data, target) or {}).get("shown_if"),
            seen=int(seen) if seen.isdigit() and len(seen) < 9 else -1)
    except StaleVersionError:
        flash(_("Somebody changed this condition while you were looking at it. Here it is as it is now."), "warning")
    except RefusedChangeError as refused:
        for fault in refused.faults[:5]:
            flash(str(fault.sentence), "warning")
    else:
        flash(_("The condition was changed."))
    return redirect(again, 303)


@bp.route("/ufficio/questionari/<int:id>/traduzioni", methods=["GET", "POST"])
@access("questionnaire.edit", loads=of_office)
def translate(survey):
    """Every text beside its translation into one language."""
    code = argument("in", 2)
    if code not in LANGUAGES or code == "it":
        abort(404)
    data = definition.describe(survey)
    places = [(place, text) for place, text in definition.texts(data) if any(text.values())]
    form = forms.translation_form(places, code)(data={
        "version": survey.definition_version, **{f"t{at}": text.get(code, "") for at, (_p, text) in enumerate(places)}})
    if form.accepted():
        typed = {place: form[f"t{at}"].data or "" for at, (place, _text) in enumerate(places)}
        answer = save(survey, form, lambda now: _translated(now, code, typed),
                      lambda data: list(definition.texts(data)), f"{url_for('.translate', id=survey.id)}?in={code}")
        if answer:
            return answer
    return render_template("questionnaires/translate.html", survey=survey, process=survey.phase.process, form=form,
                           code=code, places=places, missing=definition.untranslated(data, [code])[code],
                           faults=faults(data, queries.places(survey)))


def _translated(data: Data, code: str, typed: dict[str, str]) -> Data:
    made = definition.whole(data)
    for place, text in definition.texts(made):
        if place in typed:
            if typed[place]:
                text[code] = typed[place]
            else:
                text.pop(code, None)
    return made
