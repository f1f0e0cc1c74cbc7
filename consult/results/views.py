"""What came out of each activity."""

from flask import Blueprint

bp = Blueprint("results", __name__)
