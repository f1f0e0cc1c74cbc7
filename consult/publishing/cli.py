"""Documents from the command line."""

import time
from pathlib import Path

import click
from flask.cli import AppGroup

from consult.core.config import LANGUAGES
from consult.planning import queries as planning
from consult.publishing import queries, services
from consult.publishing.document import WritingError
from consult.publishing.kinds import HinderedError
from consult.publishing.models import DocumentFormat

commands = AppGroup("plan", help="Documents made from a percorso and its plan.")

SAYING = {"read": "Reading the plan and what was said…", "write": "Writing the file…"}


@commands.command("export", epilog="Example: flask --app app plan export rovano-2035 --format docx --output plan.docx")
@click.argument("slug")
@click.option("--format", "form", required=True, type=click.Choice([each.value for each in DocumentFormat]),
              help="The format of the document.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@click.option("--lang", default="it", show_default=True, type=click.Choice(list(LANGUAGES)),
              help="The language of headings and captions.")
@click.option("--kind", default="plan", show_default=True,
              help="Which document: plan, response, phase_results, final_report, or what a feature adds.")
@click.option("--about", default="", help="What of the percorso it is about, such as phase:3; else the first.")
def export(slug: str, form: str, output: Path, lang: str, kind: str, about: str) -> None:
    """Write a document of the plan called SLUG, or of its percorso, into a file."""
    if not output.parent.is_dir():
        raise click.ClickException(f"There is no folder {output.parent}: make it first, or name another one.")
    began = time.monotonic()
    plan = planning.by_slug(slug)
    if plan is None:
        known = ", ".join(queries.slugs())
        raise click.ClickException(f"There is no plan called {slug}. " + (f"There are: {known}." if known else
                                                                         "There is none yet."))
    wanted = services.Wanted(form=DocumentFormat(form), language=lang)
    try:
        services.export(plan.process.slug, kind, about, wanted, output, told=_tell)
    except OSError as fault:
        raise click.ClickException(f"{output} cannot be written: {fault.strerror or fault}.") from fault
    except (HinderedError, WritingError, services.NothingThereError) as fault:
        raise click.ClickException(f"The document could not be made: {fault}") from fault
    click.echo(f"{output}: {output.stat().st_size:,} bytes in {time.monotonic() - began:.1f} seconds.")


def _tell(_hundredths: int, step: str) -> None:
    if step in SAYING:
        click.echo(SAYING[step], err=True)
