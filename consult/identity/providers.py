"""The providers of digital identity that an installation has: `instance/providers.toml`, checked at start.

    [spid]
    name = "SPID"
    issuer = "https://proxy.example.org"
    client_id = "consult"
    client_secret = "…"                       # or in the environment: CONSULT_PROVIDER_SPID_SECRET
    acr_values = ["https://www.spid.gov.it/SpidL2"]
    level = "substantial"                     # or by what the provider says it was, in [spid.levels]
    [spid.levels]
    "https://www.spid.gov.it/SpidL3" = "high"
    [spid.claims]                             # names are tried in order; those left out keep their defaults
    tax_code = ["fiscal_number"]
"""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app

from consult.accounts.models import AssuranceLevel
from consult.core.config import Settings, SettingsError

CLAIMS: dict[str, tuple[str, ...]] = {
    "tax_code": ("fiscal_number", "fiscalNumber", "https://attributes.eid.gov.it/fiscal_number", "nickname"),
    "given_name": ("given_name", "name", "https://attributes.eid.gov.it/name"),
    "family_name": ("family_name", "familyName", "https://attributes.eid.gov.it/family_name"),
    "born": ("birthdate", "dateOfBirth", "https://attributes.eid.gov.it/date_of_birth"),
    "email": ("email",),
    "municipality": ("municipality_istat", "codiceIstatComuneResidenza", "residence_municipality", "municipality",
                     "comuneResidenza", "address.locality"),
}
"""The names that gateways give to what is known of a person, in the order in which they are looked for."""
_NAME = re.compile(r"[a-z][a-z0-9-]{0,39}")
_FIELDS = {"name", "issuer", "client_id", "client_secret", "scopes", "acr_values", "level", "levels", "claims",
           "client_auth", "email_verified"}
_AUTHS = ("client_secret_basic", "client_secret_post")


@dataclass(frozen=True, kw_only=True)
class Provider:
    """One provider of identity."""

    key: str
    name: str
    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    scopes: tuple[str, ...]
    acr_values: tuple[str, ...]
    level: AssuranceLevel
    levels: Mapping[str, AssuranceLevel]
    claims: Mapping[str, tuple[str, ...]]
    client_auth: str
    email_verified: bool
    """True where the provider answers for every address, though it does not say so of each."""

    def level_of(self, acr: str | None) -> AssuranceLevel:
        """How sure an identity is by what the provider says of the way in which the person signed in."""
        return self.levels.get(acr or "", self.level)


def register(app: Flask, settings: Settings) -> None:
    """Give an application its providers. Raises SettingsError with a sentence for every fault."""
    app.extensions["identity_providers"] = load(settings.instance / "providers.toml", os.environ)


def all_providers() -> list[Provider]:
    """Every provider of the installation, as the file orders them."""
    found: dict[str, Provider] = current_app.extensions["identity_providers"]
    return list(found.values())


def called(provider: str) -> Provider | None:
    """The provider with a key."""
    return next((one for one in all_providers() if one.key == provider), None)


def load(path: Path, environ: Mapping[str, str]) -> dict[str, Provider]:
    """Read the file, if there is one. Raises SettingsError with a sentence for every fault."""
    if not path.exists():
        return {}
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError([f"{path} cannot be read: {fault}."]) from fault
    faults: list[str] = []
    found = {key: _provider(key, values, environ, faults) for key, values in told.items()}
    if faults:
        raise SettingsError([f"{path}: {fault}" for fault in faults])
    return {key: provider for key, provider in found.items() if provider is not None}


def _provider(key: str, values: Any, environ: Mapping[str, str], faults: list[str]) -> Provider | None:
    if not _NAME.fullmatch(key) or not isinstance(values, dict):
        faults.append(f"{key!r} is no provider: write [name] with small letters, then its settings.")
        return None
    secret = environ.get(f"CONSULT_PROVIDER_{key.upper().replace('-', '_')}_SECRET") or values.get("client_secret", "")
    before = len(faults)
    _check(key, {**values, "client_secret": secret}, faults)
    if len(faults) > before:
        return None
    return Provider(
        key=key, name=values["name"], issuer=values["issuer"], client_id=values["client_id"], client_secret=secret,
        scopes=tuple(values.get("scopes", ("openid", "profile", "email"))),
        acr_values=tuple(values.get("acr_values", ())), client_auth=values.get("client_auth", _AUTHS[0]),
        email_verified=values.get("email_verified", False),
        level=AssuranceLevel(values.get("level", "substantial")),
        levels={acr: AssuranceLevel(level) for acr, level in values.get("levels", {}).items()},
        claims={**CLAIMS, **{name: tuple(names) for name, names in values.get("claims", {}).items()}})


def _check(key: str, values: dict[str, Any], faults: list[str]) -> None:
    unknown = sorted(set(values) - _FIELDS)
    if unknown:
        faults.append(f"[{key}] names settings that do not exist: {', '.join(unknown)}.")
    faults.extend(f"[{key}] needs {name}." for name in ("name", "issuer", "client_id", "client_secret")
                  if not isinstance(values.get(name), str) or not values[name])
    if isinstance(values.get("issuer"), str) and not safe(values["issuer"]):
        faults.append(f"[{key}] issuer must begin with https://.")
    faults.extend(f"[{key}] {name} must be a list of texts." for name in ("scopes", "acr_values")
                  if name in values and not _texts(values[name]))
    if values.get("client_auth", _AUTHS[0]) not in _AUTHS:
        faults.append(f"[{key}] client_auth must be one of {', '.join(_AUTHS)}.")
    if not isinstance(values.get("email_verified", False), bool):
        faults.append(f"[{key}] email_verified must be true or false.")
    _check_tables(key, values, faults)


def _check_tables(key: str, values: dict[str, Any], faults: list[str]) -> None:
    known = {level.value for level in AssuranceLevel}
    levels, claims = values.get("levels", {}), values.get("claims", {})
    named = [values.get("level", "substantial"), *(levels.values() if isinstance(levels, dict) else [None])]
    if any(level not in known for level in named):
        faults.append(f"[{key}] every level must be one of {', '.join(sorted(known))}.")
    if not isinstance(claims, dict) or not all(name in CLAIMS and _texts(names) for name, names in claims.items()):
        faults.append(f"[{key}.claims] takes lists of names for {', '.join(CLAIMS)}.")


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) for text in value)


def safe(url: str) -> bool:
    """True for an address over TLS, or of this very machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return bool(parts.hostname)
    try:
        here = parts.hostname == "localhost" or ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    return parts.scheme == "http" and here
