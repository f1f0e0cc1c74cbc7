"""Which passwords are too easy to guess, and which names cannot be shown."""

from functools import cache
from pathlib import Path

from flask_babel import lazy_gettext as _l

from consult.accounts.services import DEMO_PASSWORD
from consult.core import config
from consult.core.policy import Reason

SHORTEST, LONGEST = 12, 128
_TELLING = 4
"""A shorter name says nothing about a password that holds it."""


@cache
def _common() -> frozenset[str]:
    return frozenset(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


def weakness(password: str, *known: str) -> Reason | None:
    """Why a password is easy to guess for whoever knows these words about a person, or None.

    Length counts and composition does not (NIST SP 800-63B-4, 3.1.1.2).
    """
    if len(password) < SHORTEST:
        return _l("This password is too short: it needs at least %(least)s characters.", least=SHORTEST)
    if len(password) > LONGEST:
        return _l("This password is too long: it can have at most %(most)s characters.", most=LONGEST)
    plain = _plain(password)
    if plain in _common() or len(set(plain)) < 4 or (password == DEMO_PASSWORD and not config.current().demo):
        return _l("Many people use this password, so it is among the first that are tried. Choose another one.")
    if any(len(word) >= _TELLING and word in plain for word in map(_plain, known)):
        return _l("This password contains your name or your e-mail address, which others know. Choose another one.")
    return None


def known_words(email: str | None, name: str | None) -> tuple[str, ...]:
    """What others know about somebody: the address, the part before its @, the name."""
    return tuple(word for word in (email, (email or "").partition("@")[0], name) if word)


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def unfit_name(name: str) -> Reason | None:
    """Why a name cannot be shown beside what a person writes, or None."""
    if sum(letter.isalnum() for letter in name) < 2:
        return _l("Write a name of at least two letters.")
    if "@" in name or "://" in name or "www." in name.casefold():
        return _l("Write a name, not an address: everybody will see it.")
    return None
