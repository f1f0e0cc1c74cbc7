"""Keys kept outside the database, and the tags by which a vote or an answer is known without its person.

A tag says only that somebody has taken part: without its key it leads to nobody, and once the key is destroyed
nothing does. The folder must stay out of every backup that holds the database.
"""

import hashlib
import hmac
import os
import re
import secrets
from pathlib import Path

from flask import current_app

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
_SIZE = 32


class KeyDestroyedError(Exception):
    """The key is gone for good, so no tag can be made with it any more."""


def secret_for(name: str | int) -> bytes:
    """The 32 random bytes of a name, made when they are first asked for.

    Whoever asks at the same instant gets the same bytes. Raises KeyDestroyedError after `destroy`.
    """
    path = _path(name)
    if not path.exists() and not _grave(path).exists():
        _make(path)
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise KeyDestroyedError(str(name)) from None


def exists(name: str | int) -> bool:
    """True while a key has been made and not destroyed."""
    return _path(name).exists()


def destroyed(name: str | int) -> bool:
    """True once the key was destroyed."""
    return _grave(_path(name)).exists()


def destroy(name: str | int) -> None:
    """Remove a key for ever: what was tagged with it can no longer be traced, and it is never made again."""
    path = _path(name)
    _prepare(path.parent)
    _grave(path).touch(mode=0o400)
    path.unlink(missing_ok=True)
    _keep(path.parent)


def tag(name: str | int, person_key: str) -> str:
    """32 hexadecimal characters that stand for a person within what the key belongs to, and nowhere else."""
    message = b"tag\0" + person_key.encode()
    return hmac.digest(secret_for(name), message, hashlib.sha256)[:16].hex()


def _path(name: str | int) -> Path:
    if not _NAME.fullmatch(str(name)):
        raise ValueError(f"no name for a key: {name!r}")
    return Path(current_app.extensions["settings"].instance) / "keys" / f"{name}.key"


def _grave(path: Path) -> Path:
    return path.with_suffix(".destroyed")


def _prepare(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    folder.chmod(0o700)  # the mode given to mkdir would not mend a folder that was there


def _make(path: Path) -> None:
    """Write the key aside and give it its name in one step, so that nobody ever reads half a key."""
    _prepare(path.parent)
    aside = path.parent / f".{secrets.token_hex(8)}"
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(_SIZE))
            file.flush()
            os.fsync(file.fileno())
        if not _grave(path).exists():
            _name(aside, path)
    finally:
        aside.unlink(missing_ok=True)
    _keep(path.parent)


def _name(aside: Path, path: Path) -> None:
    try:
        os.link(aside, path)  # refuses where another was faster: the first key stays
    except FileExistsError:
        return
    if _grave(path).exists():  # destroyed meanwhile
        path.unlink(missing_ok=True)


def _keep(folder: Path) -> None:
    """Have the folder itself written to the disk: a key lost in a power cut would let everybody vote twice."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
