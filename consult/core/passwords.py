"""Passwords, kept only as argon2id hashes, and told from wrong ones in the same time for everyone."""

import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from consult.core import config


@cache
def _hasher(memory: int) -> PasswordHasher:
    """The parameters that OWASP gives as the least, with memory as the installation sets it (in KiB)."""
    return PasswordHasher(time_cost=2, memory_cost=memory, parallelism=1)


@cache
def _nobodys(memory: int) -> str:
    """The hash that stands in where there is no account, so that its absence takes as long."""
    return _hasher(memory).hash("nobody's password")


def _memory() -> int:
    return config.current().password_cost


def _one_form(password: str) -> str:
    """The same letters as the same code points, whichever keyboard composed them."""
    return unicodedata.normalize("NFC", password)


def hashed(password: str) -> str:
    """What is kept of a password."""
    return _hasher(_memory()).hash(_one_form(password))


def right(password: str, kept: str | None) -> bool:
    """True if the password is the one kept; without one kept the same work is done in vain."""
    hasher = _hasher(_memory())
    try:
        hasher.verify(kept or _nobodys(_memory()), _one_form(password))
    except (VerificationError, InvalidHashError):
        return False
    return kept is not None


def outdated(kept: str) -> bool:
    """True if a hash was made with other parameters than those of today."""
    return _hasher(_memory()).check_needs_rehash(kept)
