"""Commands that bring percorsi from other systems."""

import sys
from datetime import datetime
from pathlib import Path

import click
import sqlalchemy as sa
from flask.cli import AppGroup

from consult.accounts.models import Person
from consult.core import clock
from consult.core.db import db
from consult.importing import decidim, polis, reading, services
from consult.importing.frame import Choice

commands = AppGroup("import", help="Bring a percorso from another system, or take it back.")


@commands.command("decidim")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--process", "slug", default="decidim", show_default=True, help="Name of the percorso in addresses.")
@click.option("--code", default="DEC", show_default=True, help="First letters of the public codes.")
@click.option("--title", default="Percorso importato", show_default=True, help="Title of the percorso.")
@click.option("--authority", default="Ente importato", show_default=True, help="Who ran it.")
@click.option("--language", default="ca", show_default=True, help="Language in which people wrote.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what happened, and keep nothing.")
def bring(folder: Path, slug: str, code: str, title: str, authority: str, language: str, dry_run: bool) -> None:
    """Bring proposals, comments, supports and outcomes that Decidim published.

    FOLDER holds proposals.jsonl.gz and comments.jsonl.gz. A second import adds only what is new.

    Example: flask --app app import decidim data/barcelona --process barcelona --code BCN --dry-run
    """
    choice = Choice(slug=slug, code=code, title=title, authority=authority, language=language)
    try:
        with click.progressbar(length=services.rows_of(folder), label="Importing", file=sys.stderr) as bar:
            report = services.bring(folder, choice, done=bar.update)
    except (decidim.UnreadableError, services.ImportRefusedError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if dry_run:
        db.session.rollback()
        click.echo("Dry run: nothing was kept.")
    else:
        db.session.commit()
    _tell(report)


@commands.command("undo")
@click.argument("slug")
def undo(slug: str) -> None:
    """Remove an imported percorso with all that the import made.

    Refused where people have taken part in it since.

    Example: flask --app app import undo barcelona
    """
    try:
        removed = services.undo(slug)
    except services.ImportRefusedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo("Removed: " + ", ".join(f"{count} {name}" for name, count in removed.items()))


@commands.command("polis")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--process", "slug", required=True, help="Name of the percorso in addresses.")
@click.option("--name", required=True, help="What the conversation is taken back by.")
@click.option("--author", required=True, help="Address of one of the staff, in whose name the statements stand.")
@click.option("--language", default="it", show_default=True, help="Language of the statements.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Stay open until this day; else it has closed.")
@click.option("--dry-run", is_flag=True, help="Do everything, say what happened, and keep nothing.")
def bring_conversation(folder: Path, slug: str, name: str, author: str, language: str, until: datetime | None,
                       dry_run: bool) -> None:
    """Bring a conversation that Polis exported, as a map of opinions.

    FOLDER holds comments.csv, and votes.csv or participants-votes.csv.

    Example: flask --app app import polis data/biodiversity --process rovano --name biodiversity --author a@b.it
    """
    person = db.session.scalar(sa.select(Person).where(Person.email == author))
    if person is None:
        raise click.ClickException(f"Nobody has the address {author}: name one of the staff with --author.")
    try:
        found = reading.read(reading.in_folder(folder))
        polis.bring(found, polis.place(slug), person, name=name, language=language,
                    until=until.replace(tzinfo=clock.ROME) if until else None)
    except (reading.UnreadableError, services.ImportRefusedError) as refusal:
        raise click.ClickException(str(refusal)) from refusal
    if dry_run:
        db.session.rollback()
        click.echo("Dry run: nothing was kept.")
    else:
        db.session.commit()
    click.echo(f"statements: {len(found.remarks)}, of which hidden: {found.hidden}")
    click.echo(f"participants: {found.participants}, answers: {len(found.votes)}")
    _refused([f"{one.file}, line {one.line}: {reading.WHY[one.why]}" for one in found.refused])


@commands.command("undo-polis")
@click.argument("name")
def undo_conversation(name: str) -> None:
    """Remove an imported conversation with all that the import made.

    Refused where people have taken part in it since.

    Example: flask --app app import undo-polis biodiversity
    """
    try:
        removed = polis.undo(polis.called(name))
    except services.ImportRefusedError as refusal:
        raise click.ClickException(str(refusal)) from refusal
    db.session.commit()
    click.echo("Removed: " + ", ".join(f"{count} {name}" for name, count in removed.items()))


def _tell(report: services.Report) -> None:
    for kind, new in report.new.items():
        click.echo(f"{kind}: {new} new, {report.known[kind]} there already")
    if report.shortened:
        click.echo(f"{report.shortened} titles were too long: the whole title opens the text")
    _refused([f"{refusal.file}, line {refusal.line}: {refusal.why}" for refusal in report.refused])


def _refused(lines: list[str]) -> None:
    click.echo(f"refused lines: {len(lines)}")
    for line in lines[:50]:
        click.echo(f"  {line}")
    if len(lines) > 50:
        click.echo(f"  … and {len(lines) - 50} more")
