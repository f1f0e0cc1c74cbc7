"""The queue, the page on which one matter is decided, the log; and what readers see of decisions."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import force_locale, format_datetime
from flask_babel import gettext as _

from consult.contributions.models import Contribution, State
from consult.contributions.words import FLAG_REASONS
from consult.core import clock, languages, pages
from consult.core.db import StaleVersionError
from consult.core.forms import Form, argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.moderation import acts, claims, context, contributed, matters, queries, saved, services, together, words
from consult.moderation import queue as waiting
from consult.moderation.acts import RefusedError
from consult.moderation.facets import facets
from consult.moderation.forms import BulkForm, DecisionForm, ViewForm
from consult.moderation.keys import KEYS, WAYS, within
from consult.moderation.lines import lines
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.narrowing import parameters, wanted, with_parameters
from consult.moderation.wanting import Wanted

bp = Blueprint("moderation", __name__)


@bp.context_processor
def spoken() -> dict[str, Any]:
    """Words that the pages of the desk share."""
    return {"words": words, "FLAG_REASONS": FLAG_REASONS, "Act": Act, "kind_label": matters.label, "KEYS": KEYS,
            "url_of": with_parameters}


@bp.app_context_processor
def way_back() -> dict[str, Any]:
    """Pages about one matter, in whatever feature, lead back to where the reader came from."""
    return {"desk_home": home}


def home(**asked: Any) -> str:
    """The queue; for the guarantee committee, who have none, what was passed on to them."""
    queue = can(me(), "moderation.queue")
    return url_for("moderation.queue", **asked) if queue else url_for("moderation_desk.passed", **{
        name: value for name, value in asked.items() if name == "annulla"})


@bp.route("/moderazione")
@access("moderation.queue")
def queue():
    return queue_page(wanted(), BulkForm(), ViewForm())


def queue_page(asked: Wanted, bulk: Any, saving: Any) -> str:
    """The queue as it is narrowed, with what can be done with it."""
    counted = facets(me())
    if asked.kind not in {kind for _source, kind in counted.kinds}:
        asked = replace(asked, kind="")
    page, narrowed = waiting.queue(me(), asked, after=argument("dopo", 400)), parameters(asked)
    bulk.offer_for([row.matter for row in page.items], counted.rules)
    return render_template(
        "moderation/queue.html", page=page, facets=counted, asked=asked, narrowed=narrowed, form=Form(),
        bulk=bulk, saving=saving, views=saved.of(me()), WAYS=WAYS,
        number=waiting.total(me(), asked) if asked.reason else counted.matching(asked),
        lines=lines(page.items, me(), chosen=bulk.marks, narrowed=narrowed), due=_("due %(when)s"),
        within=within, **undoable())


def undoable() -> dict[str, Any]:
    """What was just decided and can still be taken back, for whatever page follows, and for how many seconds."""
    batch, subject = argument("insieme", 40), argument("annulla", 40)
    decided = together.of_batch(batch, me()) if batch else [queries.latest(subject)] if subject else []
    if not decided or decided[0] is None or not services.can_be_taken_back(decided[0], me()):
        return {"undoable": None, "seconds": 0}
    left = decided[0].decided_at + services.UNDOING - clock.now()
    return {"undoable": matters.matter(decided[0].subject), "seconds": int(left.total_seconds()) + 1,
            "batch": batch, "decided": len(decided)}


@bp.route("/moderazione/prossimo", methods=["POST"])
@access("moderation.queue")
def take_next():
    return redirect(next_one(), 303)


def next_one(**others: Any) -> str:
    """Where the next thing is decided, taken in hand and with the queue narrowed as it is; the queue if none is left.
    """
    found = waiting.take_next(me(), wanted())
    if found is None:
        flash(_("There is nothing left that you can decide on: well done."), "info")
        return home(**parameters(wanted(), **others))
    return place_of(found.matter, **parameters(wanted(), avanti=1, **others))


def place_of(matter: Matter, **asked: Any) -> str:
    """The page of the desk on which a matter is decided."""
    return place(matter.source, matter.number, **asked)


def place(source: str, number: int | str, **asked: Any) -> str:
    """The same by its source and number."""
    own = matters.desk(source)
    if own:
        return with_parameters(f"{own}/{number}", **asked)
    if source == "contribution":
        return url_for("moderation.item", id=int(number), **asked)
    return url_for("moderation.other", source=source, id=int(number), **asked)


def contribution_matter(id: int) -> Matter | None:
    """A contribution as it lies before the moderators."""
    return contributed.one(id, held=request.method == "POST")


def any_matter(source: str, id: int) -> Matter | None:
    """A matter of any source."""
    return matters.matter(f"{source}:{id}")


def plain_matter(source: str, id: int) -> Matter | None:
    """A matter of a source whose things are decided on the page of the desk, like most."""
    return None if matters.desk(source) else any_matter(source, id)


@bp.route("/moderazione/<int:id>", methods=["GET", "POST"])
@access("moderation.read", loads=contribution_matter)
def item(matter):
    return _decide(matter)


@bp.route("/moderazione/<source>/<int:id>", methods=["GET", "POST"])
@access("moderation.read", loads=plain_matter)
def other(matter):
    return _decide(matter)


@bp.route("/moderazione/<source>/<int:id>/prendi", methods=["POST"])
@access("moderation.decide", loads=any_matter)
def take(matter):
    form = Form()
    claim = claims.take(matter.subject, me()) if form.accepted() else None
    refusal = _("Somebody else has this in hand: take another, or wait until they have decided.")
    if request.accept_mimetypes.best == "application/json":  # the page itself takes it in hand, and stays
        if claim is None:
            return {"said": refusal}, 409
        return {"said": _("You have it in hand until %(when)s.", when=format_datetime(claim.until, "d MMMM y, HH:mm"))}
    if claim is None:
        flash(refusal, "warning")
    return redirect(place_of(matter, **parameters(wanted(), avanti=argument("avanti", 1))), 303)


@bp.route("/moderazione/<source>/<int:id>/lascia", methods=["POST"])
@access("moderation.read", loads=any_matter)
def give_back(matter):
    form = Form()
    if form.accepted():
        claims.give_back(matter.subject, me())
        flash(_("Given back: others can take it."))
    return redirect(home(), 303)


@bp.route("/moderazione/<source>/<int:id>/annulla", methods=["POST"])
@access("moderation.read", loads=any_matter)
def undo(matter):
    form = Form()
    latest = queries.latest(matter.subject)
    if form.accepted() and latest is not None:
        try:
            services.take_back(latest, matter, me())
        except StaleVersionError:
            flash(_("It can no longer be taken back: the messages have left, or something else was decided since. "
                    "Decide anew."), "warning")
        else:
            flash(str(words.TOLD[Act.UNDO]))
    return redirect(place_of(matter), 303)


def _decide(matter: Matter) -> Any:
    if request.method == "POST":
        require("moderation.decide", matter)
    form = DecisionForm(matter)
    if not form.accepted():
        return page_of(matter, form)
    return carried_out(matter, form.order, form.seen, form) or page_of(matter, form)


def carried_out(matter: Matter, order: acts.Order, seen: int, form: Any, *, then: str = "") -> Any:
    """Decide, and answer where to go on; None where it was refused with a sentence that the form now shows.

    That is the queue, or `then` for what has a list of its own.
    """
    try:
        decision = services.decide(matter, me(), order, seen=seen)
    except StaleVersionError:
        return _overtaken(matter, form)
    except RefusedError as refusal:
        form.form_errors.append(str(refusal))
        return None
    flash(str(words.TOLD[decision.act]), "decided")
    if then:
        return redirect(then, 303)
    if request.form.get("then") == "next":
        return redirect(next_one(annulla=decision.subject), 303)
    return redirect(home(**parameters(wanted(), annulla=decision.subject)), 303)


def page_of(matter: Matter, form: Any) -> str:
    """The page on which a matter is read and decided."""
    about = getattr(matter.thing, "about_id", None)
    parent = contributed.one(about) if about else None
    form.offer()
    decisions = queries.decisions_on(matter.subject)
    verdict = can(me(), "moderation.decide", matter)
    claim = claims.held(matter.subject)
    asked = parameters(wanted(), avanti=argument("avanti", 1))
    flags = queries.flags_of(matter)
    names = queries.asked(decisions)
    mine = bool(decisions) and services.can_be_taken_back(decisions[0], me())
    return render_template(
        "moderation/item.html", matter=matter, contribution=matter.thing, form=form, decisions=decisions,
        parent=parent.thing if parent else None, verdict=verdict, acts=form.decision.choices,
        elsewhere=[act for act in form.offered if acts.rule(act).own_page] if verdict else [],
        flags=flags, waits=queries.waits(matter), claim=claim, bare=Form(), here=place_of(matter), asked=asked,
        narrowed=parameters(wanted()), history=context.history(matter), similar=context.similar(matter, flags),
        asked_people=lambda one: [names[id] for id in one.details["to"] if id in names],
        sentences=sentences(matter, form.rules), own_undoable=mine, **undoable())


def sentences(matter: Matter, rules: Sequence[tuple[str, words.Rule]]) -> list[tuple[str, Any, str]]:
    """For each reason the act that goes with it and a sentence to begin the note with, in the author's language."""
    with force_locale(matter.author.language if matter.author else languages.current()):
        return [(reason, rule.default, str(rule.template or rule.finding))
                for reason, rule in rules]


def _overtaken(matter: Matter, form: Any) -> tuple[str, int]:
    """Somebody decided or has it in hand, or the author changed the text, after the page was opened."""
    return render_template("moderation/overtaken.html", matter=matter, contribution=matter.thing, form=form,
                           here=place_of(matter), claim=claims.held(matter.subject),
                           decisions=queries.decisions_on(matter.subject)), 409


@bp.route("/moderazione/registro")
@access("moderation.queue")
def log():
    act, reason = argument("decisione", 24), argument("motivo", 24)
    page = queries.log(me(), act=Act(act) if act in {a.value for a in Act} else None,
                       reason=reason if reason in {code for code, _rule in words.every_reason()} else "",
                       after=argument("dopo", 400))
    places = {one.id: place(*one.subject.split(":")) for one in page.items}
    return render_template("moderation/log.html", page=page, act=act, reason=reason, places=places)


@pages.before_list("comment")
def _fetch_reasons(comments: Any) -> None:
    """The reasons of all that is hidden in a thread, in one query."""
    hidings_of([comment.id for comment in comments if comment.state is State.HIDDEN])


def hidings_of(ids: Sequence[int]) -> dict[int, queries.Hiding]:
    """By what each of these was hidden, where it was; asked once for all that a page shows."""
    known: dict[int, queries.Hiding | None] = g.setdefault("hidings", {})
    unknown = [id for id in ids if id not in known]
    if unknown:
        known.update(dict.fromkeys(unknown))
        known.update(queries.hidings(unknown))
    return {id: hiding for id in ids if (hiding := known[id])}


@pages.slot("comment.tombstone")
def _tombstone(comment: Contribution) -> str:
    hiding = hidings_of([comment.id]).get(comment.id)
    rule = words.rule(hiding.reason, version=hiding.rule_version) if hiding else words.rule(None, version="")
    return render_template("moderation/tombstone.html", rule=rule,
                           own=hiding.decision_id if hiding and comment.written_by(me()) else 0)


@pages.slot("proposal.aside", position=10)
def _beside_proposal(proposal: Contribution) -> str:
    """For the author, why it is hidden; for moderators, the way to decide."""
    if not me().is_authenticated:
        return ""
    moderates = can(me(), "moderation.read", contributed.of(proposal))
    decision: Decision | None = queries.hiding(proposal) if proposal.state is State.HIDDEN else None
    return render_template("moderation/beside.html", contribution=proposal, decision=decision, moderates=moderates,
                           rule=words.rule(decision.reason, version=decision.rule_version) if decision else None)


@pages.slot("comment.foot")
def _way_to_moderate(comment: Contribution) -> str:
    if not me().is_authenticated or not can(me(), "moderation.read", contributed.of(comment)):
        return ""
    return render_template("moderation/link.html", contribution=comment)


@pages.slot("office.card", position=10)
def _card(person: Any) -> str:
    """On the dashboard of the staff: how much awaits a decision, and how much of it is late."""
    if not can(person, "moderation.queue"):
        return ""
    counted, late = waiting.overview(person)
    return render_template("moderation/card.html", counted=counted, late=late,
                           kind_label=matters.label, Origin=Origin)
