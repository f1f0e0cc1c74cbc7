"""Codes good once: made in sheets for an assembly or for letters, of which only hashes are kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import AssuranceLevel, Person, Tie, TiedCode, Verification, VerificationMethod
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched
from consult.core.policy import Reason
from consult.territory.models import Municipality
from consult.verification import bearers, identifiers
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode
from consult.verification.services import Finding, VerificationError, hold, verify

MOST = 1000
"""Codes of one sheet."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that nobody takes for another on paper."""
_LENGTH, _GROUP = 12, 4
_YOURS = _l("This code is tied to your account already: what was done with it counts as yours.")
_ELSEWHERE = _l("This code is not good any more: it is tied to another account, and each code is tied once.")


@dataclass(frozen=True, kw_only=True)
class CodesMade(events.Event):
    batch_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class CodesCancelled(events.Event):
    batch_id: int


@dataclass(frozen=True, kw_only=True)
class CodeTied(events.Event):
    """What was done with a code, which verified nothing, is this person's from now on."""

    person_id: int


def make(municipality: Municipality, *, number: int, purpose: CodePurpose, expires_at: datetime, tie: Tie = Tie.RESIDES,
         process_id: int | None = None, activity_id: int | None = None, actor: Person | None,
         form_key: str | None = None) -> list[str]:
    """Make codes, which can be read this once: only their hashes are kept. None where the form was sent before.

    With a percorso, and perhaps one activity of it, they are only good to take part there, and verify nobody.
    """
    row = insert(CodeBatch).values(
        municipality_id=municipality.id, number=number, purpose=purpose, tie=tie, expires_at=expires_at,
        process_id=process_id, activity_id=activity_id,
        form_key=form_key, made_by_id=actor.id if actor else None, created_at=clock.now())
    batch_id = db.session.scalar(row.on_conflict_do_nothing(index_elements=["form_key"]).returning(CodeBatch.id))
    if batch_id is None:
        return []
    codes = [_fresh() for _ in range(number)]
    db.session.execute(insert(OneTimeCode), [
        {"hash": identifiers.of_one_time_code(tidy(code)), "batch_id": batch_id, "used": False} for code in codes])
    events.record(CodesMade(actor_id=actor.id if actor else None, batch_id=batch_id, number=number))
    return codes


def _fresh() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(_LENGTH))
    return "-".join(letters[start:start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def tidy(typed: str) -> str:
    """A code in its one form, however it was typed."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def cancel(batch: CodeBatch, actor: Person) -> bool:
    """Make what is left of a sheet worthless; False where it was cancelled before."""
    once = sa.update(CodeBatch).where(CodeBatch.id == batch.id, CodeBatch.cancelled_at.is_(None))
    if not rows_touched(once.values(cancelled_at=clock.now())):
        return False
    events.record(CodesCancelled(actor_id=actor.id, batch_id=batch.id))
    return True


def use(person: Person, typed: str, *, took_part: bool = False) -> Verification | None:
    """Tie a code to whoever brings it and verify them with it; of several who bring the same at once one has it.

    What was done with the code without an account is theirs from then on. Answers None where it was tied and verified
    nothing: it was made for something to take part in, or the person `took_part` with it and was verified already, or
    comes when it is too old. Raises VerificationError, and changes nothing, for a code that is not good.
    """
    hash = identifiers.of_one_time_code(tidy(typed))
    hold(person)
    bearers.hold_names([*person.identities, f"identifier:{hash}"])
    code = bearers.found(hash)
    if code is None:
        raise VerificationError(bearers.WORTHLESS)
    if reason := _why_not(person, code, took_part):
        raise VerificationError(reason)
    only_ties = bool(person.holding) or bearers.too_old(code) or not code.batch.verifies
    if not _taken(code):
        raise VerificationError(_ELSEWHERE)
    if only_ties:
        _keep(person, code)
        return None
    return verify(person, Finding(method=VerificationMethod.CODE, level=AssuranceLevel.LOW, tie=code.batch.tie,
                                  municipality_id=code.batch.municipality_id, identifier=hash), actor=person)


def _why_not(person: Person, code: OneTimeCode, took_part: bool) -> Reason | None:
    if code.used:
        return _YOURS if f"identifier:{code.hash}" in person.identities else _ELSEWHERE
    if code.batch.cancelled_at:
        return bearers.CANCELLED
    if bearers.too_old(code) and not took_part:
        return bearers.why_too_old(code)
    if code.batch.verifies and person.holding and not took_part:
        return _l("You are verified already: keep the code for somebody who is not.")
    return None


def _keep(person: Person, code: OneTimeCode) -> None:
    person.tied_codes.append(TiedCode(hash=code.hash))
    db.session.flush()
    events.record(CodeTied(actor_id=person.id, person_id=person.id))


def _taken(code: OneTimeCode) -> bool:
    once = sa.update(OneTimeCode).where(OneTimeCode.hash == code.hash, OneTimeCode.used.is_(False))
    if not rows_touched(once.values(used=True).execution_options(synchronize_session=False)):
        return False
    db.session.execute(sa.update(CodeBatch).where(CodeBatch.id == code.batch_id)
                       .values(used_count=CodeBatch.used_count + 1).execution_options(synchronize_session=False))
    return True
