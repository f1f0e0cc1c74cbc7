"""Who may read, write, sign and report of the pact, and the sentence for the one refused."""

from typing import Any

from flask_babel import lazy_gettext as _l

from consult.accounts.policy import not_suspended, plan_office, staff
from consult.core.policy import Rules, refusing
from consult.pact.models import Commitment, CommitmentState, Pact, PactState, Signatory, SignatoryState, Signature
from consult.pact.services import WRITTEN

TOLD_OF = (CommitmentState.AGREED, CommitmentState.UNDER_WAY, CommitmentState.KEPT, CommitmentState.NOT_KEPT)


def pact_of(thing: Pact | Commitment | Signatory | Signature) -> Pact:
    """The pact a thing is or belongs to."""
    if isinstance(thing, Signature):
        thing = thing.signatory
    return thing if isinstance(thing, Pact) else thing.pact


@refusing(_l("This pact is not public yet."))
def public_pact(person: Any, thing: Pact | Signatory | Signature) -> bool:
    """Holds from the day on which the pact is put before the public."""
    return pact_of(thing).public


@refusing(_l("This commitment is not public yet."))
def public_commitment(person: Any, thing: Commitment) -> bool:
    """Holds for a commitment that is put before the public."""
    return thing.public


@refusing(_l("This text is being signed or is signed already: it no longer changes."))
def text_open(person: Any, thing: Pact | Commitment) -> bool:
    """Holds until the text is put before the signatories."""
    return pact_of(thing).state in WRITTEN


@refusing(_l("This pact has been concluded."))
def not_concluded(person: Any, thing: Pact | Commitment | Signatory) -> bool:
    """Holds until the pact is at its end."""
    return pact_of(thing).state is not PactState.CONCLUDED


@refusing(_l("The pact is not open for signature: its text could still change."))
def signed_now(person: Any, thing: Signatory) -> bool:
    """Holds once the text is fixed, and for who joins a pact that is in force."""
    return thing.pact.state in (PactState.OPEN_FOR_SIGNATURE, PactState.IN_FORCE)


@refusing(_l("This party has withdrawn from the pact."))
def party_stands(person: Any, thing: Signatory) -> bool:
    """Holds for a party that has not withdrawn."""
    return thing.state is not SignatoryState.WITHDRAWN


@refusing(_l("These files are not public: a digital signature holds the tax code of whoever signed."))
def public_files(person: Any, thing: Signature) -> bool:
    """Holds where the plan office gave the files to everybody."""
    return thing.file_public


@refusing(_l("Nobody has taken this commitment on yet: there is nothing to report."))
def taken_on(person: Any, thing: Commitment) -> bool:
    """Holds for a commitment that is agreed, under way or judged."""
    return thing.state in TOLD_OF


@refusing(_l("Only the plan office and whoever speaks for the organisation that answers for it report of it."),
          sign_in_helps=True)
def answers_for_it(person: Any, thing: Commitment) -> bool:
    """Holds for whoever speaks for the organisation that answers for a commitment."""
    answers = thing.signatory
    return bool(person.is_authenticated and answers is not None and answers.organisation is not None
                and person.mandate_for(answers.organisation) is not None)


RULES: Rules = {
    "pact.read": [[public_pact], [staff]],
    "pact.make": [[plan_office]],
    "pact.edit": [[plan_office, text_open]],
    "pact.run": [[plan_office, not_concluded]],
    "signatory.sign": [[plan_office, signed_now, party_stands]],
    "signature.read": [[public_files, public_pact], [plan_office]],
    "signature.verify": [[plan_office]],
    "commitment.read": [[public_commitment], [staff]],
    "commitment.edit": [[plan_office, text_open]],
    "commitment.run": [[plan_office, not_concluded]],
    "commitment.report": [[plan_office, taken_on], [answers_for_it, taken_on, public_commitment, not_suspended]],
}
