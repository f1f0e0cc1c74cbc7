"""Commands for whoever shows the demonstration or measures with it."""

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from consult.core.db import db
from consult.demo import services

NUMBER = click.IntRange(0, 10_000_000)

commands = AppGroup("demo", help="Load the demonstration, list its accounts, grow it for measurements.")


@commands.command()
def load():
    """Load the demonstration into an empty database.

    \b
    Example:
      flask --app app db upgrade && flask --app app demo load
    """
    _with_tables()
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
    _with_tables()
    found = services.accounts()
    if not found:
        raise click.ClickException("The demonstration is not loaded. Load it with: flask --app app demo load")
    for account in found:
        click.echo(f"{account.email:32} {account.note}")


@commands.command()
@click.option("--proposals", type=NUMBER, default=0, help="How many proposals to add to the open call.")
@click.option("--comments", type=NUMBER, default=0, help="How many comments on its public proposals.")
@click.option("--people", type=NUMBER, default=0, help="How many people, whom nobody can sign in as.")
@click.option("--supports", type=NUMBER, default=0, help="How many supports for its public proposals.")
@click.option("--submissions", type=NUMBER, default=0, help="How many submissions of the open questionnaires.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same data.")
def grow(seed, **numbers):
    """Add made-up data to the open call and questionnaires, for measurements.

    \b
    Example:
      flask --app app demo grow --people 20000 --proposals 1000 --comments 100000 --supports 50000
    """
    size = services.Size(**numbers)
    if not size.whole:
        raise click.UsageError("Say what to add, for example --proposals 1000 --comments 100000.")
    _with_tables()
    try:
        _keep(services.grow(size, seed=seed), size)
    except services.GrowthError as refusal:
        raise click.ClickException(str(refusal)) from None
    except KeyboardInterrupt:
        raise click.ClickException("Stopped. What was added so far is kept, and every counter is true.") from None


def _keep(batches, size):
    kept = 0
    try:
        with click.progressbar(length=size.whole, label="Growing", show_pos=True) as bar:
            for added in batches:
                db.session.commit()
                kept += added
                bar.update(added)
    finally:
        db.session.rollback()
        if kept:
            click.echo("Setting the counters…")
            services.settle(size)
            db.session.commit()


def _with_tables():
    if not sa.inspect(db.session.connection()).has_table("person"):
        raise click.ClickException("The database has no tables yet. Make them with: flask --app app db upgrade")
