"""The desk of the trace: what was said and found on one side, the plan on the other; and the map of the whole."""

from collections.abc import Iterable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired

from consult.core.forms import argument
from consult.core.web import access, me
from consult.planning import candidates, ends, mapped, queries, tracing, words
from consult.planning.forms import LinkForm
from consult.planning.models import Plan

bp = Blueprint("plan_linking", __name__)

LATEST = 8
"""Links made last, which are at hand to be undone."""


class DeskForm(LinkForm):
    """A link whose two ends are chosen in two lists."""

    source = StringField(_l("What is linked"), [InputRequired(_l("Choose what you want to link."))])
    target: Any = StringField(_l("Part of the plan"), [InputRequired(_l("Choose the part of the plan."))])

    def __init__(self, **values: Any) -> None:
        super().__init__((), **values)


@bp.route("/piani/<slug>/collegamenti", methods=["GET", "POST"])
@access("trace.link", loads=queries.by_slug)
def desk(plan: Plan) -> Any:
    form = DeskForm(source=argument("da", 12), target=argument("a", 12))
    if form.accepted() and _linked(plan, form):
        flash(_("The link was made."))
        return redirect(url_for(".desk", **{"slug": plan.slug, **_asked()}), 303)  # type: ignore[arg-type]
    source = ends.source_called(plan, (form.source.data or "")[:12])
    target = ends.end_called(plan, (form.target.data or "")[:12])
    text = argument("q", 100)
    found = candidates.candidates(plan, text) if text else candidates.waiting(plan)
    if source is not None and all(one.ref != form.source.data for one in found):
        found = [candidates.candidate(source), *found]
    return render_template(
        "planning/desk.html", plan=plan, form=form, found=found, text=text, asked=_asked(),
        parts=_parts(plan, form.target.data if target is not None else ""), section=_number("sezione"),
        latest=ends.latest_links(plan, LATEST), end_of=ends.end_of, relations=words.RELATIONS)


def _linked(plan: Plan, form: DeskForm) -> bool:
    """Whether the two were linked; else the form says why they could not be."""
    source, target = (ends.source_called(plan, form.source.data[:12]),
                      ends.end_called(plan, form.target.data[:12]))
    if source is None:
        form.source.errors = [_("This does not exist, or belongs to another percorso.")]
    elif target is None:
        form.target.errors = [_("This part of the plan is no longer there: choose another.")]
    else:
        try:
            tracing.link(plan, me(), source=source, target=target, relation=form.chosen_relation,
                         reason=form.reason.data)
        except tracing.LinkError as fault:
            form.form_errors.append(fault.sentence)
        else:
            return True
    return False


def _parts(plan: Plan, chosen: str) -> list[tuple[str, str]]:
    """The sections, actions and commitments, or those called so; with paragraphs, where words or a section are asked
    for.
    """
    text, section = argument("parte", 100).casefold(), _number("sezione")
    paragraphs = ends.paragraphs(plan, section_id=section) if text or section else []
    return list(_woven(ends.all_parts(plan), paragraphs, text, chosen))


def _woven(parts: Iterable[tuple[str, str]], paragraphs: Iterable[tuple[int, str, str]], text: str,
           chosen: str) -> Iterable[tuple[str, str]]:
    """Each section with its paragraphs below it."""
    below: dict[str, list[tuple[str, str]]] = {}
    for section_id, ref, said in paragraphs:
        below.setdefault(f"s{section_id}", []).append((ref, said))
    for ref, said in parts:
        for each, label in ((ref, said), *below.get(ref, ())):
            if text in label.casefold() or each == chosen:
                yield each, label


def _asked() -> dict[str, str]:
    """What is searched for on both sides, as the address says it."""
    return {name: value for name in ("q", "parte", "sezione") if (value := argument(name, 100))}


def _number(name: str) -> int | None:
    said = argument(name, 9)
    return int(said) if said.isascii() and said.isdigit() else None


@bp.route("/piani/<slug>/mappa", endpoint="map")
@access("plan.read", loads=queries.by_slug)
def map_of_the_whole(plan: Plan) -> str:
    found = mapped.ways(plan)
    by_activity = argument("per") == "attivita"
    return render_template("planning/map.html", plan=plan, matrix=mapped.matrix(plan, by_activity=by_activity),
                           by_activity=by_activity, flow=mapped.drawn(plan, found), ways=mapped.tabled(plan, found))
