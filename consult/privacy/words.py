"""What each datum is called on the page, and how its value is said."""

import enum
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from flask_babel import LazyString, format_date, format_decimal, format_time
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from consult.accounts.models import MandateKind, TokenPurpose
from consult.accounts.words import ROLES
from consult.comments.models import Stance
from consult.contributions.models import State
from consult.contributions.words import FLAG_REASONS
from consult.core import clock
from consult.core.config import LANGUAGES
from consult.moderation.words import DONE
from consult.moderation.words import RULES as MODERATION
from consult.pact.words import PROGRESS, SIGNATURE_KINDS
from consult.planning.words import RELATIONS
from consult.privacy.models import ExportState
from consult.processes.models import Channel
from consult.results.words import VERDICTS
from consult.verification.words import METHODS

FIELDS: dict[str, LazyString] = {
    "asked": _l("What it shows"), "name": _l("Name"),
    "activity": _l("Activity"), "process": _l("Process"), "pace": _l("How often we write to you"),
    "about": _l("About"), "agrees": _l("You agree"), "quote": _l("Quoted words"), "summary": _l("Summary"),
    "wording": _l("Proposed words"),
    "accepted_at": _l("Accepted on"), "age_band": _l("Age"), "answer": _l("Answer"),
    "answered_at": _l("Answered on"), "as_verified_resident": _l("As a verified resident"),
    "asked_at": _l("Asked on"), "at": _l("When"), "axis": _l("Theme"), "answers": _l("Answers"),
    "category": _l("Category"), "cost": _l("Cost"), "ballot": _l("Ballot"), "body": _l("Text"),
    "browser": _l("Browser"), "cast_how_often": _l("How often it was cast"), "changed_at": _l("Changed on"),
    "channel": _l("How it reached us"), "choices": _l("Choices"), "closed_at": _l("Closed on"), "code": _l("Code"),
    "code_of_the_paper": _l("Code of the paper"), "comments": _l("Comments"), "confirmed_at": _l("Confirmed on"),
    "contribution": _l("Proposal or comment"), "decided_at": _l("Decided on"), "decided_by": _l("Decided by"),
    "decided_on": _l("Decided on"), "decision": _l("Decision"), "declared_age": _l("Age declared, at least"),
    "display_name": _l("The name you typed"), "email": _l("E-mail address"), "ended_at": _l("Ended on"),
    "event": _l("What"), "expires_at": _l("Holds until"), "answers_decided": _l("Answers decided on"),
    "answers_quoted": _l("Answers quoted"), "reader": _l("Reader"), "file": _l("File"), "finished_at": _l("Made on"),
    "for_process": _l("For the percorso number"), "format": _l("Format"),
    "identifier_code": _l("Code of what identifies you"), "imported_from": _l("Brought over from"),
    "in_the_name_of": _l("In the name of"), "kind": _l("Kind"), "language": _l("Language"),
    "last_used_at": _l("Last used on"),
    "last_sign_in_at": _l("Last sign-in"), "made_at": _l("Made on"), "method": _l("How"), "minor": _l("Under 18"),
    "municipality": _l("Municipality"), "name_shown": _l("Your name is shown"), "note": _l("Note"),
    "new_agreed_at": _l("The new address agreed on"), "old_agreed_at": _l("The present address agreed on"),
    "official": _l("For the authority"), "organisation": _l("Organisation"), "password_kept": _l("There is a password"),
    "password_typed_at": _l("Password typed on"), "phase": _l("Phase"), "place": _l("Place"),
    "goes_along": _l("Your support goes along"), "counted": _l("Counted"), "outcomes": _l("Outcomes"),
    "proposed_on": _l("Proposed on"), "published_at": _l("Published on"), "purpose": _l("What for"),
    "question": _l("Question"), "reason": _l("Reason"), "reasons": _l("Reasons"), "receipt": _l("Receipt"),
    "receipt_nonce": _l("Number of the receipt"), "registered_at": _l("Registered on"), "relation": _l("Relation"),
    "papers": _l("Ballot papers"), "reported_at": _l("Reported on"), "reservations": _l("Reservations"),
    "role": _l("Role"), "sent_at": _l("Sent on"),
    "sent_by_you": _l("Sent by you"), "sent_to_you": _l("Sent to you"), "shown_name": _l("The name that others see"),
    "since": _l("Since"), "stance": _l("Stance"), "state": _l("State"), "subject": _l("Subject"),
    "supported_at": _l("Supported on"), "supports": _l("Supports"), "survey": _l("Survey"),
    "suspended_until": _l("Suspended until"), "reports_warned_at": _l("Warned about reports on"),
    "reports_limited_until": _l("One report a day until"), "next_report_at": _l("Next report possible on"),
    "title": _l("Title"), "until": _l("Until"),
    "used_at": _l("Used on"), "verdict": _l("Outcome"), "verified_at": _l("Verified on"), "version": _l("Version"),
    "warned_at": _l("Warned on"), "withdrawn_at": _l("Withdrawn on"),
    "written_at": _l("Written on"), "provider": _l("Provider"), "number": _l("How many"),
    "commitment": _l("Commitment of the pact"), "on": _l("How it is on this day"), "standing": _l("How it goes"),
    "value": _l("Value measured"), "text": _l("Text"), "signatory": _l("Signatory"), "signed_on": _l("Signed on"),
    "sha256": _l("Fingerprint"), "recorded_at": _l("Recorded on"),
}

_SHARED: tuple[Mapping[Any, LazyString], ...] = (
    ROLES, FLAG_REASONS, DONE, VERDICTS, RELATIONS, METHODS, SIGNATURE_KINDS,
    {standing: words for standing, (words, _kind) in PROGRESS.items()})

_VALUES: dict[enum.Enum, LazyString] = {
    **{value: text for words in _SHARED for value, text in words.items()},
    **{reason: rule.label for reason, rule in MODERATION.items()},
    State.DRAFT: _l("Draft"), State.PENDING: _l("Waiting for a moderator"), State.PUBLISHED: _l("Public"),
    State.HIDDEN: _l("Hidden by a moderator"), State.WITHDRAWN: _l("Withdrawn"),
    MandateKind.SPEAKS: _l("speaks for it"), MandateKind.SIGNS: _l("speaks and signs for it"),
    TokenPurpose.CONFIRM: _l("to confirm your address"), TokenPurpose.RESET: _l("to choose a new password"),
    Stance.FAVOURABLE: _l("in favour"), Stance.NEUTRAL: _l("neutral"), Stance.AGAINST: _l("against"),
    Stance.QUESTION: _l("a question"),
    Channel.ONLINE: _l("on this site"), Channel.PAPER: _l("on paper"), Channel.DESK: _l("at the help desk"),
    Channel.ASSEMBLY: _l("in an assembly"), Channel.IMPORTED: _l("from another system"),
    ExportState.WAITING: _l("being made"), ExportState.READY: _l("ready"), ExportState.FAILED: _l("not made"),
}


def field(name: str) -> str:
    """What a datum is called."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def said(name: str, value: Any) -> str:
    """A value as the page says it; empty for what is not there."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, enum.Enum):
        return str(_VALUES.get(value, value.value))
    if isinstance(value, datetime):
        return f"{format_date(clock.local(value), 'long')}, {format_time(value, 'HH:mm')}"
    if isinstance(value, date):
        return str(format_date(value, "long"))
    if isinstance(value, int | float):
        return str(format_decimal(value))
    if isinstance(value, list):
        return " · ".join(map(str, value))
    return LANGUAGES.get(value, value) if name == "language" else str(value)
