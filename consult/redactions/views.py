"""The pages on which a moderator blacks out words, reads them, and brings them back."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import format_date
from flask_babel import gettext as _

from consult.contributions.models import Contribution
from consult.core import clock, pages
from consult.core.forms import Form
from consult.core.web import access, me
from consult.moderation import acts, words
from consult.moderation.matters import Matter
from consult.moderation.models import Act
from consult.moderation.narrowing import parameters, wanted
from consult.moderation.views import any_matter, carried_out, contribution_matter, place_of
from consult.redactions import copies, queries, rules, services
from consult.redactions.forms import RedactForm, UncoverForm
from consult.redactions.models import Redaction
from consult.redactions.words import COPIES, field_label

__all__ = ["bp", "rules"]

bp = Blueprint("redactions", __name__)


@bp.route("/moderazione/<int:id>/redact", methods=["GET", "POST"])
@access("moderation.decide", loads=contribution_matter)
def redact(matter):
    return _redact(matter)


@bp.route("/moderazione/<source>/<int:id>/redact", methods=["GET", "POST"])
@access("moderation.decide", loads=any_matter)
def redact_other(matter):
    return _redact(matter)


@bp.route("/moderazione/<int:id>/uncover", methods=["GET", "POST"])
@access("moderation.decide", loads=contribution_matter)
def uncover(matter):
    return _uncover(matter)


@bp.route("/moderazione/<source>/<int:id>/uncover", methods=["GET", "POST"])
@access("moderation.decide", loads=any_matter)
def uncover_other(matter):
    return _uncover(matter)


@bp.route("/moderazione/<source>/<int:id>/oscurati", methods=["POST"])
@access("moderation.decide", loads=any_matter)
def read(matter):
    if not Form().accepted():
        return redirect(place_of(matter) + "/uncover", 303)
    return _uncover_page(matter, services.note_reading(matter, me()), opened=True)


def _redact(matter: Matter) -> Any:
    if not acts.rule(Act.REDACT).offered(matter):
        return _elsewhere(matter)
    form = RedactForm(matter)
    looking = request.form.get("step") == "preview"
    if form.accepted() and not looking:
        answer = carried_out(matter, form.order, form.seen, form)
        if answer is not None:
            return answer
    preview = form.preview if request.method == "POST" and form.places and form.chosen else []
    repeated = copies.how_many(matter.thing, form.passage.data) if preview and isinstance(
        matter.thing, Contribution) else {}
    return render_template(
        "redactions/redact.html", matter=matter, form=form, preview=preview, place=place_of(matter, **_asked()),
        passages=[one for one in form.passages if one.text], field_label=field_label,
        repeated=[(COPIES[what], number) for what, number in repeated.items()])


def _uncover(matter: Matter) -> Any:
    if not acts.rule(Act.UNCOVER).offered(matter):
        return _elsewhere(matter)
    return _uncover_page(matter, queries.standing(matter.subject), opened=False)


def _uncover_page(matter: Matter, standing: Any, *, opened: bool) -> Any:
    form = UncoverForm(matter, standing, [_label(one, opened=opened) for one in standing])
    if not opened and form.accepted():
        answer = carried_out(matter, form.order, form.seen, form)
        if answer is not None:
            return answer
    return render_template("redactions/uncover.html", matter=matter, form=form, bare=Form(), opened=opened,
                           place=place_of(matter, **_asked()), here=f"{place_of(matter)}/uncover")


def _label(one: Redaction, *, opened: bool) -> str:
    rule = words.rule(one.decision.reason, version=one.decision.rule_version)
    said = one.words if opened else _("%(where)s, passage %(number)s", where=field_label(one.field),
                                      number=one.place + 1)
    return f"{said} ({rule.label if rule else ''}, {format_date(clock.local(one.decision.decided_at), 'd MMMM y')})"


def _elsewhere(matter: Matter) -> Any:
    flash(_("There is nothing to do here any more: look at the text again."), "warning")
    return redirect(place_of(matter), 303)


def _asked() -> dict[str, Any]:
    return parameters(wanted())


@pages.slot("moderation.text")
def _blacked_out(matter: Matter) -> str:
    """Below the text: that some of it is blacked out, and where it can be read."""
    number = matter.once(queries.how_many)
    return render_template("redactions/note.html", matter=matter, number=number,
                           place=place_of(matter)) if number else ""
