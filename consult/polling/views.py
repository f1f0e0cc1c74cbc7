"""Pages of the desk and of polling places, and the screen of an assembly."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts.models import Tie
from consult.accounts.views import unkept
from consult.core import config, pages
from consult.core.charts import Sheet
from consult.core.config import LANGUAGES
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me
from consult.office.sheets import qr
from consult.polling import paper, queries, services, words
from consult.polling.forms import AssemblyForm, BoxForm
from consult.results import queries as results
from consult.verification import codes
from consult.verification.identifiers import UnavailableError
from consult.verification.models import CodePurpose
from consult.voting import queries as voting
from consult.voting.holding import RefusedError
from consult.voting.models import Ballot

bp = Blueprint("polling", __name__)

GRACE = timedelta(days=30)
"""How long after the closing that is set now codes stay good, should the ballot be prolonged."""


@pages.slot("office.card", position=35)
def card(person: Any) -> str:
    if not can(person, "polling.see"):
        return ""
    return render_template("polling/card.html", ballots=queries.running())


@pages.slot("ballot.office", position=40)
def links(ballot: Ballot) -> str:
    return render_template("polling/links.html", ballot=ballot) if can(me(), "polling.see", ballot) else ""


@pages.slot("ballot.below", position=60)
def screen(ballot: Ballot) -> str:
    """Where the screen of a room is, and for whoever works with paper their pages."""
    return render_template("polling/below.html", ballot=ballot)


@bp.route("/votazioni/<int:id>/carta")
@access("polling.see", loads=voting.ballot)
def show(ballot: Any) -> Any:
    form = BoxForm()
    form.offer(ballot)
    return _show(ballot, form)


def _show(ballot: Ballot, form: BoxForm) -> str:
    return render_template("polling/show.html", ballot=ballot, form=form, boxes=queries.boxes(ballot),
                           batches=queries.batches(ballot), turnout=queries.turnout(ballot), words=words)


@bp.route("/votazioni/<int:id>/carta/urne", methods=["POST"])
@access("polling.open", loads=voting.ballot)
def open_box(ballot: Any) -> Any:
    form = BoxForm()
    form.offer(ballot)
    if not form.accepted():
        return _show(ballot, form)
    try:
        box = services.open_box(ballot, me(), number=form.number.data, municipality=form.towns[form.municipality.data],
                                place=form.place.data, twice=form.twice.data)
    except RefusedError as refusal:
        form.number.errors = [refusal.reason]
        return _show(ballot, form)
    return redirect(url_for("boxes.show", id=box.id), 303)


def _in_language(id: int, language: str) -> Ballot | None:
    return voting.ballot(id) if language in LANGUAGES else None


@bp.route("/votazioni/<int:id>/carta/<language>.pdf")
@access("polling.see", loads=_in_language)
def printed(ballot: Any, language: str) -> Any:
    response = make_response(paper.pdf(ballot, language))
    response.mimetype = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="ballot-{ballot.id}-{language}.pdf"'
    return response


@bp.route("/votazioni/<int:id>/carta/codici", methods=["GET", "POST"])
@access("polling.codes", loads=voting.ballot)
def make_codes(ballot: Any) -> Any:
    """The sheet is shown this once: only hashes of its codes are kept."""
    form = AssemblyForm()
    form.offer(ballot)
    if form.accepted():
        answer = _made(ballot, form)
        if answer:
            return answer
    return render_template("polling/codes.html", ballot=ballot, form=form)


def _made(ballot: Ballot, form: AssemblyForm) -> Any:
    town = form.towns[form.municipality.data]
    try:
        made = codes.make(town, number=form.number.data, purpose=CodePurpose.ASSEMBLY,
                          tie=form.tie.data if form.tie else Tie.RESIDES, expires_at=ballot.closes_at + GRACE,
                          process_id=ballot.process_id, activity_id=ballot.id, actor=me(), form_key=form.form_key)
    except UnavailableError as fault:
        form.form_errors.append(fault.reason)
        return None
    if not made:
        flash(_("This sheet was made already and is shown only once. If you did not get it, cancel it and make "
                "another one."), "info")
        return redirect(url_for(".show", id=ballot.id), 303)
    path = url_for("voting.cast", id=ballot.id)
    links = [(code, config.current().address + url_for("verification.code_in_link", token=code, next=path))
             for code in made]
    return unkept(render_template("polling/sheet.html", ballot=ballot, town=town, links=links, qr=qr,
                                  address=config.current().address + url_for("voting.show", id=ballot.id)))


@bp.route("/votazioni/<int:id>/sala")
@access("ballot.read", loads=voting.ballot)
def room(ballot: Any) -> str:
    """What is shown on a screen to everybody in a room: how many have voted, and only after closing for what."""
    told = ballot.over() and can(me(), "results.read", ballot)
    frozen = results.sheet_of(ballot.id) if told else None
    return render_template(
        "polling/room.html", ballot=ballot, turnout=queries.turnout(ballot), still=argument("fermo", 1) == "1",
        waits=not ballot.over() or (told and frozen is None), sheet=Sheet.from_json(frozen.content) if frozen else None)


@pages.slot("results.below", position=60)
def boxes_of(activity: Any) -> str:
    """With the results of a ballot: what the minutes of its boxes say."""
    if activity.kind != "ballot":
        return ""
    closed = [box for box in queries.boxes(activity) if box.closed_at]
    return render_template("polling/results.html", boxes=closed, words=words) if closed else ""
