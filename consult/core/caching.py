"""Pages for visitors without a cookie: what has not changed is neither made nor sent again.

A page is known by its address, its form and the version of the content: the number of the last recorded
event. Everything that people can see changes with an event. The minute belongs to the version too, so that
what depends on the clock, such as an activity that closes, is right at every full minute.
"""

import hashlib
import json
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import sqlalchemy as sa
from flask import Flask, Response, request, session
from sqlalchemy.orm import Session

from consult.core import clock
from consult.core import db as database
from consult.core.db import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

log = logging.getLogger("consult.requests")

FRESH_FOR = 1.0
"""Seconds for which a version is believed before the database is asked again; own commits are seen at once."""
MOST_BYTES = 8 * 1024 * 1024
LARGEST = 512 * 1024
_KEEP = "consult.keep"

Kept = tuple[str, list[tuple[str, str]], bytes]
_caches: "WeakSet[PageCache]" = WeakSet()


class PageCache:
    """A WSGI layer in front of the application. What it keeps is a copy: losing it costs only time."""

    def __init__(self, app: Flask, version: sa.Select[Any]) -> None:
        self._flask, self._inner, self._version = app, app.wsgi_app, version
        self._pages: OrderedDict[str, Kept] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._known: tuple[float, str] = (0.0, "")
        self.build = ""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = self._key(environ) if _may_be_kept(environ) else None
        if key is None:
            return self._inner(environ, start_response)
        kept = self._pages.get(key)
        if kept is None:
            return self._made(key, environ, start_response)
        status, headers, body = kept
        log.info(json.dumps({"method": environ["REQUEST_METHOD"], "path": environ.get("PATH_INFO", "")[:200],
                             "status": 200, "kept": True}))
        if f'"{key}"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", [pair for pair in headers if pair[0] != "Content-Length"])
            return []
        start_response(status, headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def forget_version(self) -> None:
        """Ask the database at the next request: something was kept by this process."""
        self._known = (0.0, "")

    def _key(self, environ: "WSGIEnvironment") -> str | None:
        try:
            version = self.version()
        except sa.exc.SQLAlchemyError:
            return None  # the application answers with what is wrong
        form = "gzip" if "gzip" in environ.get("HTTP_ACCEPT_ENCODING", "") else "plain"
        partial = environ.get("HTTP_HX_REQUEST", "")
        parts = (version, environ.get("HTTP_HOST", ""), environ["wsgi.url_scheme"], environ.get("PATH_INFO", ""),
                 environ.get("QUERY_STRING", ""), form, partial)
        return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32]

    def version(self) -> str:
        """The present version of all public content."""
        asked, known = self._known
        if time.monotonic() - asked > FRESH_FOR:
            token = database.read_only.set(True)
            try:
                with self._flask.app_context(), db.engine.connect() as connection:
                    known = str(connection.scalar(self._version))
            finally:
                database.read_only.reset(token)
            self._known = (time.monotonic(), known)
        return f"{self.build}.{known}.{int(clock.now().timestamp() // 60)}"

    def _made(self, key: str, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        started: dict[str, Any] = {}

        def note(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            started["status"] = status
            if environ.get(_KEEP):
                headers.append(("ETag", f'"{key}"'))
                started["same"] = [pair for pair in headers if pair[0] != "X-Request-Id"]
            return start_response(status, headers, *rest)

        parts = self._inner(environ, note)
        if not environ.get(_KEEP) or environ["REQUEST_METHOD"] == "HEAD":
            return parts
        body = b"".join(parts)
        if len(body) <= LARGEST:
            self._keep(key, (started["status"], started["same"], body))
        return [body]

    def _keep(self, key: str, page: Kept) -> None:
        with self._lock:
            if key not in self._pages:
                self._bytes += len(page[2])
            self._pages[key] = page
            while self._bytes > MOST_BYTES:
                self._bytes -= len(self._pages.popitem(last=False)[1][2])


def register(app: Flask, version: sa.Select[Any], build: str) -> PageCache:
    """Put the cache in front of an application; `version` selects what changes with the content."""
    cache = PageCache(app, version)
    cache.build = build
    app.wsgi_app = cache  # type: ignore[method-assign]
    _caches.add(cache)
    return cache


def _may_be_kept(environ: "WSGIEnvironment") -> bool:
    return (environ["REQUEST_METHOD"] in ("GET", "HEAD") and "HTTP_COOKIE" not in environ
            and not environ.get("PATH_INFO", "").startswith("/static/"))


@sa.event.listens_for(Session, "after_commit")
def _something_was_kept(_session: Session) -> None:
    for cache in _caches:
        cache.forget_version()


def offer(response: Response) -> None:
    """Let a page be kept for the next visitor, if nothing in it belongs to this one."""
    if _same_for_all(response):
        response.headers["Cache-Control"] = "no-cache"
        response.vary.update(("Cookie", "Accept-Encoding"))
        request.environ[_KEEP] = True


def _same_for_all(response: Response) -> bool:
    return (request.method in ("GET", "HEAD") and response.status_code == 200 and response.mimetype == "text/html"
            and "Cache-Control" not in response.headers and not response.is_streamed
            and not request.cookies and not session.modified)
