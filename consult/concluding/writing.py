"""Pages of the plan office: writing the document, recording its passages, judging what the search found in it."""

import hashlib
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.concluding import contents, knowledge, queries, services, words
from consult.concluding.forms import MarkForm, PassageForm, part_form
from consult.concluding.models import Act, Part
from consult.concluding.passages import terms
from consult.concluding.readiness import DOCUMENT, RESOLUTION, Whole
from consult.concluding.services import ConcludingError
from consult.concluding.views import VERDICTS, process_of
from consult.core import clock
from consult.core.db import StaleVersionError
from consult.core.personal_words import Alarm
from consult.core.web import access, me
from consult.processes import queries as processes
from consult.processes.models import Process
from consult.screening.words import SORTS

bp = Blueprint("concluding_office", __name__)


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta")
@access("docpp.write", loads=processes.process_called)
def show(process: Process) -> str:
    whole = Whole(process)
    steps = [(act, whole.needs(act), whole.refusal(act)) for act in Act]
    return render_template(
        "concluding/office.html", process=process, whole=whole, words=words, terms=terms(whole.passages),
        today=clock.today(), steps=[step for step in steps if step[2] is None],
        later=[step for step in steps if step[2] is not None], saved=_saved(whole))


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/parti/<name>", methods=["GET", "POST"])
@access("docpp.write", loads=process_of)
def write(process: Process, name: str) -> Any:
    part = _called(words.PART_PATHS, name)
    known = queries.part(process, part)
    begun = knowledge.begun(process, part)
    texts = {field: known.texts.get(field, "") for field in begun} if known else begun
    form = part_form(part)(data={**texts, "version": str(known.version if known else 0)})
    if form.accepted():
        try:
            services.save(process, part, me(), {field: form[field].data or "" for field in begun}, seen=form.seen)
        except StaleVersionError:
            return _stale(process, part, form)
        except ConcludingError as fault:
            form.form_errors.append(fault.sentence)
        else:
            flash(_("Saved: only the staff sees it."))
            return redirect(url_for(".show", slug=process.slug), 303)
    return render_template(
        "concluding/write.html", process=process, part=part, form=form, known=known, begun=begun, words=words,
        closed=services.closed(process, part))


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/passaggi/<act>", methods=["GET", "POST"])
@access("docpp.pass", loads=process_of)
def pass_on(process: Process, act: str) -> Any:
    wanted = _called(words.ACT_PATHS, act)
    whole = Whole(process)
    form = PassageForm.of(wanted, whole.document.version if whole.document else 0)
    if form.accepted():
        try:
            services.pass_on(process, wanted, me(), form.facts, seen=form.seen)
        except StaleVersionError:
            form.form_errors.append(_("Somebody has recorded another passage meanwhile: look at the page again."))
        except ConcludingError as fault:
            (form[fault.field].errors if fault.field in form else form.form_errors).append(fault.sentence)
        else:
            flash(_("Recorded, with the text as it is now."))
            return redirect(url_for(".show", slug=process.slug), 303)
    return render_template(
        "concluding/pass.html", process=process, act=wanted, form=form, whole=whole, words=words,
        needs=whole.needs(wanted), refusal=whole.refusal(wanted), hindered=bool(whole.hindrances(wanted)))


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/dati-personali")
@access("docpp.write", loads=processes.process_called)
def personal(process: Process) -> str:
    whole = Whole(process)
    found = [(one, code_of(one), place_of(one), why(one)) for one in _once(whole.alarms)]
    return render_template(
        "concluding/personal.html", process=process, whole=whole, words=words,
        open=[each for each in found if each[0].key not in whole.harmless],
        settled=[(*each, whole.harmless[each[0].key]) for each in found if each[0].key in whole.harmless])


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/dati-personali/<code>", methods=["GET", "POST"])
@access("docpp.mark", loads=process_of)
def mark(process: Process, code: str) -> Any:
    whole = Whole(process)
    alarm = next((one for one in whole.alarms if code_of(one) == code), None) or abort(404)
    settled = whole.harmless.get(alarm.key)
    form = MarkForm()
    if form.accepted():
        try:
            services.mark(process, alarm, me(), reason=form.reason.data or "", harmless=settled is None)
        except ConcludingError as fault:
            form.reason.errors = [fault.sentence]
        else:
            flash(_("It is in the record."))
            return redirect(url_for(".personal", slug=process.slug), 303)
    return render_template("concluding/mark.html", process=process, alarm=alarm, form=form, settled=settled,
                           place=place_of(alarm), why=why(alarm), code=code, words=words)


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/anteprima")
@access("docpp.write", loads=processes.process_called)
def preview(process: Process) -> str:
    whole = Whole(process)
    return render_template("concluding/preview.html", process=process, title=words.NAME, parts=words.DOCUMENT,
                           fields=whole.content["fields"], content=whole.content, verdicts=VERDICTS, words=words,
                           first=[])


@bp.route("/ufficio/percorsi/<slug>/documento-di-proposta/anteprima/delibera")
@access("docpp.write", loads=processes.process_called)
def draft(process: Process) -> str:
    whole = Whole(process)
    return render_template(
        "concluding/preview.html", process=process, title=words.RESOLUTION, parts=[Part.RESOLUTION],
        fields=whole.written, content=whole.content, verdicts=VERDICTS, blank=contents.BLANK, words=words,
        first=[{"name": words.NAME, "sha256": whole.sha256}])


def code_of(alarm: Alarm) -> str:
    """What stands for an alarm in an address, which must not tell whose name was found."""
    return hashlib.sha256("\n".join(alarm.key).encode()).hexdigest()[:16]


def place_of(alarm: Alarm) -> Any:
    """Where something was found, in words."""
    if alarm.place in words.FIELDS:
        return words.FIELDS[alarm.place].label
    if alarm.place in {DOCUMENT, RESOLUTION}:
        return _("The document as it is made") if alarm.place == DOCUMENT else _("The draft resolution as it is made")
    return _("Annex A, %(code)s", code=alarm.place.partition(":")[2])


def why(alarm: Alarm) -> Any:
    """Why words were taken for a personal datum."""
    return words.SORTS.get(alarm.sort) or SORTS[alarm.sort]


def _once(alarms: list[Alarm]) -> list[Alarm]:
    """The same words in the same place are judged together."""
    return list({one.key: one for one in reversed(alarms)}.values())[::-1]


def _called(paths: dict[Any, str], name: str) -> Any:
    """What is called like this in addresses; unknown otherwise."""
    return next((one for one, path in paths.items() if path == name), None) or abort(404)


def _saved(whole: Whole) -> dict[Part, Any]:
    return {part.part: part for part in whole.document.parts} if whole.document else {}


def _stale(process: Process, part: Part, form: Any) -> Any:
    known = queries.part(process, part)
    saved = known.texts if known else {}
    fields = [(field.label, saved.get(field.name, ""), form[field.name].data or "") for field in words.PARTS[part][1]
              if saved.get(field.name, "") != (form[field.name].data or "")]
    return render_template("errors/stale.html", fields=fields,
                           again=url_for(".write", slug=process.slug, name=words.PART_PATHS[part])), 409
