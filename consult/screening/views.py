"""The page on which the office sets the signs; and where moderators, authors and everybody read of them."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.contributions.models import Contribution, State
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.policy import can
from consult.core.web import access, me
from consult.moderation.matters import Matter
from consult.screening import queries, services, telling, words
from consult.screening.forms import LISTS, ScreeningForm
from consult.screening.models import Mode, Signal

bp = Blueprint("screening", __name__)


@bp.route("/ufficio/vaglio", methods=["GET", "POST"])
@access("screening.set")
def set_up():
    form = ScreeningForm(services.setting())
    if not form.accepted():
        return render_template("screening/set_up.html", form=form, Signal=Signal)
    try:
        services.change(me(), seen=form.seen, modes=form.modes, **form.lists)
    except StaleVersionError:
        now = services.setting()
        fields = [(words.SIGNALS[signal], words.MODES[now.modes[signal]], words.MODES[mode])
                  for signal, mode in form.modes.items()]
        fields += [(form[name].label.text, "\n".join(getattr(now.lists, name)), form[name].data) for name in LISTS]
        return render_template("errors/stale.html", fields=fields, again=url_for(".set_up")), 409
    flash(_("Saved. It holds for what is sent in or changed from now on."))
    return redirect(url_for(".set_up"), 303)


@pages.slot("moderation.side", position=20)
def _found(matter: Matter) -> str:
    """For the moderators: what was found, and where."""
    thing = matter.thing
    if not isinstance(thing, Contribution):
        return ""
    told = telling.told(thing, queries.findings(thing))
    return render_template("screening/found.html", told=told, contribution=thing) if told else ""


@pages.before_list("comment")
def _fetch_held(comments: Any) -> None:
    """Which comments of a thread that wait, as only their author sees, wait for a sign: in one query."""
    waiting = [comment.id for comment in comments if comment.state is State.PENDING]
    g.held_by_signs = queries.held(waiting) if waiting else set()


@pages.slot("contribution.waits")
def _waits(contribution: Contribution) -> str:
    """For its author: why it waits, without what was found."""
    if contribution.state is not State.PENDING or not contribution.written_by(me()):
        return ""
    known = g.held_by_signs if "held_by_signs" in g else queries.held([contribution.id])
    return render_template("screening/waits.html") if contribution.id in known else ""


@pages.slot("page.rules", position=60)
def _rules(_authority: object) -> str:
    modes = services.setting().modes
    return render_template(
        "screening/rules.html", shown=[signal for signal in Signal if modes[signal] is Mode.HINT],
        held=[signal for signal in Signal if modes[signal] is Mode.HOLD], SIGNALS=words.SIGNALS)


@pages.slot("office.card", position=12)
def _card(person: Any) -> str:
    return render_template("screening/card.html") if can(person, "screening.set") else ""
