"""Commands about the index of words."""

import click
from flask.cli import AppGroup

from consult.core.db import db
from consult.search import services

commands = AppGroup("search", help="Make the index anew in which proposals are found.")


@commands.command()
def rebuild():
    """Read all public texts and make the index anew. Meanwhile only part of them are found.

    \b
    Example:
      flask --app app search rebuild
    """
    done = 0
    with click.progressbar(length=services.how_many(), label="Reading") as bar:
        for number in services.rebuild():
            db.session.commit()
            bar.update(number)
            done += number
    db.session.commit()
    click.echo(f"{done} contributions are in the index.")
