"""Ballots from the command line."""

from pathlib import Path

import click
from flask.cli import AppGroup

from consult.core.db import reading
from consult.ledger import publication, queries

ballots = AppGroup("ballots", help="Ballots: their papers, and the publication with which anybody recounts them.")


@ballots.command("publish", epilog="Example: flask --app app ballots publish 12 --to votazione-12")
@click.argument("id", type=int)
@click.option("--to", "folder", type=click.Path(file_okay=False, path_type=Path),
              help="The folder to write; votazione-ID where none is named.")
@click.option("--whole", is_flag=True, help="For the guarantor only: also what is on papers so rare that they are not "
                                            "published.")
def publish(id: int, folder: Path | None, whole: bool) -> None:
    """Write what is needed to recount the ballot with this ID, verify.py included, into a folder."""
    folder = folder or Path(f"votazione-{id}")
    if queries.activity(id) is None:
        raise click.ClickException(f"There is no ballot {id} in which anybody could vote yet.")
    try:
        with reading():
            publication.to_folder(id, folder, whole=whole)
    except queries.StillOpenError as fault:
        raise click.ClickException(f"Ballot {id} has not closed yet: its papers are nobody's to see.") from fault
    except OSError as fault:
        raise click.ClickException(f"{folder} cannot be written: {fault.strerror or fault}.") from fault
    click.echo(f"{folder}: verify it with  python3 {folder / 'verify.py'}")
