"""Short codes and flags, whatever the kind."""

from flask import Blueprint

bp = Blueprint("contributions", __name__)
