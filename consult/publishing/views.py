"""Documents of the plan."""

from flask import Blueprint

bp = Blueprint("publishing", __name__)
