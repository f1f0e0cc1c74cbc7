"""Signing up, in and out; the profile."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
