"""Refusals that explain themselves, and what goes wrong: each answered with a page that says what to do."""

import logging
import time
from math import ceil
from typing import Any

from flask import Flask, flash, g, redirect, render_template, request, url_for
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from limits import parse
from werkzeug.exceptions import HTTPException

from consult.core import config, held
from consult.core import db as database
from consult.core.db import db
from consult.core.sqlite import BusyError
from consult.core.web import READING, RefusedError, limiter, local_path, me, network

log = logging.getLogger("consult.requests")

LONG = 80
"""Characters of a text that nobody likes to type twice."""
HELD = parse("60 per 5 minutes")
"""How many forms of one network may wait for a sign-in."""


def register(app: Flask) -> None:
    """Have every refusal and every fault answered."""
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(database.StaleVersionError, lambda _error: _error_page(409))
    app.register_error_handler(BusyError, _busy)
    app.register_error_handler(CSRFError, _expired)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(Exception, _broken)


def _refused(error: RefusedError) -> Any:
    verdict = error.verdict
    helps = verdict.remedy if me().is_authenticated else "accounts.sign_in" if verdict.sign_in_helps else ""
    if helps:
        flash(str(verdict.reason), "info")
        back = request.full_path.rstrip("?") if request.method in READING else _held_form()
        return redirect(url_for(helps, next=local_path(back)), 303)
    if error.action.endswith(".read"):
        return _error_page(404)
    return _error_page(403, str(verdict.reason))


def _held_form() -> str:
    """Where whoever may not send a form yet goes afterwards: to what they typed, or to the page they were on."""
    db.session.rollback()
    page = local_path(request.referrer)
    typed = held.Typed(action=request.full_path.rstrip("?"), back=page, fields=_sent())
    too_many = config.current().rate_limits and not limiter.limiter.hit(HELD, network())
    if too_many or not held.keep(typed):
        return page
    flash(_("What you typed is not lost: you find it again afterwards, for two hours."), "info")
    return url_for("accounts.resume")


def _sent() -> list[tuple[str, str]]:
    """What the fields of the present form hold, but for its token and for passwords."""
    return [(name, value) for name, value in request.form.items(multi=True)
            if name != "csrf_token" and "password" not in name]


def _typed() -> list[str]:
    """The longer texts of a form that was not taken: whoever typed them gets them back."""
    if request.method in READING:
        return []
    try:
        return [value for name, value in _sent() if len(value) > LONG and name != "once"]
    except HTTPException:  # what was too large to be read the first time still is
        return []


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
                           request_id=g.get("request_id", ""), typed=_typed() if code < 500 else []), code


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


def _busy(_error: BusyError) -> Any:
    """Others have been writing for very long: the page that says so waits for none of them."""
    log.warning("request %s gave up waiting to write", g.get("request_id"))
    with database.reading():
        page, code = _error_page(503)
    return page, code, {"Retry-After": "10"}


def _expired(error: CSRFError) -> Any:
    """A form that was open too long is shown again with what was typed; nothing has been done."""
    db.session.rollback()
    foreign = request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}
    fields = [] if foreign else _sent()
    sentence = _("This form had been open for too long, or was opened before you signed in or out. "
                 "Nothing was done yet: check what you typed and send it again.")
    return render_template("errors/expired.html", sentence=sentence, fields=fields,
                           action=request.full_path.rstrip("?"), back=local_path(request.referrer)), 400
