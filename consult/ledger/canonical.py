"""How a thing is written before it is hashed: RFC 8785, for texts, whole numbers, lists and objects, in one way."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

_KEY = re.compile(r"[A-Za-z0-9_./:-]{1,64}")
_written = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode
LARGEST = 2**53
"""Whole numbers from here on are not the same in every program."""


class NotCanonicalError(ValueError):
    """Something that has no place in what is hashed."""


def canonical(thing: Any) -> bytes:
    """The bytes of a thing. Raises NotCanonicalError for floats, truth values, None, and odd keys."""
    _check(thing)
    try:
        return _written(thing).encode()
    except UnicodeEncodeError as fault:
        raise NotCanonicalError("a text holds half a character") from fault


def _check(thing: Any) -> None:
    kind = type(thing)
    if kind is str or (kind is int and abs(thing) < LARGEST):
        return
    if kind is list:
        for part in thing:
            _check(part)
    elif kind is dict:
        for key, value in thing.items():
            if type(key) is not str or not _KEY.fullmatch(key):
                raise NotCanonicalError(f"no key: {key!r}")
            _check(value)
    else:
        raise NotCanonicalError(f"not written in the canonical form: {thing!r}")


def plain(thing: Any) -> Any:
    """The same with what the canonical form does not know written as it does: 0 and 1, fractions as text, no None."""
    if thing is None or isinstance(thing, str):
        return thing
    if isinstance(thing, int):
        return int(thing)
    if isinstance(thing, (float, Decimal, Fraction)):
        return str(thing)
    if isinstance(thing, Mapping):
        return {str(key): plain(value) for key, value in thing.items() if value is not None}
    return [plain(part) for part in thing]
