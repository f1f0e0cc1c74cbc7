"""Saving what was filled in so far, finding it again with its code, and forgetting it."""

from __future__ import annotations

import json
import secrets
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from consult.core import clock, codes, events
from consult.core.db import db, insert, rows_deleted, table
from consult.core.later import cryptography
from consult.processes.models import Activity
from consult.resuming.models import SavedAnswers

Filled = list[tuple[str, str]]
"""The fields of a form with their values; a name may come several times."""
_PURPOSE = "saved answers"
_NONCE = 12


@dataclass(frozen=True, kw_only=True)
class AnswersSaved(events.Event):
    """Somebody saved a form to go on later. The event names nobody, and not which form."""

    activity_id: int


def save(activity: Activity, filled: Iterable[tuple[str, str]], *, code: str = "") -> str:
    """Keep a form for whoever has its code, which is answered and not kept.

    With the code of what was saved before, that is replaced.
    """
    before = codes.plain(code)
    code = before if before and _row(activity, before) is not None else codes.new()
    nonce = secrets.token_bytes(_NONCE)
    content = zlib.compress(json.dumps(list(filled)).encode("utf-8", "replace"))
    sealed = nonce + _cipher(code).encrypt(nonce, content, _bound_to(activity))
    row = insert(table(SavedAnswers)).values(
        code_hash=codes.hashed(code, _PURPOSE), activity_id=activity.id, sealed=sealed, saved_on=clock.today())
    db.session.execute(row.on_conflict_do_update(index_elements=["code_hash"], set_={
        "sealed": row.excluded.sealed, "saved_on": row.excluded.saved_on}))
    events.record(AnswersSaved(actor_id=None, activity_id=activity.id))
    return code


def find(activity: Activity, code: str) -> Filled | None:
    """What was saved under a code; None where there is nothing, or nothing any more."""
    plain = codes.plain(code)
    sealed = _row(activity, plain) if plain else None
    if sealed is None:
        return None
    try:
        content = _cipher(plain).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound_to(activity))
    except cryptography.exceptions.InvalidTag:
        return None
    return [(str(name), str(value)) for name, value in json.loads(zlib.decompress(content))]


def spend(activity: Activity, code: str | None) -> None:
    """Let go of what was saved under a code: it was sent."""
    if plain := codes.plain(code):
        db.session.execute(sa.delete(table(SavedAnswers)).where(*_named(activity, plain)))


def forget_all(activity_id: int) -> None:
    """Let go of all that was saved in an activity that has closed."""
    own = table(SavedAnswers)
    db.session.execute(sa.delete(own).where(own.c.activity_id == activity_id))


def forget(*, before: datetime, most: int) -> int:
    """Let go of at most so many forms saved before a day; answers how many went."""
    return rows_deleted(SavedAnswers, SavedAnswers.saved_on < clock.local(before).date(), most=most)


def _row(activity: Activity, code: str) -> bytes | None:
    return db.session.scalar(sa.select(table(SavedAnswers).c.sealed).where(*_named(activity, code)))


def _named(activity: Activity, code: str) -> tuple[sa.ColumnElement[bool], ...]:
    own = table(SavedAnswers)
    return own.c.code_hash == codes.hashed(code, _PURPOSE), own.c.activity_id == activity.id


def _cipher(code: str) -> cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305:
    """The code has 80 random bits, so that nothing need be done to make guessing slow."""
    return cryptography.hazmat.primitives.ciphers.aead.ChaCha20Poly1305(_derived(code))


def _bound_to(activity: Activity) -> bytes:
    return str(activity.id).encode()


def _derived(code: str) -> bytes:
    primitives = cryptography.hazmat.primitives
    derivation = primitives.kdf.hkdf.HKDF(primitives.hashes.SHA256(), 32, salt=None, info=b"consult saved answers")
    return derivation.derive(code.encode())
