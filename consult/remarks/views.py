"""Remarks on the draft: written on a passage, read beside it, listed, taken back, and given a place by the office."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.comments.views import discussion
from consult.contributions import life
from consult.core import diff, languages, pages, richtext
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.editions import queries as editions
from consult.editions import snapshot
from consult.editions.models import PlanEdition
from consult.editions.snapshot import Node
from consult.editions.views import edition_of
from consult.planning import queries as planning
from consult.planning.models import Paragraph
from consult.planning.views import plan_called
from consult.remarks import passages, queries, services, words
from consult.remarks.forms import WORDS, PlaceForm, RemarkForm
from consult.remarks.models import Remark, Wish
from consult.remarks.passages import Spot
from consult.remarks.queries import Wanted
from consult.results import queries as results
from consult.results import words as results_words
from consult.results.models import Verdict

bp = Blueprint("remarks", __name__)

NONE_YET = "nessuno"
SHOWN = 20
"""Remarks on the page of a paragraph."""


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    """Macros see globals only."""
    state.app.jinja_env.globals["remark_words"] = words


def spot(slug: str, number: int, paragraph: int) -> Spot | None:
    """A paragraph of an edition, and whether it can be spoken about."""
    plan = planning.by_slug(slug)
    edition = editions.numbered(plan, number) if plan else None
    consultation = planning.consultation_of(plan) if plan else None
    if plan is None or edition is None or consultation is None or not can(me(), "plan.read", plan):
        return None
    found = {node.id: (node, cited) for node, cited in services.paragraphs_of(edition)}
    asked = editions.latest_in_consultation(plan)
    if paragraph not in found:
        return None
    return Spot(edition, *found[paragraph], consultation, latest=asked is not None and asked.id == edition.id)


def readable(id: int) -> Remark | None:
    """A remark, unknown to whoever may not read it."""
    found = queries.remark(id)
    return found if found and can(me(), "remark.read", found) else None


@bp.route("/piani/<slug>/edizioni/<int:number>/paragrafi/<int:paragraph>/osserva", methods=["GET", "POST"])
@access("remark.write", loads=spot)
def write(spot):
    asked = " ".join(argument("parole", 2000).split())
    form = RemarkForm(data={"wish": Wish.REMARK.value, "words": asked, **({"passage": WORDS} if asked else {})})
    form.offer(me(), spot.paragraph.plain)
    if form.accepted():
        remark = services.write(spot, me(), form.chosen, language=languages.current(), **form.said)
        flash(_("Your remark is public: the plan office will answer it.") if remark.public else
              _("Your remark was received. It will be public once a moderator has read it: until then only you see "
                "it."))
        return redirect(url_for(".show", id=remark.id), 303)
    return render_template("remarks/write.html", spot=spot, edition=spot.edition, plan=spot.edition.plan, form=form)


@bp.route("/osservazioni/<int:id>")
@access("remark.read", loads=queries.remark)
def show(remark):
    text = _paragraph(remark.edition, remark.paragraph)
    pieces = passages.change(text, remark.starts_at, remark.ends_at, remark.wish, remark.wording)
    return render_template(
        "remarks/show.html", remark=remark, edition=remark.edition, plan=remark.edition.plan,
        before=text[:remark.starts_at], after=text[remark.ends_at:],
        change=diff.source(text, passages.wished(text, remark.starts_at, remark.ends_at, remark.wish, remark.wording))
        if pieces else "", places=queries.places_of(remark), outcome=results.outcome_of(remark), words=results_words,
        moments=life.story(remark) if remark.public else [],
        discussion=discussion(remark.thread) if remark.public else None)


def _paragraph(edition: PlanEdition, id: int) -> str:
    plan = snapshot.from_json(edition.content)
    return next((node.plain for node in snapshot.paragraphs(plan) if node.id == id), "")


@bp.route("/osservazioni/<int:id>/ritira", methods=["POST"])
@access("remark.withdraw", loads=readable)
def withdraw(remark):
    services.withdraw(remark, me())
    flash(_("Your remark was withdrawn: nobody sees it any more."))
    return redirect(url_for("editions.show", slug=remark.edition.plan.slug, number=remark.edition.number), 303)


@bp.route("/piani/<slug>/edizioni/<int:number>/osservazioni")
@access("plan.read", loads=plan_called)
def index(plan, number):
    edition = edition_of(plan, number)
    wanted, paragraph = _wanted(), None
    if wanted.paragraph is not None:
        paragraph = next(((node, cited) for node, cited in services.paragraphs_of(edition)
                          if node.id == wanted.paragraph), None) or abort(404)
    page = queries.listed(edition, wanted, argument("dopo", 400))
    return render_template(
        "remarks/index.html", plan=plan, edition=edition, wanted=wanted, paragraph=paragraph, page=page,
        carried=queries.at_paragraph(edition, paragraph[0].id) if paragraph else [],
        outcomes=results.outcomes_for(one.id for one in page.items), verdicts=results_words, none_yet=NONE_YET,
        asked={name: value for name in ("q", "tipo", "esito", "paragrafo") if (value := argument(name, 100))})


def _wanted() -> Wanted:
    """What the address asks; what it asks in no known words is not asked."""
    wish, verdict, paragraph = argument("tipo", 20), argument("esito", 20), argument("paragrafo", 9)
    return Wanted(
        paragraph=int(paragraph) if paragraph.isascii() and paragraph.isdecimal() else None,
        wish=Wish(wish) if wish in {each.value for each in Wish} else None,
        verdict=Verdict(verdict) if verdict in {each.value for each in Verdict} else None,
        unanswered=verdict == NONE_YET, text=argument("q", 100))


@bp.route("/piani/<slug>/edizioni/<int:number>/senza-posto")
@access("remark.place", loads=plan_called)
def orphans(plan, number):
    edition = edition_of(plan, number)
    return render_template("remarks/orphans.html", plan=plan, edition=edition, orphans=queries.orphans(edition),
                           placed=queries.placed_by_hand(edition))


@bp.route("/osservazioni/posti/<int:id>", methods=["GET", "POST"])
@access("remark.place", loads=queries.place)
def place(place):
    edition, remark = place.edition, place.remark
    found = {node.id: (node, cited) for node, cited in services.paragraphs_of(edition)}
    form = PlaceForm()
    form.offer((id, f"{cited} · {richtext.excerpt(node.plain, 90)}") for id, (node, cited) in found.items())
    if form.accepted():
        services.place_by_hand(place, me(), *found[form.paragraph.data])
        flash(_("The place was recorded, with your name and the time."))
        return redirect(url_for(".orphans", slug=edition.plan.slug, number=edition.number), 303)
    return render_template("remarks/place.html", place=place, remark=remark, edition=edition, plan=edition.plan,
                           form=form)


@pages.slot("paragraph.sources")
def said_of(paragraph: Paragraph) -> str:
    """On the page of a paragraph: what people said of it while the draft was in consultation, and what became of it."""
    said = queries.on_paragraph(paragraph.id, SHOWN)
    return render_template("remarks/of_paragraph.html", said=said, verdicts=results_words,
                           outcomes=results.outcomes_for(one.id for one in said)) if said else ""


@pages.before_list("edition")
def fetch(shown: Sequence[tuple[PlanEdition, Node]]) -> None:
    """Fetch at once how much was said of each paragraph of an edition, and whether more can be said."""
    for edition, tree in shown:
        consultation = planning.consultation_of(edition.plan)
        asked = editions.latest_in_consultation(edition.plan)
        one = next(iter(snapshot.paragraphs(tree)), None)
        latest = asked is not None and asked.id == edition.id
        may = can(me(), "remark.write", Spot(edition, one, "", consultation, latest)) if one and consultation else None
        g.remarks_shown = {"counts": queries.counted(edition), "takes": bool(
            may or (may is not None and may.sign_in_helps and not me().is_authenticated)), "why": may}


@pages.slot("edition.top")
def of_edition(edition: PlanEdition) -> str:
    """At the top of an edition: how much was said of it, and the way to what has no place."""
    shown: dict[str, Any] = g.get("remarks_shown", {"counts": {}, "takes": False, "why": None})
    return render_template("remarks/of_edition.html", edition=edition, plan=edition.plan,
                           many=sum(shown["counts"].values()), takes=shown["takes"], why=shown["why"])


@pages.slot("edition.paragraph")
def of_paragraph(spoken_of: tuple[PlanEdition, Node]) -> str:
    """Beside a paragraph: how much was said of it, and the way to say something."""
    edition, paragraph = spoken_of
    shown: dict[str, Any] = g.get("remarks_shown", {"counts": {}, "takes": False})
    many = shown["counts"].get(paragraph.id, 0)
    if not paragraph.says_something or paragraph.kind != "paragraph" or not (many or shown["takes"]):
        return ""
    return render_template("remarks/beside.html", edition=edition, slug=edition.plan.slug, paragraph=paragraph,
                           many=many, takes=shown["takes"])
