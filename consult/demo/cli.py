"""Commands for whoever shows the demonstration or measures with it."""

import click
from flask.cli import AppGroup

from consult.core.db import db
from consult.demo import services

commands = AppGroup("demo", help="Load the demonstration, list its accounts, grow it for measurements.")


@commands.command()
def load():
    """Load the demonstration into an empty database.

    \b
    Example:
      flask --app app db upgrade && flask --app app demo load
    """
    try:
        services.load()
    except services.NotEmptyError:
        raise click.ClickException("The database already holds data: the demonstration is loaded only into an empty "
                                   "one. Choose another database with INSTANCE or DATABASE_URL.") from None
    db.session.commit()
    click.echo("The demonstration is loaded. See who can sign in with: flask --app app demo people")


@commands.command()
def people():
    """List the accounts of the demonstration.

    \b
    Example:
      flask --app app demo people
    """
    found = services.accounts()
    if not found:
        raise click.ClickException("The demonstration is not loaded. Load it with: flask --app app demo load")
    for account in found:
        click.echo(f"{account.email:32} {account.note}")
