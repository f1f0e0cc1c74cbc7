"""How often one may try: whoever guesses or floods is slowed down, and nobody can lock out somebody else.

Wrong passwords for an account are counted in `guesses`. The limits of a whole network are wide: behind one address
may sit a library, an assembly or a mobile operator.
"""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from math import ceil
from typing import Any, NoReturn

from flask import Response, g, request
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_ngettext as _n
from flask_login import current_user
from limits import parse
from werkzeug.exceptions import TooManyRequests

from consult.accounts import guesses as counted
from consult.accounts.models import Person
from consult.accounts.services import normalised
from consult.core import config
from consult.core.web import limiter, network

View = Callable[..., Any]

REGISTRATIONS = parse("5 per hour")
"""For one address, from one network: what is sent more often gets the same answer and does nothing."""
_GUESSES = _l("There were too many attempts. Wait five minutes, then try again; "
              "if you have forgotten your password, ask for a new one.")
_CODES = _l("Too many codes were wrong. Wait five minutes, then try again.")
_MAILS = _l("This was asked too often. Wait a few minutes, look for our message in your mail, "
            "also among the unwanted one, then try again.")

_FILES = _l("Many files were sent from this account within an hour. Wait a little, then send the others.")


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()


def _address_here() -> str:
    return _key("address", normalised(request.form.get("email", "")[:300]), network())


def _account_here() -> str:
    return _key("account", str(current_user.get_id()), network())


def _network() -> str:
    return _key("network", network())


def _site() -> str:
    return "site"


def failed() -> None:
    """Count the present attempt as a wrong guess."""
    g.wrong_guess = True


def _wrong(_response: Response) -> bool:
    return "wrong_guess" in g


def _limited(view: View, *limits: tuple[str, Callable[[], str]], **options: Any) -> View:
    for how_many, key in limits:
        view = limiter.limit(how_many, key_func=key, methods=["POST"], **options)(view)
    return view


def guesses(view: View) -> View:
    """Stop networks from which too many wrong passwords come, whatever the account."""
    return _limited(view, ("100 per hour", _network), ("1000 per 5 minutes", _site), deduct_when=_wrong,
                    error_message=_GUESSES)


def stop_guessing(email: str) -> None:
    """Have whoever has typed too many wrong passwords for an address wait, longer each time."""
    if config.current().rate_limits and (left := counted.wait(normalised(email), network())):
        too_many(left, _n("There were too many attempts. Wait %(num)s minute, then try again; if you have forgotten "
                          "your password, ask for a new one.",
                          "There were too many attempts. Wait %(num)s minutes, then try again; if you have forgotten "
                          "your password, ask for a new one.", minutes(left)))


def minutes(left: timedelta) -> int:
    """A time as people are told it: begun minutes count."""
    return ceil(left.total_seconds() / 60)


def too_many(left: timedelta, sentence: LazyString) -> NoReturn:
    """Answer that one has to wait, and how long."""
    raise TooManyRequests(description=sentence, retry_after=max(1, ceil(left.total_seconds())))


def guessed(email: str, person: Person | None) -> None:
    """Count a wrong password for an address; the owner may be told."""
    failed()
    if config.current().rate_limits:
        counted.wrong(normalised(email), network(), person)


def known_by(email: str) -> None:
    """Forget the wrong passwords that came before the right one."""
    if config.current().rate_limits:
        counted.right(normalised(email), network())


def own_guesses(view: View) -> View:
    """Stop whoever guesses at the password of the account in which a browser was left signed in."""
    return _limited(view, ("10 per 5 minutes", _account_here), deduct_when=_wrong, error_message=_GUESSES)


def codes(view: View) -> View:
    """Stop whoever guesses at codes; a full assembly room that mistypes them is let through."""
    return _limited(view, ("150 per 5 minutes", _network), ("1000 per 5 minutes", _site), deduct_when=_wrong,
                    error_message=_CODES)


def mails(view: View) -> View:
    """Stop whoever has messages sent to others."""
    return _limited(view, ("5 per hour", _address_here), ("60 per 5 minutes", _network), error_message=_MAILS)


def registrations(view: View) -> View:
    """Stop machines that register without end; a full assembly room that registers at once is let through."""
    return _limited(view, ("120 per 10 minutes", _network), ("400 per day", _network), error_message=_MAILS)


def uploads(view: View) -> View:
    """Stop whoever sends files without end; whoever sends none is not counted."""
    return _limited(view, ("60 per hour", _account_here), exempt_when=_without_files, error_message=_FILES)


def _without_files() -> bool:
    return not any(file.filename for file in request.files.values())


def registered_enough(email: str) -> bool:
    """True if an address was registered from here so often lately that once more would only send another mail."""
    return config.current().rate_limits and not limiter.limiter.hit(
        REGISTRATIONS, _key("registration", normalised(email), network()))
