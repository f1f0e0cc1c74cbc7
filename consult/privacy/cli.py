"""Commands about people's data: copies and erasures asked for by letter, the rules of each day, restored backups."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import force_locale

from consult.accounts import queries as accounts
from consult.accounts.models import Person
from consult.accounts.services import RoleError, normalised
from consult.core import clock, jobs
from consult.core.db import db
from consult.privacy import erasure, exports, retention

commands = AppGroup("privacy", help="Give and erase a person's data, apply the rules of how long data are kept.")


@contextmanager
def _english() -> Iterator[None]:
    with force_locale("en"):
        yield


@commands.command()
@click.argument("email")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The ZIP to write.")
def copy(email: str, output: Path) -> None:
    """Write everything held of a person into a file, for whoever has asked for it by letter.

    \b
    Example:
      flask --app app privacy copy anna@example.org --output anna.zip
    """
    content = exports.packed(_person(email))
    try:
        descriptor = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as fault:
        raise click.ClickException(f"{output} cannot be written: {fault.strerror or fault}.") from fault
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    click.echo(f"{output}: {len(content):,} bytes. It opens without a password: hand it over safely, then delete it.")


@commands.command()
@click.argument("email")
@click.option("--texts", type=click.Choice(["stay", "withdraw"]), required=True,
              help="Whether what the person wrote stays without a name, or is withdrawn.")
@click.confirmation_option(prompt="This cannot be undone. Erase this person?")
def erase(email: str, texts: str) -> None:
    """Erase a person who has asked for it by letter.

    \b
    Example:
      flask --app app privacy erase anna@example.org --texts stay
    """
    person = _person(email)
    with _english():
        try:
            erasure.erase(person, withdraw=texts == "withdraw", actor=None)
        except RoleError as refusal:
            raise click.ClickException(str(refusal.reason)) from None
    jobs.keep()
    erasure.note_erasures()
    click.echo(f"Person {person.id} is erased.")


@commands.command()
def reapply() -> None:
    """Erase again whom a restored backup has brought back; do it before the site opens.

    \b
    Example:
      flask --app app privacy reapply
    """
    again = erasure.reapply()
    db.session.commit()
    click.echo(f"{len(again)} erased again." if again else "Nobody had to be erased again.")


@commands.command()
def retain() -> None:
    """Apply now the rules of how long data are kept, which otherwise happens once a day.

    \b
    Example:
      flask --app app privacy retain
    """
    for code, removed in retention.run(clock.today()).items():
        click.echo(f"{code:14} {removed:6}")


def _person(email: str) -> Person:
    person = accounts.by_email(normalised(email))
    if person is None:
        raise click.ClickException(f"Nobody has an account with {email}.")
    return person
