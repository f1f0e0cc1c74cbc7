"""The pages on which an author is warned or suspended, and on which another person confirms it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts.models import Person
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.moderation import acts, words
from consult.moderation.acts import RefusedError
from consult.moderation.matters import Matter
from consult.moderation.models import Act
from consult.moderation.narrowing import parameters, wanted
from consult.moderation.views import any_matter, carried_out, place, place_of, sentences
from consult.sanctions import queries, services
from consult.sanctions.forms import CONFIRM, AnswerForm, SuspendForm, WarnForm
from consult.sanctions.models import ALONE

bp = Blueprint("sanctions", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "Act": Act, "place_of": place_of, "place": place}


@bp.route("/moderazione/<int:id>/warn", methods=["GET", "POST"], defaults={"source": "contribution"})
@bp.route("/moderazione/<source>/<int:id>/warn", methods=["GET", "POST"])
@access("moderation.decide", loads=any_matter)
def warn(matter):
    form = WarnForm(matter)
    answer = carried_out(matter, form.order, form.seen, form) if form.accepted() else None
    return answer or _page(matter, form, Act.WARN)


@bp.route("/moderazione/<int:id>/suspend", methods=["GET", "POST"], defaults={"source": "contribution"})
@bp.route("/moderazione/<source>/<int:id>/suspend", methods=["GET", "POST"])
@access("moderation.decide", loads=any_matter)
def suspend(matter):
    form = SuspendForm(matter)
    answer = None
    if form.accepted():
        longer = (form.days.data or 0) > ALONE
        answer = _proposed(matter, form) if longer else carried_out(matter, form.order, form.seen, form)
    return answer or _page(matter, form, Act.SUSPEND)


def _proposed(matter: Matter, form: SuspendForm) -> Any:
    try:
        services.propose(matter, me(), days=form.days.data or 0, reason=form.reason.data, note=form.note.data or "")
    except RefusedError as refusal:
        form.form_errors.append(str(refusal))
        return None
    flash(_("Proposed: another moderator, or the guarantee committee, confirms it or not. The author is told nothing "
            "until then."))
    return redirect(place_of(matter, **parameters(wanted())), 303)


def _page(matter: Matter, form: WarnForm, act: Act) -> str:
    return render_template(
        "sanctions/act.html", matter=matter, form=form, act=act, offered=acts.rule(act).offered(matter),
        here=request.full_path, sentences=sentences(matter, words.numbered(matter.process_id)),
        earlier=queries.earlier(matter.author_id) if matter.author_id else [],
        awaiting=queries.awaiting(matter.author_id) if matter.author_id else None)


@bp.route("/moderazione/sospensioni")
@access("suspension.list")
def suspensions():
    return render_template("sanctions/list.html", waiting=queries.before(me()), lasting=queries.lasting(me()),
                           moderates=can(me(), "moderation.queue"))


@bp.route("/moderazione/sospensioni/<int:id>", methods=["GET", "POST"])
@access("suspension.read", loads=queries.proposed)
def confirm(matter):
    if request.method == "POST":
        require("suspension.confirm", matter)
    form = AnswerForm(matter)
    answer = None
    if form.accepted():
        if form.answer.data == CONFIRM:
            services.take_over(matter)
            answer = carried_out(matter.about, form.order, form.seen, form, then=url_for(".suspensions"))
        else:
            answer = _dismissed(matter, form.why.data or "")
    return answer or render_template(
        "sanctions/confirm.html", matter=matter, suspension=matter.thing, form=form,
        verdict=can(me(), "suspension.confirm", matter), earlier=queries.earlier(matter.thing.person_id))


def _dismissed(matter: Any, why: str) -> Any:
    try:
        services.dismiss(matter, me(), why=why)
    except StaleVersionError:
        flash(_("Somebody has answered this proposal already."), "warning")
    else:
        flash(_("Not confirmed: nothing happens to the author. Whoever proposed it is told why by e-mail."))
    return redirect(url_for(".suspensions"), 303)


@pages.slot("account.profile", position=1)
def on_profile(person: Person) -> str:
    """On the profile: until when one is suspended, and how to have that looked at again."""
    if not person.suspended:
        return ""
    return render_template("sanctions/profile.html", person=person, suspension=queries.running(person.id))


@pages.slot("office.card", position=12)
def _card(person: Person) -> str:
    """On the dashboard of the guarantors, who have no queue: what waits for a second person."""
    if not can(person, "suspension.list") or can(person, "moderation.queue"):
        return ""
    return render_template("sanctions/card.html", number=len(queries.before(person)))
