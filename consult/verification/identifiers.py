"""What stands for a tax code, a code or a name at a provider: keyed hashes, useless to whoever lacks the keys.

Two keys, kept outside the database: that of the registers is given to the registry offices, which hash their lists
with it; that of the identifiers leaves the installation never.
"""

import hashlib
import hmac
import logging
from collections.abc import Callable
from datetime import date

import sqlalchemy as sa
from flask_babel import lazy_gettext as _l

from consult.accounts.models import Verification
from consult.core import keys
from consult.core.db import db
from consult.core.policy import Reason
from consult.verification.models import ExternalIdentity, OneTimeCode, RegisterEntry

log = logging.getLogger("consult.verification")

_IDENTIFIERS, _REGISTERS = "identifiers", "registers"


class UnavailableError(Exception):
    """The key that belongs to what is kept is lost: nobody can be recognised until it is brought back."""

    reason: Reason = _l("Nobody can be verified at the moment. Nothing was changed: try again later.")


def of_tax_code(code: str) -> str:
    """The hash of a tidied tax code."""
    return _of(_identifiers(), "tax code", code)


def of_one_time_code(code: str) -> str:
    """The hash of a code from a sheet."""
    return _of(_identifiers(), "one-time code", code)


def of_subject(issuer: str, subject: str) -> str:
    """The hash of the name that a provider of identity has for a person: in some it is the tax code."""
    return _of(_identifiers(), "subject", issuer, subject)


def of_resident(code: str, born: date, key: bytes | None = None) -> str:
    """The hash of a tidied tax code with a day of birth, as registers hold it; offline the key is given."""
    return _of(key or register_key(), "resident", code, born.isoformat())


def register_key() -> bytes:
    """The key that registry offices hash their lists with."""
    return _secret(_REGISTERS, lambda: _any(RegisterEntry.hash))


def _identifiers() -> bytes:
    return _secret(_IDENTIFIERS, lambda: (
        _any(ExternalIdentity.subject_hash) or _any(OneTimeCode.hash)
        or db.session.scalar(sa.select(Verification.id).where(Verification.identifier_hash.is_not(None)).limit(1))
        is not None))


def _any(column: sa.orm.InstrumentedAttribute[str]) -> bool:
    return db.session.scalar(sa.select(column).limit(1)) is not None


def _secret(name: str, used: Callable[[], bool]) -> bytes:
    try:
        return keys.secret_for(name, used=used)
    except keys.KeyLostError as lost:
        log.critical("the key of the %s is lost: nobody can be verified", name)
        raise UnavailableError(name) from lost


def _of(key: bytes, *parts: str) -> str:
    return hmac.digest(key, "\0".join(parts).encode(), hashlib.sha256).hex()
