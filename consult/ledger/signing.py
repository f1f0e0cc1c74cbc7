"""The key that signs the log, kept outside the database, and the signed note of C2SP."""

from __future__ import annotations

import base64
import hashlib

import sqlalchemy as sa
from flask import current_app

from consult.core import keys
from consult.core.db import db
from consult.core.later import cryptography
from consult.ledger.models import Checkpoint

KEY = "ledger"
"""The name of the key of this installation among the others in instance/keys."""
_ED25519 = b"\1"


def origin(activity_id: int) -> str:
    """The name of a log: its address without the scheme."""
    return f"{signer()}/votazioni/{activity_id}"


def signer() -> str:
    """Who signs: the installation, by its address."""
    address: str = current_app.extensions["settings"].address
    return address.split("://", 1)[-1].replace("+", "-").replace(" ", "-")


def verifier() -> str:
    """The public key as anybody needs it to check what is signed: name, number and key, in one line."""
    public = _key().public_key().public_bytes_raw()
    return f"{signer()}+{_number(signer(), public).hex()}+{base64.b64encode(_ED25519 + public).decode()}"


def note(of: str, size: int, root: bytes) -> str:
    """The signed head of a log of this name. Raises keys.KeyLostError where heads were signed with a key that is gone.
    """
    text = f"{of}\n{size}\n{base64.b64encode(root).decode()}\n"
    key = _key()
    signature = key.sign(text.encode())
    number = _number(signer(), key.public_key().public_bytes_raw())
    return f"{text}\n— {signer()} {base64.b64encode(number + signature).decode()}\n"


def _number(name: str, public: bytes) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + public).digest()[:4]


def _key() -> cryptography.hazmat.primitives.asymmetric.ed25519.Ed25519PrivateKey:
    ed25519 = cryptography.hazmat.primitives.asymmetric.ed25519
    return ed25519.Ed25519PrivateKey.from_private_bytes(keys.secret_for(KEY, used=_any_signed))


def _any_signed() -> bool:
    return db.session.scalar(sa.select(Checkpoint.size).limit(1)) is not None
