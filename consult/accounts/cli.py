"""Commands about people: the first administrator of an installation, and who has which role."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from email_validator import EmailNotValidError, validate_email
from flask.cli import AppGroup
from flask_babel import force_locale

from consult.accounts import queries, registration, rules, services
from consult.accounts.models import Person, Role
from consult.core.config import LANGUAGES
from consult.core.db import db

commands = AppGroup("people", help="Open accounts, give and take back roles, list who has them.")

ROLE = click.Choice([role.value for role in Role])


@contextmanager
def _sentences() -> Iterator[None]:
    """Commands speak English, and a refusal ends them with status 1."""
    with force_locale("en"):
        try:
            yield
        except services.RoleError as refusal:
            raise click.ClickException(str(refusal.reason)) from None
        except registration.AddressTakenError:
            raise click.ClickException("Somebody has an account with this address. "
                                       "Give roles to it with: flask --app app people grant") from None


@commands.command()
@click.argument("email")
@click.option("--name", required=True, help="The name that others see.")
@click.option("--language", type=click.Choice(list(LANGUAGES)), default="it", show_default=True,
              help="The language of the messages sent to this person.")
def create(email: str, name: str, language: str) -> None:
    """Open an account that needs no confirmation; asks for its password.

    \b
    Example, the first administrator of an installation:
      flask --app app people create anna@comune.example.org --name "Anna Conti"
      flask --app app people grant anna@comune.example.org platform_admin
    """
    with _sentences():
        try:
            validate_email(email, check_deliverability=False)
        except EmailNotValidError as fault:
            raise click.ClickException(f"This is not an e-mail address: {fault}") from None
        password = click.prompt("Password", hide_input=True, confirmation_prompt="The same password once more")
        for weak in (rules.unfit_name(name), rules.weakness(password, *rules.known_words(email, name))):
            if weak:
                raise click.ClickException(str(weak))
        person = registration.create(email, password=password, name=name[:80], language=language)
    db.session.commit()
    click.echo(f"{person.email} can sign in.")


@commands.command()
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--process", "slug", help="Only for this percorso, named as in its address.")
def grant(email: str, role: str, slug: str | None) -> None:
    """Give a role, for the whole site or for one percorso.

    \b
    Example:
      flask --app app people grant anna@comune.example.org moderator --process valle-del-rovano-2035
    """
    person = _person(email)
    with _sentences():
        given = services.grant(person, Role(role), process_id=_process_id(slug))
    db.session.commit()
    click.echo(f"{person.email} is now {role}{f' of {slug}' if slug else ''}." if given
               else f"{person.email} had this role already.")


@commands.command()
@click.argument("email")
@click.argument("role", type=ROLE)
@click.option("--process", "slug", help="The percorso for which the role was given.")
def revoke(email: str, role: str, slug: str | None) -> None:
    """Take a role back and sign the person out everywhere.

    \b
    Example:
      flask --app app people revoke anna@comune.example.org moderator
    """
    person = _person(email)
    with _sentences():
        taken = services.revoke(person, Role(role), process_id=_process_id(slug))
    if not taken:
        raise click.ClickException(f"{person.email} does not have this role"
                                   f"{f' for {slug}' if slug else ' for the whole site'}.")
    db.session.commit()
    click.echo(f"{person.email} is no longer {role}{f' of {slug}' if slug else ''}.")


@commands.command()
@click.argument("email")
def close(email: str) -> None:
    """Close an account and sign the person out everywhere; what they wrote stays.

    \b
    Example:
      flask --app app people close somebody@example.org
    """
    person = _person(email)
    services.close(person, actor=None)
    db.session.commit()
    click.echo(f"The account of {person.email} is closed.")


@commands.command("list")
@click.option("--staff", is_flag=True, help="Only those who have a role.")
def show(staff: bool) -> None:
    """List accounts with their roles.

    \b
    Example:
      flask --app app people list --staff
    """
    slugs = {id: slug for id, slug, _title in queries.processes()}
    for person in queries.people(staff=staff):
        roles = ", ".join(sorted(
            g.role.value + (f" of {slugs.get(g.process_id, g.process_id)}" if g.process_id else "")
            for g in person.role_grants))
        state = " (closed)" if person.closed_at else "" if person.confirmed_at else " (not confirmed)"
        click.echo(f"{person.email:34} {person.display_name}{state}{f'  [{roles}]' if roles else ''}")


def _person(email: str) -> Person:
    person = queries.by_email(services.normalised(email))
    if person is None:
        raise click.ClickException(f"Nobody has registered with {email}. "
                                   "Open an account with: flask --app app people create")
    return person


def _process_id(slug: str | None) -> int | None:
    if slug is None:
        return None
    found = {name: id for id, name, _title in queries.processes()}.get(slug)
    if found is None:
        raise click.ClickException(f"There is no percorso named {slug!r}.")
    return found
