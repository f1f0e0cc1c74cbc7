"""What the desk has beside the queue: views kept under a name, keys, and one decision on several things at once."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from consult.core import pages
from consult.core.db import db
from consult.core.forms import Form, argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.moderation import queries, saved, services, together
from consult.moderation import queue as waiting
from consult.moderation.acts import RefusedError
from consult.moderation.forms import BulkForm, ViewForm
from consult.moderation.models import SavedView
from consult.moderation.narrowing import parameters, wanted
from consult.moderation.views import place_of, queue_page, spoken, undoable
from consult.moderation.wanting import Wanted

bp = Blueprint("moderation_desk", __name__)
bp.context_processor(spoken)


@bp.route("/moderazione/viste", methods=["POST"])
@access("moderation.queue")
def keep_view():
    form = ViewForm()
    if not form.accepted():
        return queue_page(wanted(), BulkForm(formdata=None), form)
    try:
        saved.keep(me(), form.name.data, parameters(wanted()))
    except RefusedError:
        form.form_errors.append(_("You keep %(most)s views: drop one you no longer need.", most=saved.MOST))
        return queue_page(wanted(), BulkForm(formdata=None), form)
    flash(_("The view is kept."))
    return redirect(url_for("moderation.queue", **parameters(wanted())), 303)


def own_view(id: int) -> SavedView | None:
    """A view that whoever asks keeps."""
    view = db.session.get(SavedView, id) if me().is_authenticated else None
    return view if view is not None and view.person_id == me().id else None


@bp.route("/moderazione/viste/<int:id>/togli", methods=["POST"])
@access("moderation.queue", loads=own_view)
def drop_view(view):
    if Form().accepted():
        saved.drop(view, me())
        flash(_("The view is no longer kept."))
    return redirect(url_for("moderation.queue"), 303)


@bp.route("/moderazione/tasti")
@access("moderation.queue")
def keys():
    return render_template("moderation/keys.html")


@bp.route("/moderazione/insieme", methods=["POST"])
@access("moderation.queue")
def together_page():
    form = BulkForm()
    if not form.accepted():
        if form.chosen.errors:
            return queue_page(wanted(), form, ViewForm(formdata=None))
        return _bulk(form, together.Outcome(""))
    if request.form.get("step") != "decide":
        return _bulk(form, together.rehearse(form.marks, me(), form.order))
    outcome = together.decide(form.marks, me(), form.order)
    if outcome.done and not outcome.not_done:
        flash(ngettext("%(num)s decided.", "%(num)s decided.", len(outcome.done)), "decided")
        return redirect(url_for("moderation.queue", **parameters(wanted(), insieme=outcome.batch)), 303)
    return _bulk(form, outcome, done=True)


def _bulk(form: BulkForm, outcome: together.Outcome, *, done: bool = False) -> str:
    form.offer()
    return render_template("moderation/together.html", form=form, outcome=outcome, done=done,
                           narrowed=parameters(wanted()), bare=Form(formdata=None),
                           seconds=int(services.UNDOING.total_seconds()))


@bp.route("/moderazione/insieme/annulla", methods=["POST"])
@access("moderation.queue")
def undo_together():
    undone, of_all = together.take_back(argument("insieme", 40), me()) if Form().accepted() else (0, 0)
    if undone:
        flash(ngettext("%(num)s taken back: nobody was told.", "%(num)s taken back: nobody was told.", undone))
    if undone < of_all or not of_all:
        flash(_("Not all can still be taken back: the messages have left, or something else was decided since."),
              "warning")
    return redirect(url_for("moderation.queue", **parameters(wanted())), 303)


PASSED_ON = Wanted(passed_on=True, aside=None)


@bp.route("/moderazione/passati")
@access("moderation.passed")
def passed():
    page = waiting.queue(me(), PASSED_ON, after=argument("dopo", 400))
    return render_template("moderation/passed.html", page=page, form=Form(), place_of=place_of, narrowed={},
                           by=queries.passed_on_by(row.matter.subject for row in page.items), **undoable())


@pages.slot("office.card", position=12)
def _card(person: Any) -> str:
    """For the guarantee committee: what moderators want them to decide."""
    if not can(person, "moderation.passed") or can(person, "moderation.queue"):
        return ""
    return render_template("moderation/passed_card.html", number=waiting.total(person, PASSED_ON))
