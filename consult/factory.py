"""The composition root: the only module that knows every feature."""

import logging
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import sqlalchemy as sa
from flask import Flask
from flask.cli import AppGroup

from consult import navigation
from consult.audit.models import AuditEntry
from consult.core import (
    assets,
    caching,
    cli,
    compress,
    db,
    errors,
    health,
    jobs,
    languages,
    pages,
    policy,
    uploads,
    web,
)
from consult.core.config import Settings
from consult.identity import providers
from consult.privacy import retention
from consult.verification import bearing

HOUSE = Path(__file__).resolve().parent.parent
BELOW = ("core", "mapping", "methods", "migrations", "static")
"""Folders of the package that are no features."""
FURTHER = {
    "accounts": ("guarding",), "analysis": ("sending",), "ballots": ("exchanging", "translating"),
    "codings": ("citing",), "comments": ("telling",), "concluding": ("writing",), "drafting": ("writing",),
    "entry": ("sending",), "factors": ("overseeing",), "meetings": ("convening", "minuting"), "moderation": ("desk",),
    "office": ("asking", "conversing", "discussing", "sheets"), "opinions": ("exporting",),
    "organisations": ("checking",), "pact": ("sheets", "signing", "writing"),
    "planning": ("linking", "sheets", "showing", "writing"), "polling": ("boxes", "desk"),
    "privacy": ("exports",), "proposals": ("drafting", "lists"), "publishing": ("dressing",),
    "questionnaires": ("editing", "exchanging"), "remarks": ("answering",), "restitution": ("writing",),
    "results": ("answering", "deciding", "proving", "summing"), "sorting": ("codebook", "suggesting"),
    "surveys": ("receiving",), "verification": ("bearing", "counter"), "voting": ("withholding",),
}
"""Modules of features that register something when they are imported, beside those that have their name from it."""
NAMES = ("cli", "holdings", "mails", "policy", "reactions", "views")


def _parts() -> Iterator[ModuleType]:
    """Every module of a feature that gives the application something; importing it is what registers the rest."""
    for folder in sorted((HOUSE / "consult").iterdir()):
        if folder.name in BELOW or not (folder / "__init__.py").exists():
            continue
        for name in sorted((*NAMES, *FURTHER.get(folder.name, ()))):
            if (folder / f"{name}.py").exists():
                yield import_module(f"consult.{folder.name}.{name}")


PARTS = tuple(_parts())
UNSEEN = ("CorrectionAnswered", "CorrectionSent", "MinutesCirculated", "MinutesWritten", "OpinionGiven",
          "OpinionsTakenBack", "PlanNoteReopened", "PlanNoteResolved", "PlanNoteWritten", "PlanPartReviewed",
          "PlanTextTyped", "ProposalDraftSaved")
"""What changes nothing that a visitor could see: whoever types a draft does not have every page made anew."""


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application with these settings, or with those of the environment and the instance folder."""
    settings = settings or Settings.load()
    retention.check(settings)
    app = Flask("consult", root_path=str(HOUSE / "consult"), template_folder=str(HOUSE / "templates"),
                static_folder=str(HOUSE / "consult" / "static"), instance_path=str(settings.instance))
    app.extensions["settings"] = settings
    logging.getLogger("consult").setLevel(logging.INFO)
    languages.babel.init_app(
        app, default_locale=languages.DEFAULT, default_timezone="Europe/Rome",
        default_translation_directories=str(HOUSE / "translations"), locale_selector=languages.choose)
    languages.register(app)
    db.register(app, settings)
    web.register(app, settings)
    for part in (errors, uploads, compress, pages, assets, health):
        part.register(app)
    providers.register(app, settings)
    bearing.recognise_visitors(app)
    policy.register(health.RULES)
    for part in PARTS:
        _take_in(app, part)
    for command in (cli.jobs, cli.permissions):
        app.cli.add_command(command)
    jobs.register(app, settings)
    caching.register(app, sa.select(sa.func.max(AuditEntry.id)).where(AuditEntry.event.not_in(UNSEEN)),
                     build=health.VERSION)
    app.context_processor(navigation.site)
    return app


def _take_in(app: Flask, part: ModuleType) -> None:
    """Let the application have the rules, the pages and the commands of a module."""
    if rules := getattr(part, "RULES", None):
        policy.register(rules)
    if pages_of := getattr(part, "bp", None):
        app.register_blueprint(pages_of)
    for thing in vars(part).values():
        if isinstance(thing, AppGroup):
            app.cli.add_command(thing)
