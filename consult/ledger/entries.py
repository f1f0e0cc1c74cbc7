"""What stands in the log: cast, gone, void, open and close, each in the canonical form, without person or time."""

import base64
import hashlib
import secrets
from collections.abc import Mapping
from typing import Any

from consult.ledger import merkle
from consult.ledger.canonical import canonical

VERSION = 1


def fresh_nonce() -> str:
    """128 random bits in 22 characters: with them the hash of an entry does not tell what is in it."""
    return base64.urlsafe_b64encode(secrets.token_bytes(16)).decode().rstrip("=")


def leaf_hash(leaf: bytes) -> str:
    """The hash of an entry in the log, in hexadecimal: what a receipt says."""
    return merkle.leaf(leaf).hex()


def cast(activity_id: int, tag: str, marks: Mapping[str, int], sequence: int, nonce: str) -> bytes:
    """A paper cast, for the `sequence`-th time under its tag."""
    return _entry(activity_id, nonce, t="cast", g=tag, q={"q1": dict(marks)}, s=sequence)


def gone(activity_id: int, tag: str, sequence: int, nonce: str) -> bytes:
    """A paper taken back by whoever cast it."""
    return _entry(activity_id, nonce, t="gone", g=tag, s=sequence)


def void(activity_id: int, tag: str, why: str, nonce: str) -> bytes:
    """A paper that counts no more, for a reason of the list that was fixed at the opening."""
    return _entry(activity_id, nonce, t="void", g=tag, why=why)


def opening(activity_id: int, consultation: bytes, nonce: str) -> bytes:
    """The first entry: the hash of all that was fixed."""
    return _entry(activity_id, nonce, t="open", cfg=hashlib.sha256(consultation).hexdigest())


def closing(activity_id: int, nonce: str) -> bytes:
    """No paper is cast after this."""
    return _entry(activity_id, nonce, t="close")


def _entry(activity_id: int, nonce: str, **facts: Any) -> bytes:
    return canonical({"c": str(activity_id), "n": nonce, "v": VERSION, **facts})
