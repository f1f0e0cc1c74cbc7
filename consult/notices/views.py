"""What one hears of, how often by mail, and following."""

import sqlalchemy as sa
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts.views import unkept
from consult.contributions import queries as contributions
from consult.core import asking, pages
from consult.core.db import db
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, csrf, local_path, me, require
from consult.notices import mails, queries, services, words
from consult.notices.forms import PaceForm
from consult.notices.models import Pace
from consult.pact.models import Commitment
from consult.processes.models import Activity, Process

bp = Blueprint("notices", __name__)

READ = {"percorso": "process.read", "attivita": "activity.read", "contributo": "contribution.read",
        "impegno": "commitment.read"}
"""The word for each kind of thing in an address, and what whoever follows one must be allowed."""


def thing_called(what: str, id: int):
    """What can be followed, unknown to whoever may not read it."""
    model = {"percorso": Process, "attivita": Activity, "impegno": Commitment}.get(what)
    found = db.session.get(model, id) if model else contributions.with_id(id) if what == "contributo" else None
    if found is not None:
        require(READ[what], found)
    return found


@bp.route("/avvisi")
@access("notices.read")
def show():
    person, pace = me(), queries.pace_of(me())
    found = queries.happenings(person, argument("dopo", 400))
    return unkept(render_template(
        "notices/show.html", page=found, news=[words.told(one) for one in found.items],
        seen_to=pace.seen_to if pace else 0, form=PaceForm(pace=pace.pace if pace else Pace.DAILY)))


@bp.route("/avvisi/seguiti")
@access("notices.read")
def followed():
    page = queries.followed(me(), argument("dopo", 400))
    return unkept(render_template("notices/followed.html", page=page, readable=queries.readable_among(page.items),
                                  commitments=queries.commitments_among(page.items)))


@bp.route("/avvisi/letti", methods=["POST"])
@access("notices.see")
def see():
    services.see_all(me())
    return redirect(url_for(".show"), 303)


@bp.route("/avvisi/frequenza", methods=["POST"])
@access("notices.pace")
def pace():
    form = PaceForm()
    if form.accepted():
        services.choose_pace(me(), form.pace.data)
        flash(_("Noted. From now on we write to you at this pace."))
    else:
        flash(_("Choose how often."), "error")
    return redirect(url_for(".show"), 303)


@bp.route("/segui/<what>/<int:id>", methods=["POST"])
@access("notices.follow", loads=thing_called)
def follow(thing):
    if services.follow(thing, me()):
        flash(_("You follow it: we tell you what becomes of it, on the page of notices and by mail if you want."))
    return redirect(local_path(request.form.get("next")), 303)


@bp.route("/segui/<what>/<int:id>/smetti", methods=["POST"])
@access("notices.unfollow", loads=thing_called)
def unfollow(thing):
    if services.unfollow(thing, me()):
        flash(_("You no longer follow it."))
    return redirect(local_path(request.form.get("next")), 303)


@bp.route("/avvisi/basta/<token>", methods=["GET", "POST"])
@csrf.exempt
@access("notices.unsubscribe")
def unsubscribe(token):
    """One click in a mail program sends the form itself, without a cookie (RFC 8058); people see a button."""
    person = mails.person_of(token)
    if person is None:
        return unkept(render_template("notices/unsubscribe.html", person=None), 404)
    if request.method == "POST":
        services.choose_pace(person, Pace.NEVER)
    return unkept(render_template("notices/unsubscribe.html", person=person, done=request.method == "POST"))


def _followed(thing, person):
    return queries.following(person, thing) if person.is_authenticated else sa.false()


ASKED_OF = {"contributo": "contribution", "attivita": "activity", "percorso": "process", "impegno": "commitment"}
for _kind in ASKED_OF.values():
    asking.question(_kind, "follows")(_followed)


def button(what: str, thing):
    """The button with which somebody follows or stops; nothing for visitors, who have no account to be told at."""
    if not can(me(), "notices.follow"):
        return ""
    return render_template("notices/button.html", what=what, thing=thing,
                           follows=asking.answer(ASKED_OF[what], "follows", thing))


@pages.slot("proposal.aside", position=40)
@pages.slot("topic.aside", position=40)
@pages.slot("amendment.aside", position=40)
def on_text(text):
    return button("contributo", text) if text.public else ""


@pages.slot("activity.follow")
def on_activity(activity):
    return button("attivita", activity) if activity.published else ""


@pages.slot("process.follow")
def on_process(process):
    return button("percorso", process) if process.published else ""


@pages.slot("commitment.follow")
def on_commitment(commitment):
    return button("impegno", commitment) if commitment.public else ""


@pages.slot("account.profile", position=5)
def on_profile(person):
    return render_template("notices/profile.html", new=queries.new_for(person))
