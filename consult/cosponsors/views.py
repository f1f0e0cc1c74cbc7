"""Organisations that stand behind a proposal."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from consult.core import pages
from consult.core.policy import can
from consult.core.web import access, me
from consult.cosponsors import queries, services
from consult.cosponsors.models import Endorsement
from consult.proposals.models import Proposal
from consult.proposals.views import readable
from consult.versions import queries as versions
from consult.voting import holding
from consult.voting.views import refuse, seen_version

bp = Blueprint("cosponsors", __name__)


@bp.route("/proposte/<int:id>/adesioni", methods=["POST"])
@access("endorsement.give", loads=readable)
def endorse(proposal):
    sent = request.form.get("organisation", "")
    organisation = next((one for one in queries.may_endorse(proposal, me()) if str(one.id) == sent), None)
    if organisation is None:
        abort(400)
    try:
        services.endorse(proposal, organisation, me(), seen=seen_version())
    except holding.RefusedError as refusal:
        refuse("endorsement.give", refusal)
    flash(_("%(name)s stands behind this proposal.", name=organisation.name))
    return _back_to(proposal)


@bp.route("/adesioni/<int:id>/ritira", methods=["POST"])
@access("endorsement.withdraw", loads=Endorsement)
def withdraw(endorsement):
    try:
        services.withdraw(endorsement, me())
    except holding.RefusedError as refusal:
        refuse("endorsement.withdraw", refusal)
    flash(_("%(name)s no longer stands behind this proposal.", name=endorsement.organisation.name))
    return _back_to(endorsement.proposal)


def _back_to(proposal):
    return redirect(url_for("proposals.show", id=proposal.id, slug=proposal.slug, _anchor="adesioni"), 303)


@pages.slot("proposal.aside", position=25)
def standing_behind(proposal: Proposal) -> str:
    """Beside a proposal: the organisations that stand behind it, apart from the people."""
    may = bool(me().is_authenticated and me().organisations and can(me(), "endorsement.give", proposal))
    if not proposal.public or not (proposal.endorsement_count or may):
        return ""
    endorsements = queries.of(proposal) if proposal.endorsement_count else []
    earlier = any(one.version < proposal.version for one in endorsements)
    every = versions.of(proposal) if earlier else []
    return render_template(
        "cosponsors/of_proposal.html", proposal=proposal, endorsements=endorsements,
        numbers={one.id: versions.standing_at(every, one.version).number for one in endorsements
                 if one.version < proposal.version},
        offered=queries.may_endorse(proposal, me()) if may else [])


@pages.slot("proposal.list_item", position=20)
def in_a_list(proposal: Proposal) -> str:
    """In a list: how many organisations stand behind it."""
    count = proposal.endorsement_count
    return render_template("cosponsors/in_a_list.html", count=count) if count else ""
