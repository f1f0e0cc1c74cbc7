"""Keys kept outside the database, and the tags by which a vote or an answer is known without its person.

A tag says only that somebody has taken part: without its key it leads to nobody, and once the key is destroyed
nothing does. The folder must stay out of every backup that holds the database.
"""

import hashlib
import hmac
import os
import re
import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from flask import current_app

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SIZE = 32


class KeyLostError(Exception):
    """There are tags but no key: with a new one whoever has taken part already would not be recognised."""


def _never() -> bool:
    return False


def secret_for(name: str | int, *, used: Callable[[], bool] = _never) -> bytes:
    """The 32 random bytes of a name, made when they are first asked for.

    Whoever asks at the same instant gets the same bytes. `used` says whether there are tags made with the key; it
    is asked only where the key is missing, which then raises KeyLostError: destroyed keys are not made again.
    """
    path = _path(name)
    with suppress(FileNotFoundError):
        return path.read_bytes()
    if used():
        raise KeyLostError(str(name))
    _make(path)
    return path.read_bytes()


def exists(name: str | int) -> bool:
    """True while there is a key: nothing can have been tagged before it was made."""
    return _path(name).exists()


def destroy(name: str | int) -> None:
    """Remove a key for ever: what was tagged with it can no longer be traced to anybody."""
    path = _path(name)
    path.unlink(missing_ok=True)
    if path.parent.exists():
        _keep(path.parent)


def tag(name: str | int, person_key: str, *, used: Callable[[], bool] = _never) -> str:
    """32 hexadecimal characters that stand for a person within what the key belongs to, and nowhere else.

    Makes the key, or raises KeyLostError, as `secret_for` does.
    """
    message = b"tag\0" + person_key.encode()
    return hmac.digest(secret_for(name, used=used), message, hashlib.sha256)[:16].hex()


def _path(name: str | int) -> Path:
    if not _NAME.fullmatch(str(name)):
        raise ValueError(f"no name for a key: {name!r}")
    return Path(current_app.extensions["settings"].instance) / "keys" / f"{name}.key"


def _make(path: Path) -> None:
    """Write a key aside and give it its name in one step, so that nobody ever reads half a key."""
    path.parent.mkdir(exist_ok=True)
    path.parent.chmod(0o700)  # the mode given to mkdir would not mend a folder that was there
    aside = path.parent / f".{secrets.token_hex(8)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(aside, path)
        except FileExistsError:
            return  # another was faster: the first key stays
    finally:
        aside.unlink(missing_ok=True)
        _keep(path.parent)


def _keep(folder: Path) -> None:
    """Have the folder itself written to the disk: a key lost in a power cut would let everybody vote twice."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
