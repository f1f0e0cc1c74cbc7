"""Reports of what is no contribution, receipts of reports with their answers, and all that somebody reported."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts.models import Person
from consult.contributions.forms import FlagForm
from consult.contributions.words import FLAG_REASONS
from consult.core import pages
from consult.core.forms import argument
from consult.core.web import access, me
from consult.flagging import queries, services, words
from consult.flagging.measure import AFTERWARDS
from consult.flagging.queries import Report
from consult.moderation import matters, reported
from consult.moderation.reported import Reportable

bp = Blueprint("flagging", __name__)


@bp.context_processor
def _words() -> dict[str, Any]:
    return {"words": words, "FLAG_REASONS": FLAG_REASONS, "called": called}


def called(report: Report) -> str:
    """What was reported, by its kind and code; by its name alone where it is there no longer."""
    matter = report.matter
    return f"{matters.label(matter.source, matter.kind)} {matter.code}" if matter else report.flag.about


def reportable(source: str, id: int) -> Reportable | None:
    """What readers can report though it is no contribution, unknown while not everybody reads it."""
    found = matters.matter(f"{source}:{id}")
    return found if isinstance(found, Reportable) and found.readable else None


@bp.route("/segnala/<source>/<int:id>", methods=["GET", "POST"])
@access("flag.make", loads=reportable)
def report(matter):
    form = FlagForm()
    if form.accepted():
        if not reported.flag(matter, me(), reason=form.chosen, note=form.note.data or ""):
            flash(_("You had already reported this: the moderators know."), "info")
        given = reported.flag_by(matter, me())
        return redirect(url_for(".receipt", id=given.id) if given else matter.address, 303)
    return render_template("flagging/report.html", matter=matter, form=form,
                           kind=matters.label(matter.source, matter.kind))


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
    found = queries.report(flag)
    return render_template("flagging/receipt.html", report=found, flag=flag, matter=found.matter)


@pages.slot("account.profile", position=6)
def on_profile(person: Person) -> str:
    """On the profile: the way to what one reported."""
    return render_template("flagging/profile.html")
