"""The code of a receipt: whoever has it finds the answers it was given for. It names nobody and nobody keeps it."""

import hashlib
import re
import secrets

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without letters and digits that are taken for one another."""
GROUPS, LETTERS = 4, 4


def new() -> str:
    """A code that nobody can guess: 80 bits, in groups that can be read out."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def plain(typed: str) -> str:
    """A code as it was made, however it was typed; empty for what is none."""
    bare = re.sub(r"[\s\-–—.]", "", typed[:100]).upper()
    if len(bare) != GROUPS * LETTERS or not set(bare) <= set(ALPHABET):
        return ""
    return "-".join(bare[at:at + LETTERS] for at in range(0, len(bare), LETTERS))


def hashed(code: str) -> str:
    """What is kept of a code: enough to know it again, not enough to know it."""
    return hashlib.sha256(b"receipt\0" + code.encode()).hexdigest()
