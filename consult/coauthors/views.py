"""Who writes a proposal together."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.accounts import limits
from consult.coauthors import queries, services
from consult.coauthors.forms import InviteForm
from consult.core import languages, pages
from consult.core.forms import Form
from consult.core.policy import can
from consult.core.web import access, me, require
from consult.invitations import services as sending
from consult.invitations.models import Invitation
from consult.invitations.views import answer
from consult.proposals.models import Proposal
from consult.proposals.views import readable

bp = Blueprint("coauthors", __name__)


@bp.route("/proposte/<int:id>/autori", methods=["GET", "POST"])
@limits.mails
@access("coauthor.invite", loads=readable)
def invite(proposal):
    form = InviteForm()
    if form.accepted():
        try:
            services.invite(proposal, form.email.data, inviter=me(), language=languages.current())
        except sending.InvitationError as refusal:
            form.form_errors.append(refusal.reason)
        else:
            flash(_("The invitation is on its way to %(email)s.", email=form.email.data))
            return redirect(url_for(".invite", id=proposal.id), 303)
    return render_template("coauthors/invite.html", proposal=proposal, form=form, authors=queries.authors(proposal),
                           waiting=queries.waiting(proposal))


@bp.route("/proposte/<int:id>/autori/lascia", methods=["POST"])
@access("coauthor.leave", loads=readable)
def leave(proposal):
    services.leave(proposal, me(), actor=me())
    flash(_("You are no longer an author of this proposal."))
    call = url_for("proposals.call", id=proposal.activity_id)
    return redirect(proposal.thread.path if proposal.public else call, 303)


@bp.route("/proposte/autori/inviti/<int:id>/ritira", methods=["POST"])
@access("coauthor.withdraw_invitation", loads=Invitation)
def withdraw_invitation(invitation):
    proposal = queries.proposal_of(invitation)
    if sending.withdraw(invitation, actor=me()):
        flash(_("The invitation is withdrawn: its link opens nothing any more."))
    else:
        flash(_("This invitation had been accepted or withdrawn already."), "info")
    return redirect(url_for(".invite", id=proposal.id if proposal else 0), 303)


@bp.route("/inviti/autori/<token>", methods=["GET", "POST"])
@access("invitation.open")
def join(token):
    invitation, form = sending.with_token(token), Form()
    proposal = queries.proposal_of(invitation) if invitation else None
    if invitation and proposal and form.accepted():
        require("invitation.accept", invitation)
        if services.accept(invitation, proposal, me()):
            flash(_("You are an author of this proposal from now on: you are named, and you may change its text."))
            return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug), 303)
        proposal = None
    return answer("coauthors/join.html", invitation if proposal else None, form, proposal=proposal)


@pages.slot("proposal.byline")
def together(proposal: Proposal) -> str:
    """Under the author: with whom it is written."""
    if not proposal.coauthor_count:
        return ""
    return render_template("coauthors/of_proposal.html", people=[one.person for one in proposal.coauthors])


@pages.slot("proposal.staff", position=5)
def ways(proposal: Proposal) -> str:
    """For its authors: to write with others, and to leave."""
    if not proposal.written_by(me()):
        return ""
    invites = can(me(), "coauthor.invite", proposal)
    leaves = proposal.coauthor_count and can(me(), "coauthor.leave", proposal)
    return render_template("coauthors/ways.html", proposal=proposal, leaves=leaves) if invites or leaves else ""


@pages.slot("proposal.list_item", position=10)
def in_a_list(proposal: Proposal) -> str:
    """In a list: how many others write it."""
    return render_template("coauthors/in_a_list.html", count=proposal.coauthor_count) if proposal.coauthor_count else ""
