"""The page from which a contribution is passed on, and what its own page says to whoever prints it."""

from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, make_response, render_template, url_for
from flask_babel import gettext as _

from consult.contributions import queries
from consult.contributions.models import Contribution
from consult.core import config, pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.sharing.squares import Squares

bp = Blueprint("sharing", __name__)


def short_address(contribution: Contribution) -> str:
    """The address that stays, whatever the contribution will be called."""
    return config.current().address + url_for("contributions.short", code=contribution.code)


def public(code: str) -> Contribution | None:
    """What everybody can read, by its code: there is nothing to pass on of anything else."""
    found = queries.by_code(code)
    return found if found is not None and found.public and can(me(), "contribution.read", found) else None


@bp.route("/c/<code>/condividi")
@access("contribution.read", loads=public)
def share(contribution: Contribution) -> Any:
    whole = queries.with_id(contribution.id)
    address = short_address(contribution)
    text = _("%(title)s\n\n%(address)s", title=whole.heading, address=address) if whole else address
    mail = f"mailto:?subject={quote(whole.heading if whole else '')}&body={quote(text)}"
    return render_template("sharing/share.html", contribution=whole, address=address, mail=mail,
                           squares=Squares.leading_to(address), back=queries.address(contribution))


@bp.route("/c/<code>/qr.svg")
@access("contribution.read", loads=public)
def picture(contribution: Contribution) -> Response:
    drawn = render_template("sharing/qr.svg", squares=Squares.leading_to(short_address(contribution)),
                            code=contribution.code)
    response = make_response(drawn)
    response.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    response.headers["Content-Disposition"] = f'attachment; filename="{contribution.code}.svg"'
    return response


@pages.slot("proposal.share", position=50)
def ways(contribution: Contribution) -> str:
    """On the page of a proposal: share and print; on paper, its code and its short address."""
    if not contribution.public:
        return ""
    return render_template("sharing/ways.html", contribution=contribution, address=short_address(contribution))


@pages.slot("page.meta")
def described(contribution: Contribution) -> str:
    """What programs that preview links are told of a public text; they are asked for nothing, and nobody else is."""
    if not contribution.public:
        return ""
    return render_template("sharing/meta.html", contribution=contribution, address=short_address(contribution),
                           page=config.current().address + queries.address(contribution))
