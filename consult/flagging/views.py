"""Receipts of reports with their answers, and all that somebody reported."""

from typing import Any

from flask import Blueprint, render_template

from consult.accounts.models import Person
from consult.contributions import queries as contributions
from consult.contributions.words import FLAG_REASONS, KINDS
from consult.core import pages
from consult.core.forms import argument
from consult.core.web import access, me
from consult.flagging import queries, services, words
from consult.flagging.measure import AFTERWARDS

bp = Blueprint("flagging", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "FLAG_REASONS": FLAG_REASONS, "KINDS": KINDS, "address_of": contributions.address}


@bp.route("/profilo/segnalazioni")
@access("flag.list")
def mine():
    tally = queries.tallies([me()]).get(me().id) if services.warned(me()) else None
    return render_template("flagging/mine.html", page=queries.reports(me(), after=argument("dopo", 400)),
                           tally=tally, warned=services.warned(me()), limited=services.limited(me()),
                           more=AFTERWARDS)


@bp.route("/segnalazioni/<int:id>")
@access("flag.follow", loads=queries.flag)
def receipt(flag):
    return render_template("flagging/receipt.html", report=queries.report(flag), flag=flag,
                           contribution=flag.contribution)


@pages.slot("account.profile", position=6)
def on_profile(person: Person) -> str:
    """On the profile: the way to what one reported."""
    return render_template("flagging/profile.html")
