"""Static files with the mark of their content in the address, so that browsers keep them for a year."""

import gzip
import hashlib
import mimetypes
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, abort, current_app, request, url_for
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as BaseResponse

FOREVER = "public, max-age=31536000, immutable"
FRESH_FOR = 1.0
"""Seconds for which an address is believed before the file is looked at again."""
TEXTS = frozenset({".css", ".js", ".svg", ".txt", ".json", ".webmanifest"})


_known: dict[tuple[str, str, str], tuple[float, str]] = {}


@dataclass(frozen=True)
class Asset:
    """One file as it is sent: whole, packed if that is shorter, and marked by its content."""

    body: bytes
    packed: bytes | None
    mark: str
    mimetype: str


def asset(name: str) -> str:
    """The address of a static file, which changes when its content does; a page outlives a file that is missing.

    A page names some files a hundred times, as that of the icons: each is looked at once a second at most.
    """
    where = (str(current_app.static_folder), request.root_path, name)
    looked, address = _known.get(where, (0.0, ""))
    if time.monotonic() - looked > FRESH_FOR:
        found = _load(name)
        address = url_for("static", filename=name, v=found.mark if found else None)
        _known[where] = time.monotonic(), address
    return address


def register(app: Flask) -> None:
    """Serve the static folder and give templates `asset("site.css")`."""
    app.view_functions["static"] = _serve
    app.jinja_env.globals["asset"] = asset


def _serve(filename: str) -> BaseResponse:
    found = _load(filename)
    if found is None:
        abort(404)
    packed = found.packed if request.accept_encodings["gzip"] > 0 else None
    response = Response(packed or found.body, mimetype=found.mimetype)
    response.headers["Cache-Control"] = FOREVER if request.args.get("v") == found.mark else "public, max-age=300"
    response.set_etag(found.mark + ("-gzip" if packed else ""))
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    if found.packed:
        response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def _load(name: str) -> Asset | None:
    """The file of this name as it is now, read again only when it has changed."""
    path = safe_join(str(current_app.static_folder), name)
    if path is None or not Path(path).is_file():
        return None
    about = Path(path).stat()
    return _read(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=256)
def _read(path: str, _changed: int, _size: int) -> Asset:
    body = Path(path).read_bytes()
    packed = gzip.compress(body, 9, mtime=0) if Path(path).suffix in TEXTS else b""
    return Asset(
        body=body,
        packed=packed if packed and len(packed) < len(body) else None,
        mark=hashlib.sha256(body).hexdigest()[:16],
        mimetype=mimetypes.guess_type(path)[0] or "application/octet-stream",
    )
