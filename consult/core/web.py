"""How a request is answered: who may, within one transaction."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network
from typing import Any, cast

from flask import Flask, Response, abort, g, request, session
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from consult.core import blackout, caching, jobs, languages, once
from consult.core import db as database
from consult.core.config import MAX_ID, Settings
from consult.core.db import db
from consult.core.policy import Verdict, can

log = logging.getLogger("consult.requests")
csrf = CSRFProtect()


def network() -> str:
    """The network a request comes from, as far as it tells who is behind it: many share it, few own it."""
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    return str(ip_network((address, 24 if address.version == 4 else 64), strict=False))


limiter = Limiter(network, strategy="moving-window")

READING = frozenset({"GET", "HEAD", "OPTIONS"})
LONG = 80
"""Characters of a text that nobody likes to type twice."""
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


@dataclass(frozen=True)
class Access:
    """What a view asks before it runs."""

    action: str
    loads: Any = None


def me() -> Any:
    """Who asks: a Person, or a visitor who has not signed in."""
    return current_user._get_current_object()


def access(action: str, *, loads: Any = None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Load the thing named in the address (or 404), ask the policy (or refuse), then call the view with the thing.

    `loads` is a model, found by the `id` of the address, or a function of the address's values that
    answers the thing or None. An action that ends in `.read` and is refused answers 404: hidden is unknown.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(view)
        def guarded(**values: Any) -> Any:
            if loads is None:
                require(action)
                return view(**values)
            thing = db.session.get(loads, values.pop("id")) if isinstance(loads, type) else loads(**values)
            if thing is None:
                abort(404)
            require(action, thing)
            return view(thing) if isinstance(loads, type) else view(thing, **_remaining(view, values))

        cast(Any, guarded).access = Access(action, loads)
        return guarded

    return wrap


def _remaining(view: Callable[..., Any], values: dict[str, Any]) -> dict[str, Any]:
    """The values of the address that the view names beside the thing."""
    names = view.__code__.co_varnames[1:view.__code__.co_argcount + view.__code__.co_kwonlyargcount]
    return {name: value for name, value in values.items() if name in names}


class RefusedError(Exception):
    """The policy said no."""

    def __init__(self, action: str, verdict: Verdict) -> None:
        super().__init__(action)
        self.action, self.verdict = action, verdict


def require(action: str, thing: Any = None) -> None:
    """Go on only if the policy grants it; else answer with the reason, or sign in and come back.

    A thing that may not be read is unknown, also to whoever has not signed in: they do not learn that it exists.
    """
    verdict = can(me(), action, thing)
    if not verdict and thing is not None and action.endswith(".read") and not verdict.remedy:
        abort(404)
    if not verdict:
        raise RefusedError(action, verdict)


def local_path(target: str | None) -> str:
    """A path within this site, whatever was asked: the only redirects that parameters may cause."""
    if not target:
        return "/"
    if target.startswith(request.host_url):
        target = target[len(request.host_url) - 1:]
    harmless = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if harmless and target.isprintable() else "/"


def register(app: Flask, settings: Settings) -> None:
    """Wire limits, headers and the transaction of each request."""
    secure = settings.address.startswith("https://")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=512 * 1024,
        MAX_FORM_PARTS=1000,
        SESSION_COOKIE_NAME="__Host-consult" if secure else "consult",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=secure,
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=12 * 3600,
        WTF_CSRF_SSL_STRICT=True,
        WTF_I18N_ENABLED=True,
        RATELIMIT_ENABLED=settings.rate_limits,
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_IN_MEMORY_FALLBACK_ENABLED=bool(settings.redis_url),
    )
    app.url_map.strict_slashes = False
    _bound_ids(app.url_map)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)
    csrf.init_app(app)
    limiter.init_app(app)
    app.before_request_funcs.setdefault(None, []).insert(0, _begin)
    app.before_request(once.first_time_only)
    app.after_request(_finish)
    app.teardown_request(_close)


class _BoundedInteger(IntegerConverter):
    """Ids that no database can hold are unknown, not errors; and an id has one spelling of its digits."""

    regex = "[0-9]+"

    def __init__(self, map: Map, *args: Any, **options: Any) -> None:
        super().__init__(map, *args, **{"max": MAX_ID, **options})


def _bound_ids(url_map: Map) -> None:
    url_map.converters = {**url_map.converters, "int": _BoundedInteger}


def _begin() -> Any:
    g.started = time.perf_counter()
    g.request_id = secrets.token_hex(8)
    g.read_only = database.read_only.set(request.method in READING)
    if "\x00" in request.path or any("\x00" in part for pair in request.args.items(multi=True) for part in pair):
        abort(404)
    languages.remember()
    return None


def _finish(response: Response) -> Response:
    end_transaction(response)
    blackout.say(response)
    said = {name.lower() for name, _value in response.headers}  # asked for one by one, each would look through all
    response.headers.extend([(name, value) for name, value in HEADERS.items() if name.lower() not in said])
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
    caching.offer(response)
    if "Cache-Control" not in response.headers and session.accessed:  # asking the session marks it as asked
        response.headers["Cache-Control"] = "private, no-store" if session.get("sid") else "private, no-cache"
    response.headers["X-Request-Id"] = g.get("request_id", "")
    _log(response.status_code)
    return response


def end_transaction(response: BaseResponse) -> None:
    """A request that succeeds and may write is kept whole; any other leaves no trace."""
    if request.method not in READING and response.status_code < 400:
        once.keep_answer(response)
        db.session().expire_on_commit = False  # nobody reads on: the session ends with the request
        db.session.commit()
        jobs.release()
    elif request.method in READING:
        db.session.close()  # what a page has read is let go, which is cheaper than marking all of it as out of date
    else:
        db.session.rollback()


def _close(_error: BaseException | None) -> None:
    db.session.remove()
    token = g.pop("read_only", None)
    if token is not None:
        database.read_only.reset(token)


def _log(status: int) -> None:
    elapsed = (time.perf_counter() - g.get("started", time.perf_counter())) * 1000
    log.info(json.dumps({
        "request": g.get("request_id"), "method": request.method, "path": _without_secrets(request.path)[:200],
        "status": status, "ms": round(elapsed, 1), "endpoint": request.endpoint,
    }))


def _without_secrets(path: str) -> str:
    """A path whose token, if it has one, opens nothing to whoever reads the log."""
    token = (request.view_args or {}).get("token")
    return path.replace(token, "…") if token else path
