"""Commands of the registry office and for sheets of codes."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup

from consult.accounts.models import Tie
from consult.core import config
from consult.core.db import db
from consult.territory.models import Municipality
from consult.verification import codes as sheets
from consult.verification import identifiers, queries, registers
from consult.verification.forms import end_of
from consult.verification.models import CodePurpose

commands = AppGroup("registry", help="Registers of residents, as hashes that the registry office makes.")
codes = AppGroup("codes", help="One-time codes for assemblies and letters.")

READS = click.Path(exists=True, dir_okay=False, path_type=Path)
WRITES = click.Path(dir_okay=False, path_type=Path)


@commands.command("key")
@click.argument("out", type=WRITES)
def key(out: Path) -> None:
    """Write the key with which registry offices hash their lists: give it to them in person.

    \b
    Example:
      flask --app app registry key registers.key
    """
    if out.exists():
        raise click.ClickException(f"{out} exists already: choose another name.")
    out.touch(mode=0o600)
    out.write_text(identifiers.register_key().hex() + "\n", encoding="ascii")
    click.echo(f"The key is in {out}. Whoever has it can find out who is in a register: keep it as you keep the list.")


@commands.command("hash")
@click.argument("source", type=READS)
@click.argument("out", type=WRITES)
@click.option("--key-file", type=READS, required=True, help="What `registry key` wrote.")
def hash_list(source: Path, out: Path, key_file: Path) -> None:
    """Turn a list with tax codes and days of birth into hashes; needs no database and no network.

    \b
    Example, of a list whose first line names the columns codice_fiscale and data_nascita:
      flask --app app registry hash residents.csv hashes.csv --key-file registers.key
    """
    try:
        secret = bytes.fromhex(key_file.read_text(encoding="ascii").strip())
    except ValueError:
        secret = b""
    if len(secret) != 32:
        raise click.ClickException(f"{key_file} holds no key: it must be the file that `registry key` wrote.")
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            hashes, outcome = registers.hashed(file, secret)
    except (registers.RegisterError, UnicodeDecodeError) as fault:
        raise click.ClickException(str(fault)) from None
    out.write_text("\n".join([registers.HEADING, *hashes]) + "\n", encoding="ascii")
    _tell(outcome)
    click.echo(f"{outcome.good} residents hashed into {out}")


@commands.command("import")
@click.argument("source", type=READS)
@click.option("--municipality", "code", required=True, help="Its ISTAT code.")
@click.option("--dry-run", is_flag=True, help="Only count.")
def bring(source: Path, code: str, dry_run: bool) -> None:
    """Put a file of hashes in the place of the register of a municipality.

    \b
    Example:
      flask --app app registry import hashes.csv --municipality 042001 --dry-run
    """
    town = _municipality(code)
    try:
        with source.open(encoding="utf-8-sig") as file:
            outcome = registers.bring(file, town, actor=None, dry_run=dry_run)
    except (registers.RegisterError, UnicodeDecodeError) as fault:
        raise click.ClickException(str(fault)) from None
    db.session.commit()
    _tell(outcome)
    click.echo(f"{town.name}: {outcome.good} residents, {outcome.added} new, {outcome.removed} no longer there"
               f"{'; nothing was changed' if dry_run else ''}")


def _tell(outcome: registers.Outcome) -> None:
    for number, reason in outcome.refused:
        click.echo(f"line {number} refused: {reason}", err=True)
    if outcome.refused:
        click.echo(f"{len(outcome.refused)} lines refused", err=True)


@codes.command()
@click.option("--municipality", "code", required=True, help="Its ISTAT code.")
@click.option("--number", type=click.IntRange(1, sheets.MOST), required=True, help="How many.")
@click.option("--purpose", type=click.Choice([purpose.value for purpose in CodePurpose]), required=True)
@click.option("--expires", type=click.DateTime(["%Y-%m-%d"]), required=True,
              help="The last day on which they are good.")
@click.option("--tie", type=click.Choice([tie.value for tie in Tie]), default=Tie.RESIDES.value, show_default=True,
              help="What ties whoever uses one to the municipality.")
def make(code: str, number: int, purpose: str, expires: datetime, tie: str) -> None:
    """Make codes and print them with their links, this once: only hashes are kept.

    \b
    Example:
      flask --app app codes make --municipality 042001 --number 200 --purpose letter --expires 2027-03-31 > letters.csv
    """
    made = sheets.make(_municipality(code), number=number, purpose=CodePurpose(purpose), tie=Tie(tie),
                       expires_at=end_of(expires.date()), actor=None)
    db.session.commit()
    click.echo("code,link")
    for one in made:
        click.echo(f"{one},{config.current().address}/codice/{one}")


def _municipality(code: str) -> Municipality:
    town = queries.municipality_called(code)
    if town is None or town.istat_code != code:
        raise click.ClickException(f"No municipality has the ISTAT code {code!r}.")
    return town
