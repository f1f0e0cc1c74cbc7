"""Supports and ballots."""

from flask import Blueprint

bp = Blueprint("voting", __name__)
