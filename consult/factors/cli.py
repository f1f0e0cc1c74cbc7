"""Commands about second factors, for the day on which no administrator can sign in."""

import click
from flask.cli import AppGroup

from consult.accounts import queries
from consult.accounts.services import normalised
from consult.core.db import db
from consult.factors import services

commands = AppGroup("factors", help="Take away second factors that were lost.")


@commands.command()
@click.argument("email")
def reset(email: str) -> None:
    """Take all second factors away from somebody: signed out everywhere, and told by mail.

    \b
    Example:
      flask --app app factors reset anna@comune.example.org
    """
    person = queries.by_email(normalised(email))
    if person is None:
        raise click.ClickException(f"Nobody has registered with {email}.")
    if person.second_factor_since is None:
        raise click.ClickException(f"{person.email} has no second factor.")
    services.reset(person, actor=None)
    db.session.commit()
    click.echo(f"{person.email} signs in with the password alone again.")
