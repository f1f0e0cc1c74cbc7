"""Keeping what somebody types into a part of the plan before they save it: by a script or by a button."""

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask_babel import format_time
from flask_babel import gettext as _

from consult.core import clock, events, pages
from consult.core.policy import can
from consult.core.web import access, limiter, me
from consult.drafting import queries, typed
from consult.drafting.contents import OfPlan
from consult.drafting.models import PlanDraft
from consult.drafting.queries import New
from consult.planning import queries as planning
from consult.planning.models import Action, Objective, Plan, Section
from consult.planning.views import plan_called
from consult.processes.models import Axis

bp = Blueprint("plan_typing", __name__)


def _who() -> str:
    return str(me().get_id())


often = limiter.limit("60 per minute", key_func=_who, methods=["POST"])


@bp.route("/piani/<slug>/bozze/<ref>", methods=["POST"])
@often
@access("plan.edit", loads=plan_called)
def keep(plan: Plan, ref: str) -> Any:
    part = queries.typed_called(plan, ref) or abort(404)
    by_hand = request.form.get("act") == "keep"
    if not typed.keep(plan, part, me(), request.form.items(multi=True)):
        return _answer(422, _("This is too long to be kept as a draft."))
    if by_hand:
        flash(_("What you wrote is kept for you alone. It is not in the plan yet."))
        return _page(url_of(plan, part))
    return _answer(200, _("Kept for you at %(time)s, not in the plan yet",
                          time=format_time(clock.now(), "HH:mm")))


@bp.route("/piani/<slug>/bozze/<ref>/elimina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def drop(plan: Plan, ref: str) -> Any:
    part = queries.typed_called(plan, ref) or abort(404)
    if typed.forget(me().id, ref):
        events.record(typed.PlanTextTyped(actor_id=me().id, plan_id=plan.id, kept=False))
        flash(_("Your draft was thrown away."))
    return _page(url_of(plan, part))


def url_of(plan: Plan, part: OfPlan | New) -> str:
    """The page on which a part is written."""
    if isinstance(part, New):
        kind = {Plan: "section", Axis: "objective"}.get(type(part.within), "action")
        within: dict[str, Any] = {} if isinstance(part.within, Plan) else {"id": part.within.id}
        return url_for(f"plan_writing.new_{kind}", slug=plan.slug, **within)
    name = {Section: "section", Action: "action"}.get(type(part), "objective")
    return url_for(f"plan_writing.edit_{name}", slug=plan.slug, id=part.id)


def _page(url: str) -> Any:
    return redirect(url, 303)


def _answer(status: int, said: str) -> Response:
    page = make_response(render_template("drafting/typed.html", said=said), status)
    page.headers["Cache-Control"] = "no-store"
    return page


def _plan_of(part: OfPlan | New) -> Plan | None:
    part_or_place = part.within if isinstance(part, New) else part
    if isinstance(part_or_place, Plan):
        return part_or_place
    return part_or_place.plan if isinstance(part_or_place, Section) else planning.of_process(part_or_place.process_id)


@pages.slot("plan.part", position=20)
def _offer(part: OfPlan | New) -> str:
    """On the page on which a part is written: what this person typed before and did not save."""
    draft, plan = typed.kept(me(), part), _plan_of(part)
    if draft is None or plan is None or request.method != "GET":
        return ""
    return render_template("drafting/offer.html", plan=plan, draft=draft, url=url_of(plan, part),
                           stale=not isinstance(part, New) and _seen(draft) != part.version)


@pages.slot("plan.new")
def _offer_of_new(within: Plan | Axis | Objective) -> str:
    """On the page on which a part is written that was never saved: what this person typed there before."""
    return _offer(New(within))


@pages.slot("plan.new.typing")
def _status_of_new(within: Plan | Axis | Objective) -> str:
    return _status(New(within))


@pages.slot("plan.part.typing")
def _status(part: OfPlan | New) -> str:
    """Within the form: where a script says what it kept, and the button for those without scripts."""
    plan = _plan_of(part)
    if plan is None or not can(me(), "plan.edit", plan):
        return ""
    return render_template("drafting/status.html", plan=plan, ref=queries.ref_of(part))


def _seen(draft: PlanDraft) -> int:
    seen = dict(draft.fields).get("version", "")
    return int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1
