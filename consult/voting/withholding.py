"""The page on which a moderator withholds what was said with reservation, or has it read again."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core.web import access, me
from consult.voting import caveats, queries
from consult.voting.forms import WithholdForm
from consult.voting.models import Ballot

bp = Blueprint("withholding", __name__)


def _with_mark(id: int, mark: str) -> Ballot | None:
    return queries.ballot(id)


@bp.route("/votazioni/<int:id>/riserve/<mark>", methods=["GET", "POST"])
@access("ballot.withhold", loads=_with_mark)
def decide(ballot: Any, mark: str) -> Any:
    said = caveats.marked(ballot, mark) or abort(404)
    form = WithholdForm(data={"why": said.withheld.value if said.withheld else ""})
    if form.accepted():
        caveats.decide(ballot, me(), mark, form.chosen)
        flash(_("Readers no longer get this text. They learn that it is withheld, and why.") if form.chosen
              else _("Everybody can read this text."))
        return redirect(url_for("voting.show", id=ballot.id, _anchor="reservations"), 303)
    return render_template("voting/withhold.html", ballot=ballot, said=said, form=form,
                           option=next(one for one in ballot.options if one.code == said.code))
