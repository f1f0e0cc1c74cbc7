"""Files as they are sent, and the lists of them in the pages of texts."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.blueprints import BlueprintSetupState
from flask_babel import format_decimal
from flask_babel import gettext as _

from consult.attachments import queries, services
from consult.attachments.models import Attachment
from consult.contributions import queries as contributions
from consult.contributions.models import Contribution, State
from consult.core import files, pages
from consult.core.policy import can
from consult.core.web import access, me

bp = Blueprint("attachments", __name__)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.globals["ACCEPTED_FILES"] = files.ACCEPTED


@bp.app_template_filter()
def filesize(size: int) -> str:
    """How large a file is, as people say it."""
    if size < 1024 * 1024:
        return str(_("%(size)s KB", size=max(1, round(size / 1024))))
    return str(_("%(size)s MB", size=format_decimal(round(size / 1024 / 1024, 1))))


def readable(token: str) -> Attachment | None:
    """An attachment, unknown to whoever may not read its text."""
    found = queries.by_token(token)
    return found if found and can(me(), "attachment.read", found) else None


@pages.slot("contribution.text", position=60)
def of_contribution(contribution: Contribution) -> str:
    """The attachments under a text."""
    found = [file for file in queries.of_contribution(contribution)
             if file.moderated is State.PUBLISHED or can(me(), "attachment.read", file)]
    if not found:
        return ""
    mine = me().is_authenticated and contribution.author_id == me().id
    return render_template("attachments/of_contribution.html", files=found, contribution=contribution, mine=mine)


@bp.route("/allegati/<token>")
@access("attachment.read", loads=queries.by_token)
def show(attachment):
    return _sent(attachment, files.Size.LARGE)


@bp.route("/allegati/<token>/piccola")
@access("attachment.read", loads=queries.by_token)
def small(attachment):
    return _sent(attachment, files.Size.SMALL)


def _sent(attachment: Attachment, size: files.Size):
    answer = files.answer(attachment.token, size=size, name=attachment.name, mimetype=attachment.mimetype)
    return answer or abort(404)


@bp.route("/allegati/<token>/togli", methods=["POST"])
@access("attachment.take_back", loads=readable)
def take_back(attachment):
    contribution = attachment.contribution
    services.take_back(attachment, me())
    flash(_("“%(name)s” was removed: nobody can open it any more.", name=attachment.name))
    return redirect(contributions.address(contribution) if contribution else url_for("processes.home"), 303)
