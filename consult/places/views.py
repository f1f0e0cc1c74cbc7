"""The place in the page of a text, on a map of the territory."""

from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template
from flask.blueprints import BlueprintSetupState

from consult.contributions.models import Contribution
from consult.core import asking, pages
from consult.places import queries
from consult.places.forms import written
from consult.places.models import Place

bp = Blueprint("places", __name__)


@bp.record_once
def _give_words(state: BlueprintSetupState) -> None:
    state.app.jinja_env.filters["degrees"] = written


@asking.question("contribution", "place")
def _has_place(contribution: Contribution, _person: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(Place.contribution_id == contribution.id)


@pages.slot("contribution.text", position=40)
def of_contribution(contribution: Contribution) -> str:
    """Where it lies, in words and on a small map."""
    if not asking.answer("contribution", "place", contribution):
        return ""
    place, drawing = queries.on_a_map(contribution)
    if place is None:
        return ""
    return render_template("places/of_contribution.html", place=place, drawing=drawing)
