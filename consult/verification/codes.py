"""Codes good once: made in sheets for an assembly or for letters, of which only hashes are kept."""

import secrets
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import joinedload

from consult.accounts.models import AssuranceLevel, Person, Tie, Verification, VerificationMethod
from consult.core import clock, events
from consult.core.db import db, insert, rows_touched
from consult.territory.models import Municipality
from consult.verification import identifiers
from consult.verification.bearers import WORTHLESS
from consult.verification.models import CodeBatch, CodePurpose, OneTimeCode
from consult.verification.services import Finding, VerificationError, hold, verify

MOST = 1000
"""Codes of one sheet."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
"""Those that nobody takes for another on paper."""
_LENGTH, _GROUP = 12, 4


@dataclass(frozen=True, kw_only=True)
class CodesMade(events.Event):
    batch_id: int
    number: int


@dataclass(frozen=True, kw_only=True)
class CodesCancelled(events.Event):
    batch_id: int


def make(municipality: Municipality, *, number: int, purpose: CodePurpose, expires_at: datetime, tie: Tie = Tie.RESIDES,
         actor: Person | None, form_key: str | None = None) -> list[str]:
    """Make codes, which can be read this once: only their hashes are kept. None where the form was sent before."""
    row = insert(CodeBatch).values(
        municipality_id=municipality.id, number=number, purpose=purpose, tie=tie, expires_at=expires_at,
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


def use(person: Person, typed: str, *, took_part: bool = False) -> Verification:
    """Verify whoever brings a code; of several who bring the same at once one is verified.

    What was done with the code without an account is theirs from then on. Raises VerificationError for a code that
    is not good, and where the person is verified already, unless they `took_part` with it: the code then stays good
    for somebody else.
    """
    hold(person)
    if person.holding and not took_part:
        raise VerificationError(_l("You are verified already: keep the code for somebody who is not."))
    hash = identifiers.of_one_time_code(tidy(typed))
    code = db.session.scalar(sa.select(OneTimeCode).where(OneTimeCode.hash == hash).options(
        joinedload(OneTimeCode.batch)))
    if code is None or code.batch.cancelled_at or code.batch.expires_at <= clock.now() or not _taken(code):
        raise VerificationError(WORTHLESS)
    batch = code.batch
    return verify(person, Finding(method=VerificationMethod.CODE, level=AssuranceLevel.LOW, tie=batch.tie,
                                  municipality_id=batch.municipality_id, identifier=hash), actor=person)


def _taken(code: OneTimeCode) -> bool:
    once = sa.update(OneTimeCode).where(OneTimeCode.hash == code.hash, OneTimeCode.used.is_(False))
    if not rows_touched(once.values(used=True).execution_options(synchronize_session=False)):
        return False
    db.session.execute(sa.update(CodeBatch).where(CodeBatch.id == code.batch_id)
                       .values(used_count=CodeBatch.used_count + 1).execution_options(synchronize_session=False))
    return True
