"""The history of a part of the plan: its texts, any two of them word by word, and bringing one back."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.accounts.words import ROLES
from consult.core import pages
from consult.core.db import StaleVersionError
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.drafting import contents, queries, services
from consult.drafting.contents import OfPlan
from consult.drafting.models import PlanRevision
from consult.planning import queries as planning
from consult.planning.models import Plan, Section
from consult.planning.programme import CodeTakenError
from consult.planning.views import part_url, plan_called
from consult.processes import queries as processes

bp = Blueprint("plan_history", __name__)


@bp.route("/piani/<slug>/storia/<ref>")
@access("plan.history", loads=plan_called)
def show(plan: Plan, ref: str) -> Any:
    part = queries.part_called(plan, ref) or abort(404)
    after = _numbered(part, argument("a", 9)) or queries.revision(part, part.version)
    before = _numbered(part, argument("da", 9)) or (queries.revision(part, after.number - 1) if after else None)
    towns = {town.id: town.name for town in processes.municipalities(plan.process)}
    return render_template(
        "drafting/history.html", plan=plan, part=part, ref=ref, revisions=queries.revisions(part), before=before,
        after=after, back=_url(plan, part),
        roles={role.value: words for role, words in ROLES.items()},
        changes=contents.changes(before.content, after.content, towns) if before and after else [])


@bp.route("/piani/<slug>/storia/<ref>/<int:number>/ripristina", methods=["POST"])
@access("plan.edit", loads=plan_called)
def restore(plan: Plan, ref: str, number: int) -> Any:
    part = queries.part_called(plan, ref) or abort(404)
    revision = queries.revision(part, number) or abort(404)
    seen = request.form.get("version", "")
    try:
        services.restore(plan, part, revision, me(),
                         seen=int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 9 else -1)
    except StaleVersionError:
        flash(_("Somebody saved this in the meantime: look at its history again before you bring a text back."),
              "error")
    except CodeTakenError:
        flash(_("Another part of the plan has the code of this text by now: nothing was changed."), "error")
    else:
        flash(_("Text %(number)s was brought back, as a new one.", number=number))
    return redirect(url_for(".show", slug=plan.slug, ref=ref), 303)


def _numbered(part: OfPlan, number: str) -> PlanRevision | None:
    return queries.revision(part, int(number)) if number.isascii() and number.isdecimal() else None


def _url(plan: Plan, part: OfPlan) -> str:
    """Where a part is read."""
    if queries.ref_of(part).startswith("o"):
        return url_for("planning.show", slug=plan.slug, _anchor=f"o-{part.id}")
    return part_url(plan, part)  # type: ignore[arg-type]


@pages.slot("plan.part")
def _link(part: OfPlan) -> str:
    """On the page on which a part is written: the way to its history."""
    plan = part.plan if isinstance(part, Section) else planning.of_process(part.process_id)
    if plan is None or not can(me(), "plan.history", plan):
        return ""
    return render_template("drafting/link.html", plan=plan, ref=queries.ref_of(part), version=part.version)
