"""How often one may try: whoever guesses or floods is slowed down, and nobody can lock out somebody else.

Guesses are counted per account and network together, so that a stranger elsewhere cannot keep a citizen out.
The limits of a whole network are wide: behind one address may sit a library, an assembly or a mobile operator.
"""

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from consult.accounts.services import normalised
from consult.core.web import limiter, network

View = Callable[..., Any]

_GUESSES = _l("There were too many attempts. Wait five minutes, then try again; "
              "if you have forgotten your password, ask for a new one.")
_MAILS = _l("This was asked too often. Wait a few minutes, look for our message in your mail, "
            "also among the unwanted one, then try again.")


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
    """Stop whoever has typed too many wrong passwords."""
    return _limited(view, ("10 per 5 minutes", _address_here), ("100 per hour", _network),
                    ("1000 per 5 minutes", _site), deduct_when=_wrong, error_message=_GUESSES)


def own_guesses(view: View) -> View:
    """Stop whoever guesses at the password of the account in which a browser was left signed in."""
    return _limited(view, ("10 per 5 minutes", _account_here), deduct_when=_wrong, error_message=_GUESSES)


def mails(view: View) -> View:
    """Stop whoever has messages sent to others."""
    return _limited(view, ("5 per hour", _address_here), ("25 per 5 minutes", _network), error_message=_MAILS)
