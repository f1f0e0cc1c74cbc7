"""What bodies are called, and the policy in plain words.

An action without its words, or a condition, fails a test.
"""

from dataclasses import dataclass

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.governance.models import BodyKind

KINDS: dict[BodyKind, LazyString] = {
    BodyKind.STEERING_GROUP: _l("Steering group"),
    BodyKind.PLAN_OFFICE: _l("Plan office"),
    BodyKind.GUARANTEE_COMMITTEE: _l("Guarantee committee"),
    BodyKind.THEMATIC_TABLE: _l("Thematic table"),
    BodyKind.FORUM: _l("Forum"),
    BodyKind.OTHER: _l("Other body"),
}

PARTS: dict[str, LazyString] = {
    "site": _l("The site"),
    "account": _l("Accounts"),
    "organisation": _l("Organisations"),
    "process": _l("The percorso"),
    "proposal": _l("Proposals"),
    "comment": _l("Comments"),
    "survey": _l("Questionnaires"),
    "ballot": _l("Ballots"),
    "moderation": _l("Moderation"),
    "outcome": _l("Results and outcomes"),
    "plan": _l("The plan"),
    "staff": _l("Work of the staff"),
}

ACTIONS: dict[str, tuple[str, LazyString]] = {
    "page.read": ("site", _l("Read the public pages")),
    "health.read": ("site", _l("Ask whether the site works")),
    "account.register": ("account", _l("Open an account")),
    "account.confirm": ("account", _l("Confirm one's address")),
    "account.sign_in": ("account", _l("Sign in to one's account")),
    "account.sign_out": ("account", _l("Sign out of one's account")),
    "account.reset": ("account", _l("Get a new password by mail")),
    "account.profile": ("account", _l("See and change one's own profile")),
    "privacy.own_data": ("account", _l("See everything that is held of oneself")),
    "privacy.recognise": ("account", _l("Type one's password once more")),
    "privacy.ask_copy": ("account", _l("Ask for a copy of one's data")),
    "privacy.download": ("account", _l("Download the copy of one's data")),
    "privacy.erase": ("account", _l("Delete one's account")),
    "privacy.read_notice": ("account", _l("Say that one has read the privacy notice")),
    "invitation.open": ("account", _l("Open the link of an invitation")),
    "invitation.accept": ("account", _l("Accept an invitation")),
    "organisation.list": ("organisation", _l("See which organisations take part")),
    "organisation.read": ("organisation", _l("Read the page of an organisation")),
    "organisation.register": ("organisation", _l("Have an organisation registered")),
    "organisation.correct": ("organisation", _l("Correct the registration of an organisation")),
    "organisation.describe": ("organisation", _l("Write a new description of an organisation")),
    "organisation.manage": ("organisation", _l("See who speaks for an organisation")),
    "organisation.leave": ("organisation", _l("Stop speaking for an organisation")),
    "mandate.invite": ("organisation", _l("Invite somebody to speak for an organisation")),
    "mandate.invite_to_sign": ("organisation", _l("Invite somebody to sign for an organisation")),
    "mandate.withdraw_invitation": ("organisation", _l("Withdraw an invitation to speak for an organisation")),
    "mandate.revoke": ("organisation", _l("End somebody else's mandate")),
    "organisation.check": ("organisation", _l("See which organisations wait to be verified")),
    "organisation.verify": ("organisation", _l("Verify an organisation, or say why not")),
    "organisation.publish_description": ("organisation", _l("Publish the description of an organisation, or not")),
    "category.manage": ("organisation", _l("Set the categories of organisations")),
    "process.read": ("process", _l("Read a percorso")),
    "activity.read": ("process", _l("See an activity")),
    "process.manage": ("process", _l("Set up a percorso and its phases")),
    "activity.manage": ("process", _l("Prepare, change, prolong or suspend an activity")),
    "governance.manage": ("process", _l("Set up the bodies and say who sits on them")),
    "call.read": ("proposal", _l("See a call for proposals")),
    "proposal.read": ("proposal", _l("Read a proposal")),
    "proposal.submit": ("proposal", _l("Send in a proposal")),
    "proposal.edit": ("proposal", _l("Change a proposal")),
    "proposal.withdraw": ("proposal", _l("Withdraw a proposal")),
    "support.give": ("proposal", _l("Support a proposal")),
    "support.withdraw": ("proposal", _l("Take one's support back")),
    "comment.read": ("comment", _l("Read a comment")),
    "comment.post": ("comment", _l("Comment")),
    "comment.reply": ("comment", _l("Reply to a comment")),
    "comment.edit": ("comment", _l("Change a comment")),
    "comment.withdraw": ("comment", _l("Withdraw a comment")),
    "comment.official": ("comment", _l("Comment in the name of the authority")),
    "survey.read": ("survey", _l("See a questionnaire")),
    "survey.answer": ("survey", _l("Answer a questionnaire")),
    "survey.results": ("survey", _l("See the figures of a questionnaire")),
    "survey.texts": ("survey", _l("Read the answers in words")),
    "ballot.read": ("ballot", _l("See a ballot")),
    "ballot.cast": ("ballot", _l("Vote, or vote anew")),
    "ballot.withdraw": ("ballot", _l("Take one's vote back")),
    "ballot.receipt": ("ballot", _l("Look up one's receipt")),
    "contribution.read": ("moderation", _l("Read a contribution of any kind")),
    "contribution.flag": ("moderation", _l("Report a text to the moderators")),
    "moderation.queue": ("moderation", _l("See what waits for a moderator")),
    "moderation.read": ("moderation", _l("See the decisions on a text")),
    "moderation.decide": ("moderation", _l("Publish, hide or restore a text")),
    "results.read": ("outcome", _l("Read the results of an activity")),
    "outcome.propose": ("outcome", _l("Propose what becomes of a proposal, with reasons")),
    "outcome.decide": ("outcome", _l("Record what was decided of a proposal")),
    "plan.read": ("plan", _l("Read the plan")),
    "plan.edit": ("plan", _l("Write the plan")),
    "trace.link": ("plan", _l("Tie what was said to what the plan says")),
    "document.read": ("plan", _l("Download a document of the plan")),
    "document.make": ("plan", _l("Have a document of the plan made")),
    "office.read": ("staff", _l("See the desk of the staff")),
    "privacy.publish_notice": ("staff", _l("Publish a new privacy notice")),
    "role.give": ("staff", _l("Give roles and take them back")),
    "role.invite": ("staff", _l("Invite somebody to a role")),
    "role.withdraw_invitation": ("staff", _l("Withdraw an invitation to a role")),
}
"""The part of the site to which each action belongs, and what it is called, in the order of the page."""


@dataclass(frozen=True)
class Condition:
    """A condition as a sentence; `account` where only somebody with an account can fulfil it."""

    sentence: LazyString
    account: bool = False


CONDITIONS: dict[str, Condition] = {
    "anyone": Condition(_l("Everybody may.")),
    "signed_in": Condition(_l("One has signed in."), account=True),
    "verified": Condition(_l("One's residence is verified."), account=True),
    "about_oneself": Condition(_l("They are one's own data."), account=True),
    "recognised": Condition(_l("One typed the password once more within the last ten minutes."), account=True),
    "own_mandate": Condition(_l("It is one's own mandate."), account=True),
    "speaks_for": Condition(_l("One speaks or signs for the organisation."), account=True),
    "signs_for": Condition(_l("One signs for the organisation."), account=True),
    "verified_organisation": Condition(_l("The organisation is verified.")),
    "not_verified": Condition(_l("The organisation is not verified yet.")),
    "newly_described": Condition(_l("A new description waits.")),
    "not_ended": Condition(_l("The mandate has not ended.")),
    "sent_by_oneself": Condition(_l("One sent the invitation oneself."), account=True),
    "to_an_organisation": Condition(_l("The invitation is to speak for an organisation.")),
    "to_a_role": Condition(_l("The invitation is to a role.")),
    "still_good": Condition(_l("The invitation is not used, withdrawn or too old.")),
    "addressed_to_them": Condition(_l("It was sent to the address of one's account."), account=True),
    "is_public": Condition(_l("The percorso and the activity are public.")),
    "activity_open": Condition(_l("The activity is open.")),
    "invited": Condition(_l("One belongs to those for whom the activity is meant.")),
    "published": Condition(_l("The text is public.")),
    "sent_in": Condition(_l("The text is not a draft.")),
    "author": Condition(_l("One wrote it oneself."), account=True),
    "not_author": Condition(_l("Somebody else wrote it.")),
    "standing": Condition(_l("The text is public or waits for a moderator.")),
    "alive": Condition(_l("The text was neither withdrawn nor hidden.")),
    "unsupported": Condition(_l("Nobody has supported it yet.")),
    "supports_open": Condition(_l("Supports are collected.")),
    "not_own": Condition(_l("The proposal is somebody else's."), account=True),
    "unlocked": Condition(_l("The discussion is not closed.")),
    "about_something_public": Condition(_l("What is discussed is public.")),
    "once_public": Condition(_l("The comment was public once.")),
    "unanswered": Condition(_l("Nobody has replied yet.")),
    "not_answered": Condition(_l("One has not answered it yet.")),
    "results_out": Condition(_l("The figures are out: at once, or when it has closed.")),
    "in_electorate": Condition(_l("One lives where the ballot is held."), account=True),
    "of_somebody_else": Condition(_l("Somebody else wrote it."), account=True),
    "of_another_party": Condition(_l("It was not written for an organisation one speaks for."), account=True),
    "not_flagged_by_oneself": Condition(_l("One did not report it oneself."), account=True),
    "for_everyone": Condition(_l("The results are not for the staff alone.")),
    "outcome_proposed": Condition(_l("An outcome was proposed.")),
    "public_plan": Condition(_l("The plan is public.")),
    "still_written": Condition(_l("The plan is not adopted yet.")),
    "ready": Condition(_l("The document was made.")),
    "of_public_plan": Condition(_l("The plan is public.")),
}
"""Each predicate of the policy by its name."""
