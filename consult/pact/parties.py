"""Who signs the pact, and the signatures that they gave outside: a click is never one."""

import hashlib
from dataclasses import dataclass, replace
from datetime import date

import sqlalchemy as sa
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Person
from consult.core import clock, events, files, papers
from consult.core.db import db, hold
from consult.core.files import Kept
from consult.core.refusing import FieldError
from consult.pact.models import Pact, Signatory, SignatoryState, Signature, SignatureKind, Verdict
from consult.pact.services import UnreasonedError

ASKED = (SignatoryState.INVITED, SignatoryState.WILLING, SignatoryState.NEGOTIATING, SignatoryState.WITHDRAWN)
"""What the plan office says of a signatory; that it has signed is told by its signature alone."""


@dataclass(frozen=True, kw_only=True)
class SignatorySaved(events.Event):
    signatory_id: int
    version: int
    state: str


@dataclass(frozen=True, kw_only=True)
class SignatureRecorded(events.Event):
    signature_id: int
    signatory_id: int
    sha256: str


@dataclass(frozen=True, kw_only=True)
class SignatureVerified(events.Event):
    signature_id: int
    verdict: str


class SignatureError(FieldError):
    """A signature that cannot be recorded: `field` is the one to put right, `sentence` says how."""


class TwiceError(ValueError):
    """The same party is a signatory already."""


@dataclass(frozen=True, kw_only=True)
class Party:
    """Who a signatory is, one of the three, with the office that signs and how far it is; why, if it has withdrawn."""

    organisation_id: int | None = None
    municipality_id: int | None = None
    written_name: str = ""
    signer_title: str = ""
    state: SignatoryState = SignatoryState.INVITED
    withdrawn_reason: str = ""


def add(pact: Pact, actor: Person, party: Party) -> Signatory:
    """Put a signatory at the end of the list; raises TwiceError for a party that is there already.

    Raises UnreasonedError for one that has withdrawn without a reason.
    """
    party = _reasoned(party)
    _once(pact, party, None)
    last = sa.select(sa.func.max(Signatory.position)).where(Signatory.pact_id == pact.id)
    signatory = Signatory(pact=pact, position=(db.session.scalar(last) or 0) + 1)
    return _saved(signatory, actor, party)


def edit(signatory: Signatory, actor: Person, party: Party, *, seen: int) -> None:
    """Change a signatory; raises StaleVersionError if somebody saved after `seen`, and the others as above."""
    party = _reasoned(party)
    hold(signatory, seen)
    _once(signatory.pact, party, signatory.id)
    signatory.version += 1
    _saved(signatory, actor, party)


def _once(pact: Pact, party: Party, own_id: int | None) -> None:
    """See that the party is no other signatory; of those who ask at the same time, each waits for the one before."""
    db.session.refresh(pact, ["updated_at"], with_for_update=True)
    others = db.session.scalars(sa.select(Signatory).where(Signatory.pact_id == pact.id)).all()
    for name in ("organisation_id", "municipality_id", "written_name"):
        value = getattr(party, name)
        if value and any(_folded(getattr(one, name)) == _folded(value) for one in others if one.id != own_id):
            raise TwiceError(name)


def _saved(signatory: Signatory, actor: Person, party: Party) -> Signatory:
    for name in Party.__dataclass_fields__:
        setattr(signatory, name, getattr(party, name))
    signatory.pact.updated_at = clock.now()
    db.session.add(signatory)
    db.session.flush()
    db.session.refresh(signatory, ["organisation", "municipality"])
    events.record(SignatorySaved(actor_id=actor.id, signatory_id=signatory.id, version=signatory.version,
                                 state=signatory.state.value))
    return signatory


def _reasoned(party: Party) -> Party:
    """The same party, with a reason where it has withdrawn, and there alone."""
    reason = party.withdrawn_reason.strip() if party.state is SignatoryState.WITHDRAWN else ""
    if party.state is SignatoryState.WITHDRAWN and not reason:
        raise UnreasonedError
    return replace(party, withdrawn_reason=reason)


def _folded(value: int | str | None) -> int | str | None:
    return value.casefold() if isinstance(value, str) else value


def record(signatory: Signatory, actor: Person, *, kind: SignatureKind, signed_on: date, file: Kept,
           file_public: bool = False) -> Signature:
    """Keep a text that a signatory signed outside, with its fingerprint; the signatory then counts as having signed.

    Raises SignatureError where the file is not what it is said to be.
    """
    _check(signatory, kind, signed_on, file)
    with files.path_of(file.token).open("rb") as source:
        sha256 = hashlib.file_digest(source, "sha256").hexdigest()
    db.session.refresh(signatory, ["version"], with_for_update=True)
    if any(one.sha256 == sha256 for one in signatory.signatures):
        raise SignatureError("file", _l("This very file was recorded already."))
    signature = Signature(
        signatory=signatory, kind=kind, signed_on=signed_on, token=file.token, name=file.name, mimetype=file.mimetype,
        size=file.size, sha256=sha256, file_public=file_public, recorded_by_id=actor.id)
    signatory.state = SignatoryState.SIGNED
    signatory.version += 1
    signatory.pact.updated_at = clock.now()
    db.session.add(signature)
    db.session.flush()
    events.record(SignatureRecorded(
        actor_id=actor.id, signature_id=signature.id, signatory_id=signatory.id, sha256=sha256))
    return signature


def _check(signatory: Signatory, kind: SignatureKind, signed_on: date, file: Kept) -> None:
    if signed_on > clock.today():
        raise SignatureError("signed_on", _l("Choose the day on which it was signed: this one is still to come."))
    if kind is SignatureKind.ON_PAPER and signatory.municipality_id is not None:
        raise SignatureError("kind", _l(
            "A municipality signs digitally: the law makes an agreement between administrations void otherwise."))
    fault = _unlike(kind, file)
    if fault is not None:
        raise SignatureError("file", fault)


def _unlike(kind: SignatureKind, file: Kept) -> LazyString | None:
    """Why a file is not what it is said to be; None where it may be. Whether it is valid is verified elsewhere."""
    if kind is SignatureKind.DIGITAL_P7M:
        return None if file.mimetype == files.P7M else _l(
            "This is no signed envelope: send the file that ends in .p7m, as the signature program made it.")
    if file.mimetype != papers.PDF:
        return _l("Send a PDF.")
    if kind is SignatureKind.DIGITAL_PDF and not _holds_signature(file):
        return _l("This PDF holds no digital signature: send the file that was signed, not the text or a scan of it.")
    return None


def _holds_signature(file: Kept) -> bool:
    """Whether a PDF says of itself which of its bytes are signed."""
    return b"/ByteRange" in files.path_of(file.token).read_bytes()


def verify(signature: Signature, actor: Person, *, seen: int, verdict: Verdict, verified_on: date | None,
           verified_by: str, report: Kept | None = None, file_public: bool = False) -> None:
    """Record what whoever verified a signature found, with their report where there is one.

    Of an invalid signature the signatory has not signed. Raises StaleVersionError as `edit` does, and SignatureError.
    """
    hold(signature, seen)
    known = verdict is not Verdict.NOT_VERIFIED
    if known and (verified_on is None or not signature.signed_on <= verified_on <= clock.today()):
        raise SignatureError("verified_on", _l("Choose the day of the verification: not before the signature, and not "
                                               "one to come."))
    signature.verdict, signature.verified_on = verdict, verified_on if known else None
    signature.verified_by, signature.file_public = verified_by, file_public
    if report is not None:
        signature.report_token, signature.report_name = report.token, report.name
        signature.report_mimetype = report.mimetype
    signature.version += 1
    signatory = signature.signatory
    standing = any(one.verdict is not Verdict.INVALID for one in signatory.signatures)
    if signatory.state is SignatoryState.SIGNED and not standing:
        signatory.state = SignatoryState.NEGOTIATING
    elif signatory.state is SignatoryState.NEGOTIATING and standing:
        signatory.state = SignatoryState.SIGNED
    signatory.pact.updated_at = clock.now()
    db.session.flush()
    events.record(SignatureVerified(actor_id=actor.id, signature_id=signature.id, verdict=verdict.value))
