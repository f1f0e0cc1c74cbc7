"""The dashboard of the staff."""

from flask import Blueprint

bp = Blueprint("office", __name__)
