"""The pages of what moderators do besides publishing and hiding, and where a double leads readers."""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, current_app, flash, g, redirect, render_template
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.exceptions import HTTPException

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, State
from consult.core import pages
from consult.core.db import db
from consult.core.statements import among, made_once
from consult.core.web import access
from consult.measures import forms, leading, rules
from consult.measures.models import Double
from consult.moderation import acts, words
from consult.moderation.matters import Matter
from consult.moderation.models import Act
from consult.moderation.narrowing import parameters, wanted
from consult.moderation.views import any_matter, carried_out, contribution_matter, hidings_of, place_of

__all__ = ["bp", "leading", "rules"]

bp = Blueprint("measures", __name__)
FORMS: dict[Act, type[forms.MeasureForm]] = {form.act: form for form in (
    forms.LockForm, forms.SnoozeForm, forms.EscalateForm, forms.DuplicateForm, forms.MoveForm, forms.SplitForm)}


def known(act: str) -> Act | None:
    """The act of an address that has its page here."""
    return next((one for one in FORMS if one.value == act), None)


def contribution_of(id: int, act: str) -> Matter | None:
    """A contribution with which something of this can be done."""
    return contribution_matter(id) if known(act) else None


def matter_of(source: str, id: int, act: str) -> Matter | None:
    """The same for a matter of any source."""
    return any_matter(source, id) if known(act) else None


@bp.route("/moderazione/<int:id>/<any(lock, snooze, escalate, duplicate, move, split):act>", methods=["GET", "POST"])
@access("moderation.decide", loads=contribution_of)
def act(matter, act):
    return _page(matter, Act(act))


@bp.route("/moderazione/<source>/<int:id>/<any(lock, snooze, escalate, duplicate, move, split):act>",
          methods=["GET", "POST"])
@access("moderation.decide", loads=matter_of)
def other_act(matter, act):
    return _page(matter, Act(act))


def _page(matter: Matter, act: Act) -> Any:
    if not acts.rule(act).offered(matter):
        flash(_("There is nothing to do here any more: look at the text again."), "warning")
        return redirect(place_of(matter), 303)
    form = FORMS[act](matter)
    answer = carried_out(matter, form.order, form.seen, form) if form.accepted() else None
    if answer and isinstance(form, forms.EscalateForm) and getattr(answer, "status_code", 0) == 303:
        flash(_("Asked to decide: %(names)s.", names=", ".join(one.shown_name for one in form.asked)), "info")
    return answer or render_template("measures/act.html", matter=matter, form=form, act=act, words=words,
                                     Act=Act, place=place_of(matter, **parameters(wanted())))


def doubles(ids: Iterable[int]) -> dict[int, Double]:
    """Which of these are hidden because others say the same, each with the other one, as long as it can be read."""
    found = db.session.scalars(_doubles(), {"ids": list(ids)})
    return {one.contribution_id: one for one in found if one.of.public}


@made_once
def _doubles() -> sa.Select[Double]:
    return (sa.select(Double).join(Contribution, Contribution.id == Double.contribution_id)
            .where(among(Double.contribution_id, "ids"), Contribution.state == State.HIDDEN)
            .options(joinedload(Double.of).joinedload(Contribution.thread)))


@pages.before_list("comment")
def _fetch(comments: Any) -> None:
    """Which of the hidden ones others say as well: asked only where a moderator said so of one of them."""
    hidden = hidings_of([comment.id for comment in comments if comment.state is State.HIDDEN])
    said_again = [id for id, hiding in hidden.items() if hiding.act is Act.DUPLICATE]
    g.doubles = doubles(said_again) if said_again else {}


@pages.slot("comment.tombstone", position=60)
def _beside_the_reason(comment: Contribution) -> str:
    found = (g.doubles if "doubles" in g else doubles([comment.id])).get(comment.id)
    return render_template("measures/tombstone.html", of=found.of,
                           path=contributions.address(found.of)) if found else ""


@pages.slot("page.missing")
def _lead_on(path: str) -> str:
    """At the address of a double: where the same can be read."""
    try:
        endpoint, values = current_app.url_map.bind("").match(path)
    except HTTPException:
        return ""
    id = values.get("id")
    if endpoint not in ("proposals.show", "discussions.topic") or not isinstance(id, int):
        return ""
    found = doubles([id]).get(id)
    return render_template("measures/double.html", of=found.of,
                           path=contributions.address(found.of)) if found else ""
