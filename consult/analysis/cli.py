"""Commands that bring figures of the territory."""

from pathlib import Path

import click
from flask.cli import AppGroup

from consult.analysis import files, importing, queries
from consult.core.db import db
from consult.core.spreadsheet import SheetError
from consult.processes import queries as processes

commands = AppGroup("indicators", help="Bring figures of the territory from a file, or take them back.")


@commands.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--process", "slug", required=True, help="Name of the percorso in addresses.")
@click.option("--year", required=True, type=click.IntRange(1861, 2100), help="Of which year the figures are.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and keep nothing.")
def bring(file: Path, slug: str, year: int, dry_run: bool) -> None:
    """Bring the figures of FILE: a table as the site gives it out, or the population of ISTAT by age band and gender.

    \b
    Example:
      flask --app app indicators import population_2023.csv.gz --process rovano-2035 --year 2023 --dry-run
    """
    process = processes.process_called(slug)
    if process is None:
        raise click.ClickException(f"There is no percorso called {slug}.")
    try:
        sent = importing.send(process, None, name=file.name, rows=files.rows_of(file.read_bytes()), year=year)
        looked = importing.look(sent)
    except SheetError as fault:
        raise click.ClickException(str(fault.sentence)) from fault
    for refused in looked.read.refused[:50]:
        click.echo(f"  line {refused.number}: {refused.sentence}")
    click.echo(f"refused lines: {len(looked.read.refused)}")
    if looked.read.without:
        click.echo(f"Without a line: {', '.join(looked.read.without)}.")
    click.echo(f"values that {'would change' if dry_run else 'change'}: {len(looked.changes)}")
    if dry_run or not looked.changes:
        db.session.rollback()
        click.echo("Nothing was kept.")
        return
    importing.take(sent, None)
    db.session.commit()
    click.echo(f"Taken as file {sent.id}: `indicators undo {sent.id}` takes it back.")


@commands.command("undo")
@click.argument("number", type=int)
def undo(number: int) -> None:
    """Give every value back what it was before the file with this NUMBER was taken.

    \b
    Example:
      flask --app app indicators undo 3
    """
    file = queries.file(number)
    if file is None or file.taken_at is None or file.undone_at is not None:
        raise click.ClickException(f"There is no file {number} whose figures stand.")
    if not importing.undo(file, None):
        raise click.ClickException("Values of this file were changed since: nothing was undone.")
    db.session.commit()
    click.echo(f"Undone: {len(file.changes)} values.")
