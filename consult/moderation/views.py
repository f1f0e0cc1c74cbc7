"""The queue, the page on which one matter is decided, the log; and what readers see of decisions."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import format_timedelta
from flask_babel import gettext as _

from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, State
from consult.contributions.words import FLAG_REASONS
from consult.core import clock, pages
from consult.core.db import StaleVersionError
from consult.core.disclosure import MINIMUM
from consult.core.forms import Form, argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.moderation import acts, claims, contributed, matters, queries, services, words
from consult.moderation import queue as waiting
from consult.moderation.acts import RefusedError
from consult.moderation.forms import DecisionForm
from consult.moderation.matters import Matter
from consult.moderation.models import Act, Decision, Origin
from consult.moderation.queue import Wanted

bp = Blueprint("moderation", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "FLAG_REASONS": FLAG_REASONS, "Act": Act, "kind_label": matters.label}


def wanted() -> Wanted:
    """What the address asks of the queue."""
    return Wanted(kind=argument("tipo", 16))


@bp.route("/moderazione")
@access("moderation.queue")
def queue():
    counted = waiting.counted(me())
    asked = wanted()
    if asked.kind not in {kind for _source, kind in counted}:
        asked = Wanted()
    page = waiting.queue(me(), asked, after=argument("dopo", 400))
    decided = matters.matter(argument("annulla", 40)) if "annulla" in request.args else None
    latest = queries.latest(decided.subject) if decided else None
    undoable = decided if latest and services.can_be_taken_back(latest, me()) else None
    return render_template("moderation/queue.html", page=page, counted=counted, kind=asked.kind, form=Form(),
                           undoable=undoable, seconds=int(services.UNDOING.total_seconds()),
                           places={row.matter.subject: place_of(row.matter) for row in page.items},
                           ages={row.matter.subject: _age(row) for row in page.items})


def _age(row: waiting.Waiting) -> str:
    return str(format_timedelta(clock.now() - row.since, granularity="minute"))


@bp.route("/moderazione/prossimo", methods=["POST"])
@access("moderation.queue")
def take_next():
    found = waiting.take_next(me(), wanted())
    if found is None:
        flash(_("There is nothing left that you can decide on: well done."), "info")
        return redirect(url_for(".queue"), 303)
    return redirect(place_of(found.matter), 303)


def place_of(matter: Matter) -> str:
    """The page of the desk on which a matter is decided."""
    return place(matter.source, matter.number)


def place(source: str, number: int | str) -> str:
    """The same by its source and number."""
    own = matters.desk(source)
    if own:
        return f"{own}/{number}"
    if source == "contribution":
        return url_for("moderation.item", id=int(number))
    return url_for("moderation.other", source=source, id=int(number))


def contribution_matter(id: int) -> Matter | None:
    """A contribution as it lies before the moderators."""
    found = contributions.with_id(id)
    return contributed.of(found) if found else None


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
    if form.accepted() and claims.take(matter.subject, me()) is None:
        flash(_("Somebody else has this in hand: take another, or wait until they have decided."), "warning")
    return redirect(place_of(matter), 303)


@bp.route("/moderazione/<source>/<int:id>/lascia", methods=["POST"])
@access("moderation.read", loads=any_matter)
def give_back(matter):
    form = Form()
    if form.accepted():
        claims.give_back(matter.subject, me())
        flash(_("Given back: others can take it."))
    return redirect(url_for(".queue"), 303)


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
    return redirect(then or url_for("moderation.queue", annulla=decision.subject), 303)


def page_of(matter: Matter, form: Any) -> str:
    """The page on which a matter is read and decided."""
    about = getattr(matter.thing, "about_id", None)
    decisions = queries.decisions_on(matter.subject)
    verdict = can(me(), "moderation.decide", matter)
    claim = claims.held(matter.subject)
    return render_template(
        "moderation/item.html", matter=matter, contribution=matter.thing, form=form, decisions=decisions,
        parent=contributions.with_id(about) if about else None, verdict=verdict, acts=form.decision.choices,
        elsewhere=[act for act in acts.offered(matter) if acts.rule(act).own_page] if verdict else [],
        flags=queries.flags_of(matter), waits=queries.waits(matter), claim=claim, bare=Form(),
        here=place_of(matter), undoable=bool(decisions) and services.can_be_taken_back(decisions[0], me()))


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
                       reason=reason if reason in {r.value for r, _rule in words.numbered()} else "",
                       after=argument("dopo", 400))
    places = {one.id: place(*one.subject.split(":")) for one in page.items}
    return render_template("moderation/log.html", page=page, act=act, reason=reason, places=places)


@pages.before_list("comment")
def _fetch_reasons(comments: Any) -> None:
    """The reasons of all that is hidden in a thread, in one query."""
    hidden = [comment.id for comment in comments if comment.state is State.HIDDEN]
    g.hidings = queries.hidings(hidden) if hidden else {}


@pages.slot("comment.tombstone")
def _tombstone(comment: Contribution) -> str:
    known = g.hidings if "hidings" in g else queries.hidings([comment.id])
    id, reason = known.get(comment.id, (0, None))
    return render_template("moderation/tombstone.html", rule=words.rule(reason),
                           own=id if comment.written_by(me()) else 0)


@pages.slot("proposal.aside", position=10)
def _beside_proposal(proposal: Contribution) -> str:
    """For the author, why it is hidden; for moderators, the way to decide."""
    if not me().is_authenticated:
        return ""
    moderates = can(me(), "moderation.read", contributed.of(proposal))
    decision: Decision | None = queries.hiding(proposal) if proposal.state is State.HIDDEN else None
    return render_template("moderation/beside.html", contribution=proposal, decision=decision, moderates=moderates,
                           rule=words.rule(decision.reason) if decision else None)


@pages.slot("comment.foot")
def _way_to_moderate(comment: Contribution) -> str:
    if not me().is_authenticated or not can(me(), "moderation.read", contributed.of(comment)):
        return ""
    return render_template("moderation/link.html", contribution=comment)


@pages.slot("page.rules")
def _rules(_authority: object) -> str:
    figures = queries.figures()
    hidden = {reason: figures.get((Act.HIDE, reason.value), 0) for reason, _rule in words.numbered()}
    shown = {reason: number for reason, number in hidden.items() if number >= MINIMUM}
    return render_template(
        "moderation/rules.html", rules=words.numbered(), hidden=shown, rest=sum(hidden.values()) - sum(shown.values()),
        total=sum(hidden.values()), approved=figures.get((Act.APPROVE, ""), 0), kept=figures.get((Act.KEEP, ""), 0),
        restored=figures.get((Act.RESTORE, ""), 0))


@pages.slot("office.card", position=10)
def _card(person: Any) -> str:
    """On the dashboard of the staff: how much awaits a decision, and how much of it is late."""
    if not can(person, "moderation.queue"):
        return ""
    return render_template("moderation/card.html", counted=waiting.counted(person), late=waiting.late(person),
                           kind_label=matters.label, Origin=Origin)
