"""The list and the pages of organisations, and what those who speak for them do."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.accounts import queries as accounts
from consult.accounts.models import Mandate, MandateKind, Organisation
from consult.core import languages, pages
from consult.core.db import StaleVersionError
from consult.core.forms import Form, argument
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.invitations import queries as invitations
from consult.invitations import services as sending
from consult.invitations.models import Invitation
from consult.invitations.views import answer
from consult.organisations import describing, queries, services, words
from consult.organisations.forms import CorrectionForm, DescriptionForm, InvitationForm, OrganisationForm
from consult.organisations.models import Standing

bp = Blueprint("organisations", __name__)


@bp.app_template_global()
def organisation_url(organisation: Organisation) -> str:
    """The public page of an organisation."""
    return pages.address("organisations.show", slug=organisation.slug)


@bp.route("/organizzazioni")
@access("organisation.list")
def index():
    categories = accounts.categories()
    asked = argument("categoria", 40)
    chosen = next((category for category in categories if category.code == asked), None)
    return render_template(
        "organisations/index.html", categories=categories, chosen=chosen, counted=queries.counted_by_category(),
        page=queries.listed(chosen, argument("dopo", 400)),
        here=url_for(".index", categoria=chosen.code if chosen else None))


@bp.route("/organizzazioni/<slug>")
@access("organisation.read", loads=queries.called)
def show(organisation):
    return render_template("organisations/show.html", organisation=organisation)


@bp.route("/profilo/organizzazioni/nuova", methods=["GET", "POST"])
@access("organisation.register")
def register():
    form = OrganisationForm()
    if form.accepted():
        organisation = services.register(me(), form.entry)
        flash(_("The organisation is registered. You can speak for it once the plan office has verified it: we tell "
                "you by e-mail."))
        return redirect(url_for(".manage", id=organisation.id), 303)
    return render_template("organisations/register.html", form=form)


@bp.route("/profilo/organizzazioni/<int:id>")
@access("organisation.manage", loads=queries.with_id)
def manage(organisation):
    return render_template(
        "organisations/manage.html", organisation=organisation, kinds=words.KINDS,
        mandates=queries.mandates_of(organisation), invitations=invitations.of_organisation(organisation))


@bp.route("/profilo/organizzazioni/<int:id>/modifica", methods=["GET", "POST"])
@access("organisation.correct", loads=queries.with_id)
def correct(organisation):
    form = CorrectionForm(organisation)
    if form.accepted():
        try:
            services.correct(organisation, me(), form.entry, seen=form.seen)
        except StaleVersionError:
            return stale(organisation, form, url_for(".correct", id=organisation.id))
        flash(_("Saved. The plan office looks at it."))
        return redirect(url_for(".manage", id=organisation.id), 303)
    return render_template("organisations/correct.html", organisation=organisation, form=form)


@bp.route("/profilo/organizzazioni/<int:id>/descrizione", methods=["GET", "POST"])
@access("organisation.describe", loads=queries.with_id)
def describe(organisation):
    form = DescriptionForm(data={"version": organisation.version, "description": _last_said(organisation)})
    if form.accepted():
        try:
            describing.propose(organisation, me(), form.description.data or "", seen=form.seen)
        except StaleVersionError:
            return stale(organisation, form, url_for(".describe", id=organisation.id))
        flash(_("Saved. Everyone reads the new description once a moderator has looked at it.")
              if queries.descriptions(organisation, Standing.PENDING) else _("Saved: everyone reads it."))
        return redirect(url_for(".manage", id=organisation.id), 303)
    return render_template("organisations/describe.html", organisation=organisation, form=form,
                           first=queries.read_first() or queries.hidden_description(organisation))


def _last_said(organisation: Organisation) -> str:
    latest = queries.latest_description(organisation)
    return latest.text if latest else organisation.description


def stale(organisation: Organisation, form: Any, again: str) -> tuple[str, int]:
    """The description that others saved beside the one that was typed."""
    fields = [(form.description.label.text, _last_said(organisation), form.description.data)]
    return render_template("errors/stale.html", fields=fields, again=again), 409


@bp.route("/profilo/organizzazioni/<int:id>/invita", methods=["GET", "POST"])
@limits.mails
@access("mandate.invite", loads=queries.with_id)
def invite(organisation):
    signs = can(me(), "mandate.invite_to_sign", organisation)
    form = InvitationForm([MandateKind.SPEAKS, MandateKind.SIGNS] if signs else [MandateKind.SPEAKS])
    if form.accepted():
        try:
            services.invite(organisation, form.chosen, form.email.data, inviter=me(), language=languages.current())
        except sending.InvitationError as refusal:
            form.form_errors.append(refusal.reason)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
            return redirect(url_for(".manage", id=organisation.id), 303)
    return render_template("organisations/invite.html", organisation=organisation, form=form)


@bp.route("/profilo/organizzazioni/inviti/<int:id>/ritira", methods=["POST"])
@access("mandate.withdraw_invitation", loads=Invitation)
def withdraw_invitation(invitation):
    if sending.withdraw(invitation, actor=me()):
        flash(_("The invitation is withdrawn: its link opens nothing any more."))
    else:
        flash(_("This invitation had been accepted or withdrawn already."), "info")
    return redirect(url_for(".manage", id=invitation.organisation_id), 303)


@bp.route("/profilo/organizzazioni/<int:id>/lascia", methods=["POST"])
@access("organisation.leave", loads=Mandate)
def leave(mandate):
    services.end(mandate, actor=me())
    flash(_("You no longer speak for this organisation. What you wrote in its name stays."))
    return redirect(url_for("accounts.profile"), 303)


@bp.route("/profilo/organizzazioni/mandati/<int:id>/revoca", methods=["POST"])
@access("mandate.revoke", loads=Mandate)
def revoke(mandate):
    own = mandate.person_id == me().id
    services.end(mandate, actor=me())
    flash(_("The mandate has ended. What was written with it stays."))
    return redirect(url_for("accounts.profile") if own else url_for(".manage", id=mandate.organisation_id), 303)


@bp.route("/inviti/organizzazioni/<token>", methods=["GET", "POST"])
@access("invitation.open")
def join(token):
    invitation, form = sending.with_token(token), Form()
    organisation = invitation.organisation if invitation else None
    if invitation and organisation and form.accepted():
        require("invitation.accept", invitation)
        if services.accept(invitation, me()):
            flash(_("You speak for %(name)s from now on. Whenever you write you choose whether to do so in its name.",
                    name=organisation.name))
            return redirect(url_for(".manage", id=organisation.id), 303)
        organisation = None
    return answer("organisations/join.html", invitation if organisation else None, form)
