"""Commands for whoever operates the installation."""

from flask.cli import AppGroup

commands = AppGroup("demo", help="")
