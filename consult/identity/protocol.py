"""OpenID Connect, the part of the one who relies on it: authorization code with PKCE, state and nonce.

Source: OpenID Connect Core 1.0, 3.1; RFC 7636 (S256 only); RFC 9207 where the provider names itself in its answer.
What comes from a provider is never written to the log.
"""

from __future__ import annotations

import hmac
import json
import logging
import secrets
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import current_app
from flask_babel import lazy_gettext as _l

from consult.core import clock
from consult.core.later import authlib, joserfc, requests
from consult.core.policy import Reason
from consult.identity.providers import Provider, safe

log = logging.getLogger("consult.identity")

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures with a key that the provider alone has: never none, never a shared secret."""
LEEWAY = 60
OLDEST = 600
"""Seconds since a token was made: it comes straight from the provider."""
METADATA_STAYS = 3600
KEYS_STAY = 3600
_TIMEOUT = (5, 10)
_LARGEST = 512 * 1024

_FAILED = _l("The identity provider did not confirm who you are. Nothing was changed: try again, or sign in in "
             "another way.")
_UNREACHABLE = _l("The identity provider does not answer at the moment. Try again in a few minutes, or sign in in "
                  "another way.")
_STALE = _l("Signing in took too long, or was begun in another window. Begin again from here.")
_CANCELLED = _l("You have not signed in: the identity provider says that it was cancelled.")


class IdentityError(Exception):
    """Nobody can be believed: `reason` is for the person, the message tells the log which check failed."""

    def __init__(self, fault: str, reason: Reason = _FAILED) -> None:
        super().__init__(fault)
        self.reason = reason


@dataclass(frozen=True)
class Begun:
    """What the browser keeps between leaving and coming back, in the signed cookie of its session."""

    provider: str
    state: str
    nonce: str
    verifier: str
    at: float
    next: str


def begin(provider: Provider, *, redirect_uri: str, next: str) -> tuple[str, Begun]:
    """The address at the provider to which a browser is sent, and what it must bring back."""
    begun = Begun(provider.key, secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48),
                  clock.now().timestamp(), next)
    asked = {"response_type": "code", "client_id": provider.client_id, "redirect_uri": redirect_uri,
             "scope": " ".join(provider.scopes), "state": begun.state, "nonce": begun.nonce,
             "code_challenge": authlib.oauth2.rfc7636.create_s256_code_challenge(begun.verifier),
             "code_challenge_method": "S256"}
    if provider.acr_values:
        asked["acr_values"] = " ".join(provider.acr_values)
    endpoint = _endpoint(_metadata(provider), "authorization_endpoint")
    return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}", begun


def found(kept: dict[str, Any] | None) -> Begun:
    """What a browser kept. Raises IdentityError where it kept nothing."""
    if kept is None:
        raise IdentityError("nothing was begun", _STALE)
    return Begun(**kept)


def finish(provider: Provider, begun: Begun, answer: dict[str, str], *, redirect_uri: str) -> dict[str, Any]:
    """The claims about whoever comes back, once everything about them was checked.

    Raises IdentityError where anything is not as it must be.
    """
    _check_answer(provider, begun, answer)
    metadata = _metadata(provider)
    tokens = _exchange(provider, metadata, answer["code"], begun.verifier, redirect_uri)
    claims = _believed(provider, metadata, tokens.get("id_token"), begun.nonce)
    return {**_userinfo(metadata, tokens, claims), **claims}


def _check_answer(provider: Provider, begun: Begun, answer: dict[str, str]) -> None:
    if begun.provider != provider.key or not 0 <= clock.now().timestamp() - begun.at <= OLDEST:
        raise IdentityError("nothing was begun", _STALE)
    if not hmac.compare_digest(begun.state.encode(), answer.get("state", "").encode()):
        raise IdentityError("wrong state", _STALE)
    if answer.get("iss", provider.issuer) != provider.issuer:
        raise IdentityError("answer of another issuer")
    if "error" in answer:
        raise IdentityError("the provider refused", _CANCELLED if answer["error"] == "access_denied" else _FAILED)
    if not answer.get("code"):
        raise IdentityError("no code")


def _exchange(provider: Provider, metadata: dict[str, Any], code: str, verifier: str,
              redirect_uri: str) -> dict[str, Any]:
    sent = {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri, "code_verifier": verifier}
    basic = None
    if provider.client_auth == "client_secret_basic":
        basic = (provider.client_id, provider.client_secret)
    else:
        sent |= {"client_id": provider.client_id, "client_secret": provider.client_secret}
    return _ask("POST", _endpoint(metadata, "token_endpoint"), data=sent, auth=basic)


def _believed(provider: Provider, metadata: dict[str, Any], token: Any, nonce: str) -> dict[str, Any]:
    """The claims of an ID token whose signature, issuer, audience, times, nonce and level are right."""
    if not isinstance(token, str):
        raise IdentityError("no ID token")
    offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = [name for name in ALGORITHMS if name in offered]
    claims = _signed(provider, metadata, token, algorithms)
    now = int(clock.now().timestamp())
    rules = joserfc.jwt.JWTClaimsRegistry(
        now=now, leeway=LEEWAY, iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id}, sub={"essential": True}, exp={"essential": True},
        iat={"essential": True}, nonce={"essential": True})
    try:
        rules.validate(claims)
    except joserfc.errors.JoseError as fault:
        raise IdentityError(f"ID token: {type(fault).__name__} {getattr(fault, 'claim', '')}") from None
    if not hmac.compare_digest(str(claims["nonce"]).encode(), nonce.encode()):
        raise IdentityError("wrong nonce")
    _check_more(provider, claims, now)
    return claims


def _check_more(provider: Provider, claims: dict[str, Any], now: int) -> None:
    audience = claims["aud"]
    if claims.get("azp", provider.client_id) != provider.client_id:
        raise IdentityError("made for another party")
    if isinstance(audience, list) and len(audience) > 1 and "azp" not in claims:
        raise IdentityError("several audiences and no party")
    if not str(claims["sub"]) or len(str(claims["sub"])) > 255:
        raise IdentityError("no subject")
    if now - int(claims["iat"]) > OLDEST:
        raise IdentityError("old ID token")
    accepted = {*provider.acr_values, *provider.levels}
    if provider.acr_values and claims.get("acr") not in accepted:
        raise IdentityError("signed in at a lower level than asked for")


def _signed(provider: Provider, metadata: dict[str, Any], token: str, algorithms: list[str]) -> dict[str, Any]:
    """The claims of a token signed with a key of the provider; keys are fetched anew once where none fits.

    Whoever could make us fetch has come through the provider first, so that needs no limit.
    """
    for fresh in (False, True):
        try:
            return dict(joserfc.jwt.decode(token, _keys(provider, metadata, fresh=fresh), algorithms=algorithms).claims)
        except (joserfc.errors.JoseError, ValueError) as fault:
            failed = type(fault).__name__
    raise IdentityError(f"signature: {failed}")


def _userinfo(metadata: dict[str, Any], tokens: dict[str, Any], claims: dict[str, Any]) -> dict[str, Any]:
    """What the provider tells beside the ID token, of the same person only."""
    access = tokens.get("access_token")
    if "userinfo_endpoint" not in metadata or not isinstance(access, str):
        return {}
    told = _ask("GET", _endpoint(metadata, "userinfo_endpoint"), headers={"Authorization": f"Bearer {access}"})
    if told.get("sub") != claims["sub"]:
        raise IdentityError("userinfo of another person")
    return told


def _metadata(provider: Provider) -> dict[str, Any]:
    """What a provider says of itself, asked once an hour."""
    kept = _cache().get(("metadata", provider.issuer))
    if kept and time.monotonic() - kept[0] < METADATA_STAYS:
        return dict(kept[1])
    told = _ask("GET", provider.issuer.rstrip("/") + "/.well-known/openid-configuration")
    if told.get("issuer") != provider.issuer:
        raise IdentityError("the provider says it is another issuer")
    if "S256" not in (told.get("code_challenge_methods_supported") or ["S256"]):
        raise IdentityError("the provider does not know PKCE with S256")
    _cache()["metadata", provider.issuer] = (time.monotonic(), told)
    return told


def _keys(provider: Provider, metadata: dict[str, Any], *, fresh: bool) -> joserfc.jwk.KeySet:
    kept = _cache().get(("keys", provider.issuer))
    if kept and not fresh and time.monotonic() - kept[0] < KEYS_STAY:
        return _key_set(kept[1])
    told = _ask("GET", _endpoint(metadata, "jwks_uri"))
    _cache()["keys", provider.issuer] = (time.monotonic(), told)
    return _key_set(told)


def _key_set(told: dict[str, Any]) -> joserfc.jwk.KeySet:
    """The keys of a document; those of a kind that we do not know are of no use and left out."""
    keys = told.get("keys")
    known = [key for key in keys if isinstance(key, dict) and key.get("kty") in {"RSA", "EC"}] if isinstance(
        keys, list) else []
    return joserfc.jwk.KeySet.import_key_set({"keys": known})


def _cache() -> dict[tuple[str, str], tuple[float, dict[str, Any]]]:
    kept: dict[tuple[str, str], tuple[float, dict[str, Any]]] = current_app.extensions.setdefault("identity_cache", {})
    return kept


def _endpoint(metadata: dict[str, Any], name: str) -> str:
    url = metadata.get(name)
    if not isinstance(url, str) or not safe(url):
        raise IdentityError(f"no safe {name}")
    return url


def _ask(method: str, url: str, **options: Any) -> dict[str, Any]:
    """A JSON object from the provider: no redirects, not for long, not larger than is sane."""
    options["headers"] = {"Accept": "application/json", **options.get("headers", {})}
    try:
        with requests.request(method, url, timeout=_TIMEOUT, allow_redirects=False, stream=True,
                              **options) as response:
            body = response.raw.read(_LARGEST + 1, decode_content=True)
            if response.status_code != 200 or len(body) > _LARGEST:
                raise IdentityError(f"{method} {url} answered {response.status_code}")
            told = json.loads(body)
    except (requests.RequestException, OSError) as fault:
        raise IdentityError(f"{method} {url}: {type(fault).__name__}", _UNREACHABLE) from None
    except ValueError:
        raise IdentityError(f"{method} {url} answered no JSON") from None
    if not isinstance(told, dict):
        raise IdentityError(f"{method} {url} answered no object")
    return told
