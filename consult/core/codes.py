"""Codes that somebody is told and that nobody keeps: whoever has one finds what belongs to it, and nobody else does."""

import hashlib
import hmac
import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are taken for one another."""
GROUPS, LETTERS = 4, 4
LONGEST = 60
"""More than anybody types who types a code."""


def new() -> str:
    """A code that nobody can guess: 80 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def derived(secret: str, purpose: str, known: str) -> str:
    """The code that belongs to what only its owner knows: always the same, and without the secret nobody's to find."""
    number = int.from_bytes(hmac.digest(secret.encode(), f"{purpose}\0{known}".encode("utf-8", "replace"), "sha256"))
    letters = "".join(ALPHABET[number >> 5 * at & 31] for at in range(GROUPS * LETTERS))
    return "-".join(letters[at:at + LETTERS] for at in range(0, len(letters), LETTERS))


def plain(typed: str | None) -> str:
    """A code as it was made, however it was typed; empty for what is none."""
    bare = re.sub(r"[\s\-–—.]", "", (typed or "")[:LONGEST]).upper()
    if len(bare) != GROUPS * LETTERS or not set(bare) <= set(ALPHABET):
        return ""
    return "-".join(bare[at:at + LETTERS] for at in range(0, len(bare), LETTERS))


def hashed(code: str, purpose: str) -> str:
    """What is kept of a code: enough to know it again for one purpose, not enough to know it."""
    return hashlib.sha256(f"{purpose}\0{code}".encode()).hexdigest()
