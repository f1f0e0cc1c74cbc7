"""The composition root: the only module that knows every feature."""

import logging
from pathlib import Path

import sqlalchemy as sa
from flask import Flask

from consult import navigation
from consult.accounts import cli as accounts_cli
from consult.accounts import guarding as accounts_guarding
from consult.accounts import holdings as accounts_holdings
from consult.accounts import policy as accounts_policy
from consult.accounts import views as accounts_views
from consult.amendments import holdings as amendments_holdings
from consult.amendments import policy as amendments_policy
from consult.amendments import reactions as amendments_reactions
from consult.amendments import views as amendments_views
from consult.analysis import cli as analysis_cli
from consult.analysis import holdings as analysis_holdings
from consult.analysis import policy as analysis_policy
from consult.analysis import sending as analysis_sending
from consult.analysis import views as analysis_views
from consult.appeals import holdings as appeals_holdings
from consult.appeals import policy as appeals_policy
from consult.appeals import reactions as appeals_reactions
from consult.appeals import views as appeals_views
from consult.attachments import holdings as attachments_holdings
from consult.attachments import policy as attachments_policy
from consult.attachments import reactions as attachments_reactions
from consult.attachments import views as attachments_views
from consult.audit import holdings as audit_holdings
from consult.audit import reactions as audit_reactions
from consult.audit.models import AuditEntry
from consult.ballots import exchanging as ballots_exchanging
from consult.ballots import holdings as ballots_holdings
from consult.ballots import policy as ballots_policy
from consult.ballots import reactions as ballots_reactions
from consult.ballots import translating as ballots_translating
from consult.ballots import views as ballots_views
from consult.coauthors import policy as coauthors_policy
from consult.coauthors import reactions as coauthors_reactions
from consult.coauthors import views as coauthors_views
from consult.codings import citing as codings_citing
from consult.codings import holdings as codings_holdings
from consult.codings import policy as codings_policy
from consult.codings import reactions as codings_reactions
from consult.codings import views as codings_views
from consult.comments import holdings as comments_holdings
from consult.comments import policy as comments_policy
from consult.comments import reactions as comments_reactions
from consult.comments import views as comments_views
from consult.contributions import holdings as contributions_holdings
from consult.contributions import policy as contributions_policy
from consult.contributions import views as contributions_views
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
from consult.cosponsors import holdings as cosponsors_holdings
from consult.cosponsors import policy as cosponsors_policy
from consult.cosponsors import reactions as cosponsors_reactions
from consult.cosponsors import views as cosponsors_views
from consult.crossings import policy as crossings_policy
from consult.crossings import views as crossings_views
from consult.demo import cli as demo_cli
from consult.discussions import holdings as discussions_holdings
from consult.discussions import policy as discussions_policy
from consult.discussions import views as discussions_views
from consult.entry import holdings as entry_holdings
from consult.entry import policy as entry_policy
from consult.entry import sending as entry_sending
from consult.entry import views as entry_views
from consult.factors import cli as factors_cli
from consult.factors import holdings as factors_holdings
from consult.factors import overseeing as factors_overseeing
from consult.factors import policy as factors_policy
from consult.factors import views as factors_views
from consult.flagging import policy as flagging_policy
from consult.flagging import reactions as flagging_reactions
from consult.flagging import views as flagging_views
from consult.governance import holdings as governance_holdings
from consult.governance import policy as governance_policy
from consult.governance import views as governance_views
from consult.identity import policy as identity_policy
from consult.identity import providers as identity_providers
from consult.identity import views as identity_views
from consult.importing import cli as importing_cli
from consult.importing import holdings as importing_holdings
from consult.importing import policy as importing_policy
from consult.importing import views as importing_views
from consult.invitations import holdings as invitations_holdings
from consult.invitations import policy as invitations_policy
from consult.invitations import reactions as invitations_reactions
from consult.ledger import cli as ledger_cli
from consult.ledger import policy as ledger_policy
from consult.ledger import views as ledger_views
from consult.lineage import holdings as lineage_holdings
from consult.lineage import policy as lineage_policy
from consult.lineage import reactions as lineage_reactions
from consult.lineage import views as lineage_views
from consult.measures import reactions as measures_reactions
from consult.measures import views as measures_views
from consult.microdata import holdings as microdata_holdings
from consult.microdata import policy as microdata_policy
from consult.microdata import views as microdata_views
from consult.moderation import cli as moderation_cli
from consult.moderation import desk as moderation_desk
from consult.moderation import holdings as moderation_holdings
from consult.moderation import policy as moderation_policy
from consult.moderation import reactions as moderation_reactions
from consult.moderation import views as moderation_views
from consult.notices import holdings as notices_holdings
from consult.notices import mails as notices_mails
from consult.notices import policy as notices_policy
from consult.notices import reactions as notices_reactions
from consult.notices import views as notices_views
from consult.office import asking as office_asking
from consult.office import conversing as office_conversing
from consult.office import discussing as office_discussing
from consult.office import policy as office_policy
from consult.office import sheets as office_sheets
from consult.office import views as office_views
from consult.opinions import exporting as opinions_exporting
from consult.opinions import holdings as opinions_holdings
from consult.opinions import policy as opinions_policy
from consult.opinions import reactions as opinions_reactions
from consult.opinions import views as opinions_views
from consult.organisations import checking as organisations_checking
from consult.organisations import policy as organisations_policy
from consult.organisations import reactions as organisations_reactions
from consult.organisations import views as organisations_views
from consult.places import holdings as places_holdings
from consult.places import reactions as places_reactions
from consult.places import views as places_views
from consult.planning import holdings as planning_holdings
from consult.planning import policy as planning_policy
from consult.planning import reactions as planning_reactions
from consult.planning import views as planning_views
from consult.planning import writing as planning_writing
from consult.polling import boxes as polling_boxes
from consult.polling import desk as polling_desk
from consult.polling import holdings as polling_holdings
from consult.polling import policy as polling_policy
from consult.polling import reactions as polling_reactions
from consult.polling import views as polling_views
from consult.privacy import cli as privacy_cli
from consult.privacy import exports as privacy_exports
from consult.privacy import holdings as privacy_holdings
from consult.privacy import policy as privacy_policy
from consult.privacy import reactions as privacy_reactions
from consult.privacy import retention as privacy_retention
from consult.privacy import views as privacy_views
from consult.processes import holdings as processes_holdings
from consult.processes import policy as processes_policy
from consult.processes import reactions as processes_reactions
from consult.processes import views as processes_views
from consult.proposals import drafting as proposals_drafting
from consult.proposals import holdings as proposals_holdings
from consult.proposals import lists as proposals_lists
from consult.proposals import policy as proposals_policy
from consult.proposals import reactions as proposals_reactions
from consult.proposals import views as proposals_views
from consult.publishing import cli as publishing_cli
from consult.publishing import holdings as publishing_holdings
from consult.publishing import policy as publishing_policy
from consult.publishing import reactions as publishing_reactions
from consult.publishing import views as publishing_views
from consult.quality import holdings as quality_holdings
from consult.quality import policy as quality_policy
from consult.quality import reactions as quality_reactions
from consult.quality import views as quality_views
from consult.questionnaires import editing as questionnaires_editing
from consult.questionnaires import exchanging as questionnaires_exchanging
from consult.questionnaires import holdings as questionnaires_holdings
from consult.questionnaires import policy as questionnaires_policy
from consult.questionnaires import reactions as questionnaires_reactions
from consult.questionnaires import views as questionnaires_views
from consult.reasons import policy as reasons_policy
from consult.reasons import views as reasons_views
from consult.redactions import holdings as redactions_holdings
from consult.redactions import views as redactions_views
from consult.register import policy as register_policy
from consult.register import views as register_views
from consult.results import answering as results_answering
from consult.results import holdings as results_holdings
from consult.results import policy as results_policy
from consult.results import reactions as results_reactions
from consult.results import views as results_views
from consult.resuming import reactions as resuming_reactions
from consult.sanctions import holdings as sanctions_holdings
from consult.sanctions import policy as sanctions_policy
from consult.sanctions import reactions as sanctions_reactions
from consult.sanctions import views as sanctions_views
from consult.screening import policy as screening_policy
from consult.screening import reactions as screening_reactions
from consult.screening import views as screening_views
from consult.search import cli as search_cli
from consult.search import reactions as search_reactions
from consult.sharing import views as sharing_views
from consult.staff import policy as staff_policy
from consult.staff import reactions as staff_reactions
from consult.staff import views as staff_views
from consult.statements import policy as statements_policy
from consult.statements import reactions as statements_reactions
from consult.statements import views as statements_views
from consult.surveys import holdings as surveys_holdings
from consult.surveys import policy as surveys_policy
from consult.surveys import reactions as surveys_reactions
from consult.surveys import receiving as surveys_receiving
from consult.surveys import views as surveys_views
from consult.territory import cli as territory_cli
from consult.verification import bearing
from consult.verification import cli as verification_cli
from consult.verification import counter as verification_counter
from consult.verification import holdings as verification_holdings
from consult.verification import policy as verification_policy
from consult.verification import views as verification_views
from consult.versions import policy as versions_policy
from consult.versions import reactions as versions_reactions
from consult.versions import views as versions_views
from consult.voting import holdings as voting_holdings
from consult.voting import policy as voting_policy
from consult.voting import reactions as voting_reactions
from consult.voting import views as voting_views
from consult.voting import withholding as voting_withholding
from consult.weighting import policy as weighting_policy
from consult.weighting import views as weighting_views

POLICIES = (
    health, accounts_policy, factors_policy, verification_policy, identity_policy, invitations_policy,
    organisations_policy, staff_policy, processes_policy, governance_policy, reasons_policy, contributions_policy,
    attachments_policy, comments_policy, proposals_policy, coauthors_policy, cosponsors_policy, versions_policy,
    amendments_policy, surveys_policy, ledger_policy, voting_policy, discussions_policy, opinions_policy,
    lineage_policy, codings_policy, moderation_policy, screening_policy, statements_policy, appeals_policy,
    flagging_policy, sanctions_policy, register_policy, results_policy, analysis_policy, crossings_policy,
    weighting_policy, planning_policy, publishing_policy, quality_policy, notices_policy, privacy_policy,
    office_policy, polling_policy, ballots_policy, questionnaires_policy, microdata_policy, entry_policy,
    importing_policy,
)
REACTIONS = (
    codings_reactions, coauthors_reactions, versions_reactions, cosponsors_reactions, amendments_reactions,
    attachments_reactions, audit_reactions, comments_reactions, invitations_reactions, moderation_reactions,
    screening_reactions, statements_reactions, appeals_reactions, flagging_reactions, sanctions_reactions,
    notices_reactions, notices_mails, organisations_reactions, places_reactions, planning_reactions,
    privacy_reactions, processes_reactions, proposals_reactions, publishing_reactions, quality_reactions,
    search_reactions, lineage_reactions, results_reactions, staff_reactions, opinions_reactions, resuming_reactions,
    surveys_reactions, voting_reactions, polling_reactions, ballots_reactions, questionnaires_reactions,
    measures_reactions,
)
HOLDINGS = (
    accounts_holdings, factors_holdings, verification_holdings, invitations_holdings, processes_holdings,
    governance_holdings, contributions_holdings, attachments_holdings, places_holdings, comments_holdings,
    proposals_holdings, cosponsors_holdings, amendments_holdings, surveys_holdings, voting_holdings, codings_holdings,
    discussions_holdings, opinions_holdings, lineage_holdings, moderation_holdings, appeals_holdings,
    sanctions_holdings, results_holdings, analysis_holdings, planning_holdings, publishing_holdings, quality_holdings,
    notices_holdings, audit_holdings, privacy_holdings, privacy_exports, polling_holdings, ballots_holdings,
    questionnaires_holdings, microdata_holdings, redactions_holdings, entry_holdings, importing_holdings,
)
"""What each feature holds of a person, and forgets when they leave: importing them is what registers it."""
VIEWS = (
    accounts_views, accounts_guarding, factors_views, factors_overseeing, verification_views, bearing,
    verification_counter, identity_views, organisations_views, organisations_checking, staff_views, processes_views,
    governance_views, reasons_views, contributions_views, sharing_views, attachments_views, places_views,
    comments_views, proposals_views, codings_views, codings_citing, proposals_drafting, proposals_lists,
    coauthors_views, cosponsors_views, versions_views, amendments_views, surveys_views, surveys_receiving,
    ledger_views, voting_views, discussions_views, opinions_views, opinions_exporting, lineage_views,
    moderation_views, moderation_desk, screening_views, quality_views, statements_views, appeals_views,
    flagging_views, sanctions_views, register_views, results_views, results_answering, analysis_views,
    analysis_sending, crossings_views, weighting_views, planning_views, planning_writing, publishing_views,
    notices_views, privacy_views, office_views, office_sheets, office_discussing, office_conversing, office_asking,
    polling_views, polling_desk, polling_boxes, questionnaires_views, ballots_views, ballots_exchanging,
    ballots_translating, questionnaires_editing, questionnaires_exchanging, microdata_views, entry_views,
    entry_sending, redactions_views, measures_views, importing_views, voting_withholding,
)
COMMANDS = (
    accounts_cli, analysis_cli, factors_cli, demo_cli, importing_cli, privacy_cli, publishing_cli, search_cli,
    territory_cli, verification_cli,
)

UNSEEN = ("OpinionGiven", "OpinionsTakenBack", "ProposalDraftSaved")
"""What changes nothing that a visitor could see: whoever types a draft does not have every page made anew."""
HOUSE = Path(__file__).resolve().parent.parent


def create_app(settings: Settings | None = None) -> Flask:
    """The whole application with these settings, or with those of the environment and the instance folder."""
    settings = settings or Settings.load()
    privacy_retention.check(settings)
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
    identity_providers.register(app, settings)
    bearing.recognise_visitors(app)
    for feature in POLICIES:
        policy.register(feature.RULES)
    for feature in VIEWS:
        app.register_blueprint(feature.bp)
    for feature in COMMANDS:
        app.cli.add_command(feature.commands)
    for command in (verification_cli.codes, cli.jobs, ledger_cli.ballots, moderation_cli.moderation, cli.permissions):
        app.cli.add_command(command)
    jobs.register(app, settings)
    caching.register(app, sa.select(sa.func.max(AuditEntry.id)).where(AuditEntry.event.not_in(UNSEEN)),
                     build=health.VERSION)
    app.context_processor(navigation.site)
    return app
