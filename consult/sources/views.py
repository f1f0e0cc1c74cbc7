"""What pages of other features say of these: that it waits or was hidden, why, and how to report it."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.attachments.models import Attachment
from consult.contributions.models import State
from consult.core import pages, richtext
from consult.core.db import db
from consult.core.policy import can
from consult.core.web import me
from consult.moderation import queries
from consult.moderation.matters import Matter
from consult.moderation.queries import TAKING_AWAY
from consult.organisations import queries as organisations
from consult.organisations.models import Standing
from consult.sources import descriptions
from consult.sources.attached import KIND as FILE
from consult.sources.attached import Attached
from consult.sources.descriptions import KIND as DESCRIPTION
from consult.sources.descriptions import Described
from consult.sources.quoted import KIND as QUOTE
from consult.sources.quoted import Quoted
from consult.surveys.models import Question

bp = Blueprint("sources", __name__)


@pages.slot("organisation.said")
def _said(organisation: Organisation) -> str:
    """On the public page: the way to report the description, and for moderators to decide on it."""
    public = descriptions.public_one(organisation)
    if public is None:
        return ""
    matter = Described(public, superseded=False)
    return render_template(
        "sources/foot.html", source=DESCRIPTION, number=public.id, label=_("Report this description to the moderators"),
        reports=not matter.concerns(me()), moderates=can(me(), "moderation.read", matter))


@pages.slot("organisation.described")
def _described(organisation: Organisation) -> str:
    """For those who speak for it: what waits, what was hidden, and why."""
    latest = organisations.latest_description(organisation)
    if latest is None or organisation.verified_at is None:
        return ""
    decision = queries.latest(f"{DESCRIPTION}:{latest.id}") if latest.standing is Standing.HIDDEN else None
    return render_template("sources/described.html", latest=latest, organisation=organisation,
                           decision=decision if decision and decision.act in TAKING_AWAY else None)


@pages.slot("attachment.foot")
def _under_file(file: Attachment) -> str:
    """Under a file: that it waits or was hidden, for those who see it nevertheless; else the way to report it."""
    mine = me().is_authenticated and file.owner_id == me().id
    decision = queries.latest(f"{FILE}:{file.id}") if mine and file.moderated is State.HIDDEN else None
    return render_template(
        "sources/file.html", file=file, decision=decision, source=FILE, number=file.id,
        label=_("Report this file to the moderators: %(name)s", name=file.name),
        reports=file.state is State.PUBLISHED and not mine, moderates=can(me(), "moderation.read", file))


@pages.slot("moderation.text")
def _shown(matter: Matter) -> str:
    """On the desk: the file itself, and the text that it goes with."""
    return render_template("sources/shown.html", file=matter.thing, matter=matter) if _is_file(matter) else ""


@pages.slot("statement.kept")
def _kept(statement: Any) -> str:
    """For whoever sent it: the file, which is kept for them."""
    matter = statement.matter
    return render_template("sources/kept.html", file=matter.thing) if _is_file(matter) else ""


@pages.slot("quote.foot")
def _under_quote(quote: Any) -> str:
    """Under a quote that stands with the results: the way to report it, and for moderators to decide on it."""
    return render_template(
        "sources/foot.html", source=QUOTE, number=quote.number, moderates=can(me(), "moderation.queue"),
        reports=not me().is_authenticated or me().id != quote.chosen_by_id,
        label=_("Report this quote to the moderators: %(what)s", what=richtext.excerpt(quote.text, 60)))


def _is_file(matter: Matter) -> bool:
    return isinstance(matter, Attached)


@pages.slot("moderation.context")
def _stands(matter: Matter) -> str:
    """On the desk: where a description stands, and what is public now if it is another one; what a quote answers."""
    if isinstance(matter, Quoted):
        return render_template("sources/answers.html", question=db.session.get_one(Question, matter.thing.question_id))
    if not isinstance(matter, Described):
        return ""
    public = descriptions.public_one(matter.thing.organisation)
    return render_template("sources/stands.html", matter=matter, public=public,
                           another=public is not None and public.id != matter.number)
