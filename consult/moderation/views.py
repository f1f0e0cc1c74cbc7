"""The queue and its decisions."""

from flask import Blueprint

bp = Blueprint("moderation", __name__)
