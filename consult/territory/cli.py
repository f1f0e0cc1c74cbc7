"""Commands about the territory."""

import json

import click
from flask.cli import AppGroup

from consult.core.db import db
from consult.territory import services

MOST_BYTES = 50 * 1024 * 1024

commands = AppGroup("territory", help="Take in the boundaries of the municipalities, for maps.")


@commands.command()
@click.argument("file", type=click.File("rb"))
def boundaries(file):
    """Take in the boundaries of FILE, a GeoJSON in degrees (WGS 84) whose features give the ISTAT code.

    What was taken in before for the same municipality is replaced.

    \b
    Example:
      flask --app app territory boundaries comuni.geojson
    """
    content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise click.ClickException("The file is larger than 50 MB: simplify the boundaries first.")
    try:
        done = services.take_in_boundaries(json.loads(content))
    except (ValueError, RecursionError) as fault:
        said = str(fault) if isinstance(fault, services.BoundariesError) else "The file is no JSON."
        raise click.ClickException(said) from None
    db.session.commit()
    click.echo(f"Taken in: {', '.join(one.name for one in done.drawn)}.")
    if done.unknown:
        click.echo(f"Left out, as no municipality has the code: {', '.join(done.unknown)}.")
    if done.missing:
        click.echo(f"Still without a boundary: {', '.join(one.name for one in done.missing)}.")
