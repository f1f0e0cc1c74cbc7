"""Giving roles, inviting to them, taking them back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import limits, queries, words
from consult.accounts import services as accounts
from consult.accounts.models import RoleGrant
from consult.accounts.views import begin_session, clear_session
from consult.core import languages
from consult.core.forms import Form
from consult.core.web import access, me, require
from consult.invitations import queries as invitations
from consult.invitations import services as sending
from consult.invitations.models import Invitation
from consult.invitations.views import answer
from consult.staff import services
from consult.staff.forms import GrantForm, InviteForm

bp = Blueprint("staff", __name__)


@bp.route("/ufficio/ruoli", methods=["GET", "POST"])
@access("role.give")
def roles():
    form = GrantForm()
    if form.accepted() and give_role(form):
        return redirect(url_for(".roles"), 303)
    titles = {id: title for id, _slug, title in queries.processes()}
    return render_template("staff/roles.html", form=form, grants=queries.role_grants(), roles=words.ROLES,
                           titles=titles, invitations=invitations.to_roles())


def give_role(form: GrantForm) -> bool:
    """Give the role asked for, or put into the form why it cannot be given."""
    person = queries.by_email(accounts.normalised(form.email.data))
    if person is None or not person.is_active:
        form.email.errors.append(_("Nobody with this address has an open and confirmed account."))
        return False
    try:
        given = accounts.grant(person, form.chosen_role, process_id=form.process_id.data, actor=me())
    except accounts.RoleError as refusal:
        form.process_id.errors = [*form.process_id.errors, refusal.reason]
        return False
    if given and person is me():
        begin_session(person)
    flash(_("The role is given: it holds from the next time the person signs in.") if given
          else _("The person has this role already."), "success" if given else "info")
    return True


@bp.route("/ufficio/ruoli/<int:id>/revoca", methods=["POST"])
@access("role.give", loads=RoleGrant)
def revoke(grant):
    person = grant.person
    try:
        accounts.revoke(person, grant.role, process_id=grant.process_id, actor=me())
    except accounts.RoleError as refusal:
        flash(str(refusal.reason), "error")
    else:
        if person is me():
            begin_session(person)
        flash(_("The role is taken back, and the person has been signed out."))
    return redirect(url_for(".roles"), 303)


@bp.route("/ufficio/ruoli/invita", methods=["GET", "POST"])
@limits.mails
@access("role.invite")
def invite():
    form = InviteForm()
    if form.accepted():
        try:
            services.invite(form.chosen_role, form.process_id.data, form.email.data, inviter=me(),
                            language=languages.current())
        except accounts.RoleError as refusal:
            form.process_id.errors = [*form.process_id.errors, refusal.reason]
        except sending.InvitationError as refusal:
            form.form_errors.append(refusal.reason)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
            return redirect(url_for(".roles"), 303)
    return render_template("staff/invite.html", form=form)


@bp.route("/ufficio/ruoli/inviti/<int:id>/ritira", methods=["POST"])
@access("role.withdraw_invitation", loads=Invitation)
def withdraw_invitation(invitation):
    if sending.withdraw(invitation, actor=me()):
        flash(_("The invitation is withdrawn: its link opens nothing any more."))
    else:
        flash(_("This invitation had been accepted or withdrawn already."), "info")
    return redirect(url_for(".roles"), 303)


@bp.route("/inviti/ruoli/<token>", methods=["GET", "POST"])
@access("invitation.open")
def join(token):
    invitation, form = sending.with_token(token), Form()
    if invitation and invitation.role is None:
        invitation = None
    if invitation and form.accepted():
        require("invitation.accept", invitation)
        if services.accept(invitation, me()):
            clear_session()
            flash(_("The role is yours. Sign in again: it holds from then on."))
            return redirect(url_for("accounts.sign_in"), 303)
        invitation = None
    role = words.ROLES[invitation.role] if invitation and invitation.role else None
    process = services.process_title(invitation.process_id) if invitation else None
    return answer("staff/join.html", invitation, form, role=role, process=process)
