"""Libraries that weigh much and serve little of what is asked: each is loaded by whoever first needs something of it.

`from consult.core.later import numpy as np` is checked by types like any import. Annotations that name such a library
stay words (`from __future__ import annotations`), or they would load it.
"""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any, cast

__all__ = ["PIL", "authlib", "cryptography", "flask_migrate", "huey", "joserfc", "numpy", "openpyxl", "psycopg",
           "pyxform", "requests", "typst", "webauthn", "xlsxwriter"]


class Later(ModuleType):
    """Stands for a library, with some of its modules that it does not load by itself.

    It is told that those it could do `without` are not there.
    """

    def __init__(self, name: str, *parts: str, without: Iterable[str] = ()) -> None:
        super().__init__(name)
        self._parts, self._without = (*(f"{name}.{part}" for part in parts), name), without

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # what merely looks at modules needs nothing of it
        with _missing(self._without):
            *_, library = map(import_module, self._parts)
        found = getattr(library, name)
        setattr(self, name, found)
        return found


@contextmanager
def _missing(names: Iterable[str]) -> Iterator[None]:
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(cast(Any, dict.fromkeys(hidden)))  # None there: whoever imports it hears that it is not found
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


if TYPE_CHECKING:
    import authlib.oauth2.rfc7636
    import cryptography.exceptions
    import cryptography.hazmat.primitives.asymmetric.ed25519
    import cryptography.hazmat.primitives.ciphers.aead
    import cryptography.hazmat.primitives.hashes
    import cryptography.hazmat.primitives.kdf.hkdf
    import flask_migrate.cli
    import huey
    import joserfc.errors
    import joserfc.jwk
    import joserfc.jwt
    import numpy  # noqa: ICN001 - whoever uses it names it
    import openpyxl.utils.exceptions
    import PIL.Image
    import PIL.ImageOps
    import psycopg.pq
    import pyxform.errors
    import pyxform.xls2json_backends
    import pyxform.xls2xform
    import requests
    import typst
    import webauthn.helpers.exceptions
    import webauthn.helpers.structs
    import xlsxwriter
else:
    numpy, requests, typst, xlsxwriter = map(Later, ("numpy", "requests", "typst", "xlsxwriter"))
    authlib = Later("authlib", "oauth2.rfc7636")
    cryptography = Later("cryptography", "exceptions", "hazmat.primitives.asymmetric.ed25519",
                         "hazmat.primitives.ciphers.aead", "hazmat.primitives.hashes", "hazmat.primitives.kdf.hkdf")
    flask_migrate = Later("flask_migrate", "cli")
    huey = Later("huey", without=("psycopg", "redis"))  # the drivers of queues that are not ours
    joserfc = Later("joserfc", "errors", "jwk", "jwt")
    PIL = Later("PIL", "Image", "ImageOps")
    openpyxl = Later("openpyxl", "utils.exceptions")
    psycopg = Later("psycopg", "pq")
    pyxform = Later("pyxform", "errors", "xls2json_backends", "xls2xform")
    webauthn = Later("webauthn", "helpers.exceptions", "helpers.structs")
