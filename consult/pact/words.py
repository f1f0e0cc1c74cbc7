"""What the pact, its signatories and commitments are called on pages and in documents."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.pact.models import (
    CommitmentState,
    PactState,
    Progress,
    SignatoryState,
    SignatureKind,
    Verdict,
)
from consult.pact.monitoring import Overdue

PACT_STATES: dict[PactState, tuple[LazyString, str]] = {
    PactState.DRAFT: (_l("First text, for the staff only"), "waiting"),
    PactState.IN_NEGOTIATION: (_l("In negotiation"), "open"),
    PactState.OPEN_FOR_SIGNATURE: (_l("Open for signature"), "open"),
    PactState.IN_FORCE: (_l("In force"), "good"),
    PactState.CONCLUDED: (_l("Concluded"), "closed"),
}
"""The name of a state, and the kind of its label."""

PACT_STORY: dict[PactState, LazyString] = {
    PactState.DRAFT: _l("The plan office is writing the first text."),
    PactState.IN_NEGOTIATION: _l("Those who are to sign it are discussing what each of them takes on. The text can "
                                 "still change."),
    PactState.OPEN_FOR_SIGNATURE: _l("The text is final. Now each party signs it."),
    PactState.IN_FORCE: _l("The pact is signed: here you can see how far each commitment is."),
    PactState.CONCLUDED: _l("The pact has come to its end: here you can see what was kept and what was not."),
}
"""In a sentence, where the pact is on its way."""

PASSES_TO: dict[PactState, LazyString] = {
    PactState.IN_NEGOTIATION: _l("Put it before everybody: the parties negotiate, and the text can change"),
    PactState.OPEN_FOR_SIGNATURE: _l("Open it for signature: the text no longer changes"),
    PactState.IN_FORCE: _l("Say that it is in force"),
    PactState.CONCLUDED: _l("Say that it has been concluded"),
}
"""What the plan office does when it takes the pact to a state."""

SIGNATORY_STATES: dict[SignatoryState, tuple[LazyString, str]] = {
    SignatoryState.INVITED: (_l("Invited"), "neutral"),
    SignatoryState.WILLING: (_l("Willing to sign"), "waiting"),
    SignatoryState.NEGOTIATING: (_l("Negotiating"), "open"),
    SignatoryState.SIGNED: (_l("Has signed"), "good"),
    SignatoryState.WITHDRAWN: (_l("Has withdrawn"), "closed"),
}

COMMITMENT_STATES: dict[CommitmentState, tuple[LazyString, str]] = {
    CommitmentState.DRAFT: (_l("First text, for the staff only"), "waiting"),
    CommitmentState.NEGOTIATING: (_l("In negotiation"), "waiting"),
    CommitmentState.AGREED: (_l("Agreed"), "open"),
    CommitmentState.UNDER_WAY: (_l("Under way"), "open"),
    CommitmentState.KEPT: (_l("Kept"), "good"),
    CommitmentState.NOT_KEPT: (_l("Not kept"), "bad"),
    CommitmentState.WITHDRAWN: (_l("Has been withdrawn"), "closed"),
}

COMMITMENT_PASSES_TO: dict[CommitmentState, LazyString] = {
    CommitmentState.NEGOTIATING: _l("Put it before everybody, to be negotiated"),
    CommitmentState.AGREED: _l("Say that it is agreed: somebody answers for it"),
    CommitmentState.UNDER_WAY: _l("Say that it is under way"),
    CommitmentState.KEPT: _l("Say that it was kept"),
    CommitmentState.NOT_KEPT: _l("Say that it was not kept"),
    CommitmentState.WITHDRAWN: _l("Withdraw it: everybody still sees that it was there"),
}

PROGRESS: dict[Progress, tuple[LazyString, str]] = {
    Progress.ON_TIME: (_l("On time"), "good"),
    Progress.LATE: (_l("Behind schedule"), "waiting"),
    Progress.AT_RISK: (_l("At risk"), "bad"),
    Progress.DONE: (_l("Done"), "good"),
    Progress.STOPPED: (_l("Stopped"), "bad"),
}

UNTOLD: tuple[LazyString, str] = (_l("No report yet"), "neutral")
"""What stands where nobody has reported."""

OVERDUE: dict[Overdue, LazyString] = {
    Overdue.PAST_DUE: _l("Overdue: its day has passed"),
    Overdue.SILENT: _l("Overdue: no report for more than a year"),
}

SIGNATURE_KINDS: dict[SignatureKind, LazyString] = {
    SignatureKind.DIGITAL_PDF: _l("Digital signature within the PDF (PAdES)"),
    SignatureKind.DIGITAL_P7M: _l("Digital signature in an envelope, .p7m (CAdES)"),
    SignatureKind.ON_PAPER: _l("Signature on paper, scanned"),
}

VERDICTS: dict[Verdict, tuple[LazyString, str]] = {
    Verdict.VALID: (_l("Verified: valid"), "good"),
    Verdict.INVALID: (_l("Verified: not valid"), "bad"),
    Verdict.NOT_VERIFIED: (_l("Not verified yet"), "neutral"),
}
