"""Reading the record of decisions again."""

import sys

import click
from flask.cli import AppGroup

from consult.moderation import record

moderation = AppGroup("moderation", help="What moderators decided.")


@moderation.command("verify")
def verify() -> None:
    """Read the whole record again and say where anything was changed, removed, added or moved.

    \b
    Example:
        flask --app app moderation verify
    """
    faults = record.verify()
    size, digest = record.length()
    for fault in faults:
        click.echo(f"decision {fault.number}: {fault.what}")
    if faults:
        click.echo(f"The record of {size} decisions is not as it was written: {len(faults)} faults.")
        sys.exit(1)
    click.echo(f"{size} decisions, each as it was written. The last has the digest {digest}.")
