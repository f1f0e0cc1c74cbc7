"""What was typed into a form that one may send only after signing in: it waits in the browser's own name.

The database holds it sealed, and the key is in the cookie alone: without that browser nobody reads it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from flask import session
from sqlalchemy.orm import Mapped, mapped_column

from consult.core import clock, jobs
from consult.core.db import Base, db
from consult.core.later import cryptography

LASTS = timedelta(hours=2)
IN_COOKIE = "held"
MOST = 200_000
"""Bytes; a form that is longer than any of ours is not kept."""
UNTYPED = frozenset({"csrf_token", "once", "version", "shown", "next"})
"""What a form holds that nobody typed."""
SECRETS = ("password", "tax_code", "code")
"""Ends of the names of fields that are typed anew each time."""
_LONG = 30
_NONCE = 12


class HeldForm(Base):
    """A form that waits, sealed."""

    __tablename__ = "held_form"

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, index=True)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """Where a form was to go, on which page it stood, and what it held."""

    action: str
    back: str
    fields: Sequence[tuple[str, str]]


def keep(typed: Typed) -> bool:
    """Have a form wait for this browser, in the place of an earlier one; False where there is nothing to lose.

    A button is pressed again as easily as its form is sent again. Passwords, codes and tax codes are never kept.
    """
    fields = [(name, value) for name, value in typed.fields if not name.endswith(SECRETS)]
    written = [value for name, value in fields if name not in UNTYPED and value.strip()]
    content = json.dumps([typed.action, typed.back, fields]).encode()
    if (len(written) < 2 and not any(len(value) > _LONG for value in written)) or len(content) > MOST:
        return False
    _drop()
    token, nonce = secrets.token_urlsafe(32), secrets.token_bytes(_NONCE)
    db.session.add(HeldForm(token_hash=_hashed(token), sealed=nonce + _cipher(token).encrypt(nonce, content, None)))
    session[IN_COOKIE] = token
    return True


def waiting() -> Typed | None:
    """The form that waits for this browser."""
    token = str(session.get(IN_COOKIE, ""))
    found = db.session.get(HeldForm, _hashed(token)) if token else None
    if found is None or found.created_at < clock.now() - LASTS:
        return None
    action, back, fields = json.loads(_cipher(token).decrypt(found.sealed[:_NONCE], found.sealed[_NONCE:], None))
    return Typed(action=action, back=back, fields=[(name, value) for name, value in fields])


def _drop() -> None:
    if former := session.pop(IN_COOKIE, ""):
        db.session.execute(sa.delete(HeldForm).where(HeldForm.token_hash == _hashed(former)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _cipher(token: str) -> cryptography.hazmat.primitives.ciphers.aead.AESGCM:
    return cryptography.hazmat.primitives.ciphers.aead.AESGCM(hashlib.sha256(b"held form\0" + token.encode()).digest())


@jobs.every_minute
def forget() -> None:
    """Drop what waited for too long."""
    db.session.execute(sa.delete(HeldForm).where(HeldForm.created_at < clock.now() - LASTS))
