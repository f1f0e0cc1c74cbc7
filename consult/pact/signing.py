"""The desk at which signatories are invited, and at which what they signed outside is recorded."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _

from consult.core.db import StaleVersionError
from consult.core.uploads import takes_files, takes_signed_files
from consult.core.web import access, me
from consult.pact import parties, queries, writing
from consult.pact.forms import NewSignatoryForm, SignatoryForm, SignatureForm, VerificationForm
from consult.pact.models import Pact, Signatory, Signature, SignatureKind, Verdict
from consult.pact.parties import SignatureError, TwiceError
from consult.pact.services import UnreasonedError
from consult.processes import queries as processes


@writing.bp.route("/patti/<slug>/firmatari/nuovo", methods=["GET", "POST"])
@access("pact.run", loads=queries.by_slug)
def new_signatory(pact: Pact) -> Any:
    form = NewSignatoryForm(queries.organisations(), processes.municipalities(pact.process))
    if form.accepted():
        try:
            parties.add(pact, me(), form.party)
        except TwiceError as twice:
            form[str(twice)].errors = [_("This party is a signatory already.")]
        except UnreasonedError as fault:
            form.refuse(fault)
        else:
            flash(_("The signatory was added."))
            return _back(pact)
    return render_template("pact/signatory.html", pact=pact, signatory=None, form=form)


@writing.bp.route("/patti/<slug>/firmatari/<int:id>/modifica", methods=["GET", "POST"])
@access("pact.run", loads=queries.signatory_of)
def edit_signatory(signatory: Signatory) -> Any:
    pact = signatory.pact
    form = SignatoryForm(queries.organisations(), processes.municipalities(pact.process), signatory)
    status = 200
    if form.accepted():
        try:
            parties.edit(signatory, me(), form.party, seen=form.seen)
        except StaleVersionError:
            status = writing.stale(form, signatory)
        except TwiceError as twice:
            form[str(twice)].errors = [_("This party is a signatory already.")]
        except UnreasonedError as fault:
            form.refuse(fault)
        else:
            flash(_("The signatory was saved."))
            return _back(pact)
    return render_template("pact/signatory.html", pact=pact, signatory=signatory, form=form), status


@writing.bp.route("/patti/<slug>/firmatari/<int:id>/firma", methods=["GET", "POST"])
@takes_signed_files
@access("signatory.sign", loads=queries.signatory_of)
def sign(signatory: Signatory) -> Any:
    form = SignatureForm()
    if form.accepted():
        try:
            parties.record(signatory, me(), kind=SignatureKind(form.kind.data), signed_on=form.day,
                           file=form.sent, file_public=form.file_public.data)
        except SignatureError as fault:
            form.refuse(fault)
        else:
            flash(_("The signature was recorded, with the fingerprint of its file."))
            return _back(signatory.pact)
    return render_template("pact/sign.html", pact=signatory.pact, signatory=signatory, form=form)


@writing.bp.route("/patti/<slug>/firme/<int:id>/verifica", methods=["GET", "POST"])
@takes_files
@access("signature.verify", loads=queries.signature_of)
def verify(signature: Signature) -> Any:
    form = VerificationForm(obj=signature)
    pact, status = signature.signatory.pact, 200
    if form.accepted():
        try:
            parties.verify(signature, me(), seen=form.seen, verdict=Verdict(form.verdict.data),
                           verified_on=form.verified_on.data, verified_by=form.verified_by.data or "",
                           report=form.sent, file_public=form.file_public.data)
        except StaleVersionError:
            status = writing.stale(form, signature)
        except SignatureError as fault:
            form.refuse(fault)
        else:
            flash(_("What the verification found was recorded."))
            return _back(pact)
    return render_template("pact/verify.html", pact=pact, signature=signature, form=form), status


def _back(pact: Pact) -> Any:
    return redirect(url_for("pact.show", slug=pact.slug, _anchor="firmatari"), 303)
