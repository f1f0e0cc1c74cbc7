"""The desk at which commitments are written and taken on their way, and at which it is reported how far they are."""

from collections.abc import Sequence
from typing import Any

from flask import abort, flash, redirect, render_template
from flask_babel import gettext as _

from consult.accounts.models import Organisation
from consult.analysis import queries as indicators
from consult.core.conflicts import Conflict, conflicts, take, taking
from consult.core.db import StaleVersionError
from consult.core.web import access, me
from consult.pact import commitments, queries, reporting, writing
from consult.pact.commitments import PASSAGES, CodeTakenError
from consult.pact.forms import CommitmentStateForm
from consult.pact.models import Commitment, Pact
from consult.pact.reporting import ReportError, ReportText
from consult.pact.services import HinderedError, UnreasonedError
from consult.pact.sheet_forms import CommitmentForm, NewCommitmentForm, ReportForm


@writing.bp.route("/patti/<slug>/impegni/nuovo", methods=["GET", "POST"])
@access("pact.edit", loads=queries.by_slug)
def new_commitment(pact: Pact) -> Any:
    form = NewCommitmentForm(queries.signatories(pact), indicators.indicators(pact.process))
    if not writing.another_row(form) and form.accepted():
        try:
            commitment = commitments.add(pact, me(), form.sheet)
        except CodeTakenError:
            form.code.errors = [_("Another commitment has this code: choose another one.")]
        except HinderedError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The commitment was added. Only the staff see it until you put it before everybody."))
            return redirect(commitment.path, 303)
    return render_template("pact/edit_commitment.html", pact=pact, commitment=None, form=form, differing=())


@writing.bp.route("/patti/<slug>/impegni/<code>/modifica", methods=["GET", "POST"])
@access("commitment.edit", loads=queries.commitment_called)
def edit_commitment(commitment: Commitment) -> Any:
    pact = commitment.pact
    form = CommitmentForm(queries.signatories(pact), indicators.indicators(pact.process), commitment)
    differing: Sequence[Conflict] = ()
    if take(commitment, form):
        differing = conflicts(commitment, form)
    elif not (writing.another_row(form) or writing.still_writing()) and form.accepted():
        try:
            commitments.edit(commitment, me(), form.sheet, seen=form.seen)
        except StaleVersionError:
            differing = conflicts(commitment, form)
        except CodeTakenError:
            form.code.errors = [_("Another commitment has this code: choose another one.")]
        except HinderedError as refusal:
            form.form_errors.append(refusal.sentence)
        else:
            flash(_("The commitment was saved."))
            return redirect(commitment.path, 303)
    return render_template("pact/edit_commitment.html", pact=pact, commitment=commitment, form=form,
                           differing=differing), 409 if differing and not taking() else 200


@writing.bp.route("/patti/<slug>/impegni/<code>/stato", methods=["GET", "POST"])
@access("commitment.run", loads=queries.commitment_called)
def commitment_state(commitment: Commitment) -> Any:
    form = CommitmentStateForm(PASSAGES[commitment.state], version=commitment.version)
    status = 200
    if form.accepted():
        try:
            commitments.take_to(commitment, form.chosen, me(), seen=form.seen, reason=form.reason)
        except HinderedError as refusal:
            form.state.errors = [refusal.sentence]
        except UnreasonedError as fault:
            form.refuse(fault)
        except StaleVersionError:
            status = writing.stale(form, commitment)
        else:
            flash(_("The state of the commitment was changed."))
            return redirect(commitment.path, 303)
    return render_template("pact/commitment_state.html", pact=commitment.pact, commitment=commitment, form=form,
                           hindrances=[(state, commitments.hindrance(commitment, state))
                                       for state in PASSAGES[commitment.state]]), status


@writing.bp.route("/patti/<slug>/impegni/<code>/aggiorna", methods=["GET", "POST"])
@access("commitment.report", loads=queries.commitment_called)
def report(commitment: Commitment) -> Any:
    form = ReportForm(commitment)
    voice = _voice(commitment)
    if form.accepted():
        corrected = queries.report_of(commitment, form.corrects.data)
        if form.corrects.data is not None and corrected is None:
            abort(404)
        said = ReportText(
            on=form.day, standing=form.chosen, text=form.text.data, reached=form.reached.data or (),
            value=float(form.value.data) if form.value.data is not None else None, corrects=corrected)
        try:
            reporting.report(commitment, me(), said, organisation=voice)
        except ReportError as fault:
            form.refuse(fault)
        else:
            flash(_("The report was published: everybody can read it."))
            return redirect(f"{commitment.path}#resoconti", 303)
    return render_template("pact/report.html", pact=commitment.pact, commitment=commitment, form=form, voice=voice)


def _voice(commitment: Commitment) -> Organisation | None:
    """In whose name the person reports: of the organisation that answers, where they speak for it."""
    answers = commitment.signatory.organisation if commitment.signatory else None
    if answers is not None and me().mandate_for(answers) is not None:
        return answers
    return None
