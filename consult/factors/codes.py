"""The codes that people type: those of an app, and those of recovery; each is taken once."""

from __future__ import annotations

import logging
import secrets
import unicodedata

import pyotp
import sqlalchemy as sa

from consult.accounts.models import Person
from consult.accounts.services import hashed
from consult.core import clock, keys
from consult.core.db import db, rows_touched
from consult.core.later import cryptography
from consult.factors.models import CodeApp, RecoveryCode

log = logging.getLogger("consult.factors")

STEP = 30
DRIFT = 1
"""How many half minutes the clock of a phone may be early or late."""
HOW_MANY = 10
ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
"""Without what is mistaken for something else when it is copied from paper."""
_NONCE = 12


def seal(secret: str, person_id: int) -> bytes:
    """A secret as it is kept: readable only with the key outside the database, and only as this person's."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, secret.encode("ascii"), _owner(person_id))


def unseal(app: CodeApp) -> str | None:
    """The secret of an app; None, with a line in the log, where the key that it was sealed with is lost."""
    try:
        return _cipher().decrypt(app.sealed[:_NONCE], app.sealed[_NONCE:], _owner(app.person_id)).decode("ascii")
    except cryptography.exceptions.InvalidTag:
        log.exception("the secret of code app %s cannot be read: the key that it was sealed with is lost", app.id)
        return None


def _cipher() -> cryptography.hazmat.primitives.ciphers.aead.AESGCM:
    return cryptography.hazmat.primitives.ciphers.aead.AESGCM(keys.secret_for("factors"))


def _owner(person_id: int) -> bytes:
    return f"code-app:{person_id}".encode()


def link(secret: str, *, account: str, issuer: str) -> str:
    """What the app reads from the QR code."""
    return pyotp.TOTP(secret, interval=STEP).provisioning_uri(name=account, issuer_name=issuer)


def take(app: CodeApp, typed: str) -> bool:
    """Use a code of an app up; False for a wrong one, an old one, and one that was taken before."""
    code, secret = plain(typed), unseal(app)
    if secret is None or len(code) != 6 or not (code.isascii() and code.isdigit()):
        return False
    made, now = pyotp.TOTP(secret, interval=STEP), int(clock.now().timestamp()) // STEP
    right = [step for step in range(now - DRIFT, now + DRIFT + 1)
             if secrets.compare_digest(made.generate_otp(step), code)]
    return any(rows_touched(sa.update(CodeApp).where(CodeApp.id == app.id, CodeApp.last_step < step)
                            .values(last_step=step)) for step in right)


def new_recovery_codes(person: Person) -> list[str]:
    """Ten codes in place of those before; only their hashes are kept, so this is the one time they can be shown."""
    db.session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(4)) for _ in range(HOW_MANY)]
    db.session.add_all(RecoveryCode(person_id=person.id, code_hash=hashed(plain(code))) for code in codes)
    return codes


def take_recovery(person: Person, typed: str) -> bool:
    """Use a recovery code up; False for a wrong one and one that was used before."""
    return bool(rows_touched(
        sa.update(RecoveryCode)
        .where(RecoveryCode.person_id == person.id, RecoveryCode.code_hash == hashed(plain(typed)),
               RecoveryCode.used_at.is_(None))
        .values(used_at=clock.now())))


def plain(typed: str) -> str:
    """A code without spaces and hyphens, whatever keyboard typed it."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", typed).casefold() if letter.isalnum())
