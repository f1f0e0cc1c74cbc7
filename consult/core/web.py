"""How a request is answered: who may, within one transaction, with refusals that explain themselves."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from ipaddress import ip_address, ip_network
from math import ceil
from typing import Any, cast

from flask import Flask, Response, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter import Limiter, RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import IntegerConverter, Map
from werkzeug.wrappers import Response as BaseResponse

from consult.core import caching, jobs, languages, once
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


def _refused(error: RefusedError) -> Any:
    verdict = error.verdict
    helps = verdict.remedy if me().is_authenticated else "accounts.sign_in" if verdict.sign_in_helps else ""
    if helps:
        back = request.full_path.rstrip("?") if request.method in READING else (request.referrer or "/")
        flash(str(verdict.reason), "info")
        return redirect(url_for(helps, next=local_path(back)), 303)
    if error.action.endswith(".read"):
        return _error_page(404)
    return _error_page(403, str(verdict.reason))


def local_path(target: str | None) -> str:
    """A path within this site, whatever was asked: the only redirects that parameters may cause."""
    if not target:
        return "/"
    if target.startswith(request.host_url):
        target = target[len(request.host_url) - 1:]
    harmless = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if harmless and target.isprintable() else "/"


def register(app: Flask, settings: Settings) -> None:
    """Wire limits, headers, the transaction of each request and the pages of errors."""
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
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(database.StaleVersionError, lambda _error: _error_page(409))
    app.register_error_handler(database.BusyError, _busy)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


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
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
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
        db.session.commit()
        jobs.release()
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


_EXPLANATIONS = {
    400: (_l("The request could not be understood"), _l("Something in the address or in the data sent is not right.")),
    403: (_l("You cannot do this"), _l("You are not allowed to do this.")),
    404: (_l("Page not found"), _l("There is nothing at this address, or it is not public.")),
    405: (_l("This cannot be done here"), _l("The page exists, but does not accept this kind of request.")),
    409: (_l("Somebody was faster"), _l("This was changed while you had the page open.")),
    413: (_l("Too large"), _l("What you sent is larger than what can be accepted.")),
    429: (_l("Too many attempts"), _l("Wait a few minutes, then try again.")),
    500: (_l("Something went wrong on our side"), _l("Nothing of what you sent was kept by halves. Try again; if it "
                                                     "happens again, tell us the code below.")),
    503: (_l("The service is busy"), _l("Wait a moment, then try again.")),
}


def _error_page(code: int, sentence: str | None = None) -> tuple[str, int]:
    db.session.rollback()
    title, usual = _EXPLANATIONS.get(code, _EXPLANATIONS[400])
    return render_template("errors/error.html", code=code, title=title, sentence=sentence or usual,
                           request_id=g.get("request_id", "")), code


def _http_error(error: HTTPException) -> Any:
    if error.code is None or error.code < 400:
        return error
    said = error.description if isinstance(error.description, LazyString) else None
    page, code = _error_page(error.code, str(said) if said else None)
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    if isinstance(error, RateLimitExceeded) and limiter.current_limit:
        headers["Retry-After"] = str(max(1, ceil(limiter.current_limit.reset_at - time.time())))
    return page, code, headers


def _broken(error: Exception) -> Any:
    log.error("request %s failed", g.get("request_id"), exc_info=error)
    return _error_page(500)


def _busy(_error: database.BusyError) -> Any:
    """Others have been writing for very long: the page that says so waits for none of them."""
    log.warning("request %s gave up waiting to write", g.get("request_id"))
    with database.reading():
        page, code = _error_page(503)
    return page, code, {"Retry-After": "10"}


def _expired(error: CSRFError) -> Any:
    """A form that was open too long is shown again with what was typed; nothing has been done."""
    db.session.rollback()
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    fields = [] if foreign else [
        (name, value) for name, value in request.form.items(multi=True)
        if name != "csrf_token" and "password" not in name
    ]
    sentence = _("This form had been open for too long, or was opened before you signed in or out. "
                 "Nothing was done yet: check what you typed and send it again.")
    return render_template("errors/expired.html", sentence=sentence, fields=fields,
                           action=request.full_path.rstrip("?")), 400
