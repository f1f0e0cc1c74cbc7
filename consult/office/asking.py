"""What a call asks beside the text of a proposal: its own fields."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core import languages, pages
from consult.core.db import StaleVersionError, db
from consult.core.spreadsheet import XLSX, as_csv, as_xlsx
from consult.core.web import access, me
from consult.office.call_forms import FieldForm, NewFieldForm
from consult.office.forms import differences
from consult.processes.models import Activity
from consult.proposals import calls, exports, queries
from consult.proposals.calls import InUseError
from consult.proposals.models import CallField, ProposalCall

bp = Blueprint("office_asking", __name__)


def _call(id: int, field_id: int = 0, form: str = "") -> ProposalCall | None:
    return queries.call(id)


def _field(call: ProposalCall, id: int) -> CallField:
    return next((field for field in call.fields if field.id == id), None) or abort(404)


@pages.slot("office.activity", position=20)
def _fields(activity: Activity) -> str:
    if not isinstance(activity, ProposalCall):
        return ""
    return render_template("office/fields.html", call=activity, answered=calls.answered(activity))


@bp.route("/ufficio/raccolte/<int:id>/proposte.<any(csv, xlsx):form>")
@access("activity.manage", loads=_call)
def proposals(call, form):
    rows, language = exports.sent_in(call), languages.current()
    content = as_xlsx(rows, language=language, widths=(14, 16, 40, 80, 24, 20, 24)) if form == "xlsx" else as_csv(
        rows, language)
    return Response(content, mimetype=XLSX if form == "xlsx" else "text/csv", headers={
        "Content-Disposition": f"attachment; filename=proposte-{call.id}.{form}"})


@bp.route("/ufficio/raccolte/<int:id>/campi/nuovo", methods=["GET", "POST"])
@access("activity.manage", loads=_call)
def add(call):
    form = NewFieldForm()
    if form.accepted():
        try:
            calls.add_field(call, me(), form.wording)
        except InUseError as fault:
            form.refuse(fault)
        else:
            flash(_("The field was added."))
            return _back(call)
    return render_template("office/field.html", call=call, form=form, field=None)


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>", methods=["GET", "POST"])
@access("activity.manage", loads=_call)
def mend(call, field_id):
    field = _field(call, field_id)
    form = FieldForm.filled_in(field)
    if form.accepted():
        try:
            calls.mend_field(field, me(), form.wording, seen=form.seen)
        except StaleVersionError:
            again = url_for(".mend", id=call.id, field_id=field.id)
            return render_template("errors/stale.html", fields=differences(form), again=again), 409
        except InUseError as fault:
            form.refuse(fault)
        else:
            flash(_("The field was changed."))
            return _back(call)
    return render_template("office/field.html", call=call, form=form, field=field,
                           answered=calls.how_many_answer(field))


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>/su", methods=["POST"])
@access("activity.manage", loads=_call)
def earlier(call, field_id):
    calls.move_field(_field(call, field_id), me(), up=True)
    return _back(call)


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>/giu", methods=["POST"])
@access("activity.manage", loads=_call)
def later(call, field_id):
    calls.move_field(_field(call, field_id), me(), up=False)
    return _back(call)


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>/chiedi", methods=["POST"])
@access("activity.manage", loads=_call)
def ask(call, field_id):
    return _done(call, lambda: calls.ask(_field(call, field_id), me(), asked=True), _("The field is asked again."))


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>/smetti", methods=["POST"])
@access("activity.manage", loads=_call)
def stop(call, field_id):
    return _done(call, lambda: calls.ask(_field(call, field_id), me(), asked=False),
                 _("The field is asked no more. What was answered stays on the proposals."))


@bp.route("/ufficio/raccolte/<int:id>/campi/<int:field_id>/togli", methods=["POST"])
@access("activity.manage", loads=_call)
def remove(call, field_id):
    return _done(call, lambda: calls.remove_field(_field(call, field_id), me()), _("The field was removed."))


def _done(call: ProposalCall, act: Any, said: str) -> Any:
    try:
        with db.session.begin_nested():
            act()
    except InUseError as fault:
        flash(str(fault.sentence), "warning")
    else:
        flash(said)
    return _back(call)


def _back(call: ProposalCall) -> Any:
    return redirect(url_for("office.activity", id=call.id, _anchor="campi"), 303)
