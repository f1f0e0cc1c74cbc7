"""Short codes and flags, whatever the kind."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.contributions import life, queries, services, words
from consult.contributions.forms import FlagForm
from consult.contributions.life import Moment
from consult.contributions.models import Contribution
from consult.core import clock, pages
from consult.core.forms import argument
from consult.core.policy import can
from consult.core.web import access, me

bp = Blueprint("contributions", __name__)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["STATES"] = words.STATES


@bp.app_template_global()
def flag_url(contribution: Contribution) -> str:
    """Where a contribution is reported to the moderators."""
    return pages.address("contributions.flag", id=contribution.id)


def readable(id: int) -> Contribution | None:
    """A contribution of any kind, unknown to whoever may not read it."""
    found = queries.with_id(id)
    return found if found and can(me(), "contribution.read", found) else None


@life.told_by
def sent_and_changed(contribution: Contribution) -> Iterator[Moment]:
    """When it was sent in, became public and was changed."""
    sent = getattr(contribution, "submitted_at", None) or contribution.created_at
    public = contribution.published_at
    if public is None or public - sent > timedelta(minutes=1):
        yield _moment(sent, _("Sent in"), _author(contribution))
    if public is not None:
        waited = public - sent > timedelta(minutes=1)
        yield _moment(public, _("Published"), _("Moderators") if waited else _author(contribution))
    for at in life.edits(contribution):
        yield _moment(at, _("Text changed"), _author(contribution))


def _author(contribution: Contribution) -> str:
    return contribution.organisation.name if contribution.organisation else _("Author")


def _moment(at: datetime, what: str, by: str) -> Moment:
    return Moment(day=clock.local(at).date(), what=what, by=by, at=at)


@pages.slot("proposal.below", position=40)
def story(contribution: Contribution) -> str:
    """On the page of a proposal: what became of it, in the order of time."""
    if not contribution.public:
        return ""
    return render_template("contributions/life.html", moments=life.story(contribution))


@pages.slot("organisation.below")
def of_organisation(organisation: Organisation) -> str:
    """What the organisation wrote, on its page."""
    page = queries.of_organisation(organisation, argument("dopo", 400))
    return render_template("contributions/of_organisation.html", page=page, kinds=words.KINDS,
                           here=url_for("organisations.show", slug=organisation.slug))


@bp.route("/c/<code>")
@access("contribution.read", loads=queries.by_code)
def short(contribution):
    return redirect(queries.address(contribution, argument("ordine", 20)), 303)


@bp.route("/contributi/<int:id>/segnala", methods=["GET", "POST"])
@access("contribution.flag", loads=readable)
def flag(contribution):
    form = FlagForm()
    if form.accepted():
        new = services.flag(contribution, me(), reason=form.chosen, note=form.note.data or "")
        if not new:
            flash(_("You had already reported this: the moderators know."), "info")
        given = queries.flag_by(contribution, me())
        return redirect(url_for("flagging.receipt", id=given.id) if given else queries.address(contribution), 303)
    return render_template("contributions/flag.html", contribution=contribution, form=form,
                           back=queries.address(contribution))
