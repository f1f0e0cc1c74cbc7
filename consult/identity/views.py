"""Going to a provider of identity and coming back.

The way back is a GET, which writes nothing: what the provider said waits, signed, in the cookie of the session until
the person says what to do with it.
"""

import logging
from dataclasses import asdict

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from consult.accounts.views import CARRIED, admit, begin_session, unkept
from consult.core import config, languages, pages
from consult.core.db import db
from consult.core.web import access, local_path, me
from consult.identity import protocol, providers, queries, services
from consult.identity.forms import EnterForm, NewAccountForm
from consult.identity.services import Proof
from consult.territory.models import Municipality
from consult.verification import words
from consult.verification.identifiers import UnavailableError
from consult.verification.models import ExternalIdentity

bp = Blueprint("identity", __name__)
log = logging.getLogger("consult.identity")

BEGUN, PROVEN, NEXT = "identity_begun", "identity_proven", "identity_next"
CARRIED.update({PROVEN, NEXT})


@pages.slot("account.sign_in", position=10)
def on_sign_in(person):
    return _ways("identity/sign_in.html", local_path(request.args.get("next") or request.form.get("next")))


@pages.slot("verification.way", position=10)
def as_way(person):
    return _ways("identity/way.html", url_for("verification.show"))


def _ways(template, back):
    found = providers.all_providers()
    return render_template(template, providers=found, back=back) if found else ""


@pages.slot("account.profile", position=20)
def on_profile(person):
    found, known = providers.all_providers(), queries.identities(person)
    if not found and not known:
        return ""
    names = {provider.key: provider.name for provider in found}
    tied = {identity.provider for identity in known}
    return render_template("identity/profile.html", identities=known, names=names,
                           others=[provider for provider in found if provider.key not in tied])


@bp.route("/accedi/identita/<provider>")
@access("identity.sign_in", loads=providers.called)
def begin(provider):
    try:
        address, begun = protocol.begin(provider, redirect_uri=_callback(provider),
                                        next=local_path(request.args.get("next"))[:2000])
    except protocol.IdentityError as fault:
        return _refused(provider, fault)
    session.pop(PROVEN, None)
    session[BEGUN] = asdict(begun)
    return redirect(address, 303)


@bp.route("/accedi/identita/<provider>/ritorno")
@access("identity.sign_in", loads=providers.called)
def come_back(provider):
    kept = session.pop(BEGUN, None)
    try:
        begun = protocol.found(kept)
        claims = protocol.finish(provider, begun, request.args.to_dict(), redirect_uri=_callback(provider))
        session[PROVEN] = asdict(services.proof(provider, claims))
    except protocol.IdentityError as fault:
        return _refused(provider, fault)
    except UnavailableError as fault:
        flash(str(fault.reason), "error")
        return redirect(url_for("accounts.sign_in"), 303)
    session[NEXT] = begun.next
    return redirect(url_for(".enter", provider=provider.key), 303)


def _callback(provider):
    return config.current().address + url_for("identity.come_back", provider=provider.key)


def _refused(provider, fault):
    log.warning("sign-in through %s failed: %s", provider.key, fault)
    flash(str(fault.reason), "error")
    return redirect(url_for("accounts.profile" if me().is_authenticated else "accounts.sign_in"), 303)


@bp.route("/accedi/identita/<provider>/conferma", methods=["GET", "POST"])
@access("identity.sign_in", loads=providers.called)
def enter(provider):
    proof = _proven(provider)
    if proof is None:
        flash(_("Signing in took too long, or was begun in another window. Begin again from here."), "error")
        return redirect(url_for("accounts.sign_in"), 303)
    known = queries.person_of(proof)
    new = known is None and not me().is_authenticated
    form = NewAccountForm(proof) if new else EnterForm()
    taken = new and queries.owner_of_address(proof) is not None
    if not taken and form.accepted():
        answer = _entered(proof, form)
        if answer:
            return answer
    return unkept(render_template(
        "identity/enter.html", provider=provider, form=form, known=known, taken=taken, proof=proof,
        age_band=words.age_band,
        town=db.session.get(Municipality, proof.municipality_id) if proof.municipality_id else None))


def _proven(provider):
    kept = session.get(PROVEN)
    proof = Proof(**kept) if kept else None
    return proof if proof and proof.provider == provider.key and not proof.too_old else None


def _entered(proof, form):
    """Sign in, tie or open an account as the case is; None where it was refused, which the form then says."""
    try:
        if me().is_authenticated:
            person = me()
            services.link(person, proof)
            done = _("Your digital identity is tied to this account: from now on you can sign in with it.")
        else:
            person, done = services.enter(proof), ""
            if person is None:
                person = services.open_account(proof, name=form.display_name.data, language=languages.current(),
                                               municipality_id=form.municipality_id)
                done = _("Your account is open. Welcome.")
    except (services.RefusedError, UnavailableError) as refusal:
        db.session.rollback()
        form.form_errors.append(refusal.reason)
        return None
    conflict = services.verified_by(proof, person)
    back = session.pop(NEXT, "/")
    session.pop(PROVEN)
    answer = admit(person, local_path(back), second_factor=proof.strong)
    if done:
        flash(done)
    if conflict:
        flash(str(conflict), "error")
    return answer


@bp.route("/profilo/identita/<int:id>/sciogli", methods=["POST"])
@access("identity.unlink", loads=ExternalIdentity)
def unlink(identity):
    person = me()
    try:
        services.unlink(identity, person)
    except services.RefusedError as refusal:
        flash(str(refusal.reason), "error")
    else:
        begin_session(person)
        flash(_("This identity no longer signs in to your account."))
    return redirect(url_for("accounts.profile"), 303)
