"""Pages of a box: ticking who gets a paper, keying what came out, comparing, and the minutes."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts.views import unkept
from consult.core import disclosure
from consult.core.db import db
from consult.core.web import access, me
from consult.polling import copying, desk, keyed, queries, services, words
from consult.polling.forms import COUNTS, MOST_PAPERS, CloseForm, NumberForm, SpoiledForm, WhoForm
from consult.polling.models import BallotBox, BoxPaper, Spoiled
from consult.polling.services import Came
from consult.voting import papers
from consult.voting import words as voting_words
from consult.voting.filling import Filled
from consult.voting.holding import RefusedError

bp = Blueprint("boxes", __name__)


@bp.route("/urne/<int:id>", methods=["GET", "POST"])
@access("polling.see", loads=queries.box)
def show(box: Any) -> Any:
    form = NumberForm()
    if form.accepted():
        return redirect(url_for(".key", id=box.id, number=form.number.data), 303)
    if not form.is_submitted():
        form.number.data = queries.next_number(box)
    once, differ = queries.waiting(box)
    return render_template("polling/box.html", box=box, ballot=box.ballot, form=form, once=once, differ=differ,
                           progress=queries.progress(box), words=words)


@bp.route("/urne/<int:id>/elenco", methods=["GET", "POST"])
@limits.own_guesses
@access("polling.tick", loads=queries.box)
def tick(box: Any) -> Any:
    form = WhoForm()
    who = desk.found(form, box.ballot)
    if who is not None:
        back = request.form.get("back") == "1"
        try:
            (services.take_tick_back if back else services.tick)(box, who, me())
        except RefusedError as refusal:
            db.session.rollback()
            form.form_errors.append(refusal.reason)
        else:
            flash(_("The tick is taken away. Tear the unused paper up.") if back else _("Ticked: hand out one paper."))
            return redirect(url_for(".tick", id=box.id), 303)
    return unkept(render_template("polling/tick.html", box=box, ballot=box.ballot, form=form, words=words))


def _numbered(id: int, number: int) -> BallotBox | None:
    """The box of a paper that can have this number."""
    return queries.box(id) if 1 <= number <= MOST_PAPERS else None


@bp.route("/urne/<int:id>/schede/<int:number>", methods=["GET", "POST"])
@access("polling.key", loads=_numbered)
def key(box: Any, number: int) -> Any:
    form, copied = SpoiledForm(), copying.sent(box.ballot)
    refusal = services.refusal(box, number, me())
    said = _said(form, copied) if refusal is None and form.accepted() else None
    if said is not None:
        try:
            came = services.key(box, number, me(), said)
        except RefusedError as fault:
            db.session.rollback()
            refusal = fault.reason
        else:
            flash(_told(came, number), "warning" if came is Came.DIFFERENT else "success")
            return redirect(url_for(".key", id=box.id, number=number + 1) if number < MOST_PAPERS else
                            url_for(".show", id=box.id), 303)
    return unkept(render_template("polling/key.html", box=box, ballot=box.ballot, form=form, copied=copied,
                                  number=number, refusal=refusal, words=voting_words))


def _said(form: SpoiledForm, copied: copying.Copied) -> keyed.Keyed | None:
    """What was keyed; None where something is still to be put right."""
    if not copied.done:
        return None
    if form.spoiled.data != COUNTS:
        return keyed.spoiled(Spoiled(form.spoiled.data))
    return keyed.copied(copied.filled.marks, copied.filled.caveats) if copied.sound else None


def _told(came: Came, number: int) -> str:
    return str({
        Came.FIRST: _("Paper %(number)s was keyed once. Somebody else must key it again.", number=number),
        Came.AGREED: _("Paper %(number)s is done.", number=number),
        Came.DIFFERENT: _("Paper %(number)s was keyed differently the first time: compare the two, with the paper at "
                          "hand.", number=number)}[came])


@bp.route("/urne/<int:id>/schede/<int:number>/confronto", methods=["GET", "POST"])
@access("polling.compare", loads=queries.keyed)
def compare(paper: Any) -> Any:
    right = request.form.get("right")
    if request.method == "POST" and right in {"first", "second"}:
        return _after(paper, lambda: services.settle(paper, me(), second=right == "second"),
                      _("Paper %(number)s is done.", number=paper.number))
    if request.method == "POST":
        flash(_("Choose what stands on the paper."), "error")
    return unkept(render_template("polling/compare.html", paper=paper, box=paper.box, ballot=paper.activity,
                                  copied=copying.blank(paper.activity), words=voting_words,
                                  keyed={"first": _shown(paper.first), "second": _shown(paper.second)}))


def _shown(said: keyed.Keyed) -> LazyString | Filled:
    """What one of two people keyed: the paper, or why it does not count."""
    if "spoiled" in said:
        return words.SPOILED[Spoiled(said["spoiled"])]
    return Filled(papers.written(said["marks"]), said["marks"], said.get("caveats", {}))


@bp.route("/urne/<int:id>/schede/<int:number>/da-capo", methods=["POST"])
@access("polling.compare", loads=queries.keyed)
def anew(paper: Any) -> Any:
    return _after(paper, lambda: services.drop(paper, me()),
                  _("Paper %(number)s can be keyed anew.", number=paper.number))


def _after(paper: BoxPaper, act: Any, done: str) -> Any:
    box_id = paper.box_id
    try:
        act()
    except RefusedError as fault:
        db.session.rollback()
        flash(str(fault.reason), "error")
    else:
        flash(done)
    return redirect(url_for(".show", id=box_id), 303)


@bp.route("/urne/<int:id>/chiudi", methods=["GET", "POST"])
@access("polling.close", loads=queries.box)
def close(box: Any) -> Any:
    form = CloseForm()
    if form.accepted():
        try:
            services.close(box, me(), taken_out=form.taken_out.data, note=form.note.data or "")
        except RefusedError as fault:
            db.session.rollback()
            form.form_errors.append(fault.reason)
        else:
            flash(_("The box is closed: its papers are among those of the ballot."))
            return redirect(url_for(".minutes", id=box.id), 303)
    return render_template("polling/close.html", box=box, ballot=box.ballot, form=form, few=disclosure.MINIMUM,
                           progress=queries.progress(box))


@bp.route("/urne/<int:id>/verbale")
@access("polling.see", loads=queries.box)
def minutes(box: Any) -> str:
    return render_template("polling/minutes.html", box=box, ballot=box.ballot, words=words, reasons=Spoiled)
