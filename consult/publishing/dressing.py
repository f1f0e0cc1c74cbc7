"""The page on which an office gives its documents its own styles and its emblem."""

import io
from typing import Any

from flask import Blueprint, flash, redirect, render_template, send_file, url_for
from flask_babel import gettext as _

from consult.core import pages
from consult.core.policy import can
from consult.core.uploads import takes_files
from consult.core.web import access, me
from consult.publishing import house, words
from consult.publishing.forms import LooksForm
from consult.publishing.house import Part, UnfitError
from consult.publishing.models import DocumentFormat

bp = Blueprint("dressing", __name__, url_prefix="/ufficio/aspetto-documenti")

_MEDIA_TYPES = {Part.DOCX: words.MEDIA_TYPES[DocumentFormat.DOCX], Part.ODT: words.MEDIA_TYPES[DocumentFormat.ODT],
                Part.EMBLEM: "image/png"}


@bp.route("")
@access("document.dress")
def show() -> str:
    return _page(LooksForm())


@bp.route("", methods=["POST"])
@takes_files
@access("document.dress")
def take() -> Any:
    form = LooksForm()
    if not form.accepted():
        return _page(form)
    try:
        part = house.take(form.sent, me())
    except UnfitError as refusal:
        form.file.errors = [refusal.sentence]
        return _page(form)
    flash(_("Documents made from now on have it: %(what)s.", what=words.PARTS[part][0]))
    return redirect(url_for(".show"), 303)


@bp.route("/<part>/scarica")
@access("document.dress", loads=house.called)
def download(part: Part) -> Any:
    """The file in force, to begin with."""
    name = "emblem.png" if part is Part.EMBLEM else f"reference.{part.value}"
    return send_file(io.BytesIO(house.content(part)), mimetype=_MEDIA_TYPES[part], as_attachment=True,
                     download_name=name, max_age=0)


@bp.route("/<part>/nostro", methods=["POST"])
@access("document.dress", loads=house.called)
def put_back(part: Part) -> Any:
    house.put_back(part, me())
    flash(_("The standard one is in force again. Documents that were made stay as they are."))
    return redirect(url_for(".show"), 303)


@pages.slot("office.card", position=25)
def _card(person: Any) -> str:
    return render_template("publishing/dressing_card.html") if can(person, "document.dress") else ""


def _page(form: LooksForm) -> str:
    return render_template("publishing/dressing.html", form=form, words=words,
                           given=[(part, house.given(part)) for part in Part])
