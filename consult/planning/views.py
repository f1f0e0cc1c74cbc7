"""The plan and its making."""

from flask import Blueprint

bp = Blueprint("planning", __name__)
