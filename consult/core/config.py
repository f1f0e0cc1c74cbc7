"""Frozen settings, read once from the environment and the instance folder, and checked at start."""

import os
import re
import secrets
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app

LANGUAGES = {"it": "Italiano", "en": "English", "de": "Deutsch", "fr": "Français"}
MAX_ID = 2**31 - 1
_RETENTION = re.compile(r"\s*([a-z_]+=\d{1,5}(\s+|$))*")


class SettingsError(Exception):
    """One sentence for each setting that cannot be used."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything an installation may choose."""

    instance: Path
    database_url: str
    secret_key: str
    host: str = "127.0.0.1"
    port: int = 8000
    base_url: str = ""
    redis_url: str = ""
    mail_url: str = ""
    mail_sender: str = "partecipazione@localhost"
    proxies: int = 0
    threads: int = 8
    demo: bool = True
    debug_sql: bool = False
    rate_limits: bool = True
    password_cost: int = 19456
    retention: str = ""
    """Durations in days other than the usual ones, by class of data: `inactive=365 messages=30`."""
    second_factor: str = ""
    names_in_documents: bool = False
    """Whether documents may be made in which those who show their name are named beside what they wrote."""
    picture_megabytes: int = 20
    document_megabytes: int = 20
    attachments: int = 5
    """How large a picture or a document that somebody sends may be, and how many may go with one contribution."""

    @classmethod
    def load(cls, environ: Mapping[str, str] = os.environ, instance: Path | None = None) -> "Settings":
        """Read `instance/settings.toml`, let the environment override it, and check the whole.

        Raises SettingsError with a sentence for every fault found.
        """
        folder = (instance or Path(environ.get("INSTANCE") or "instance")).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        chosen = _from_file(folder / "settings.toml")
        for name in cls.__dataclass_fields__:
            value = environ.get(_VARIABLES.get(name, f"CONSULT_{name.upper()}"))
            if value not in (None, ""):
                chosen[name] = value
        faults: list[str] = []
        values = {name: _converted(cls, name, value, faults) for name, value in chosen.items()}
        values["instance"] = folder
        values.setdefault("database_url", f"sqlite:///{folder / 'consult.sqlite3'}")
        values["database_url"] = _with_driver(values["database_url"])
        if "secret_key" not in values:
            values["secret_key"] = _kept_secret(folder / "secret_key")
        _check(values, faults)
        if faults:
            raise SettingsError(faults)
        return cls(**values)

    @property
    def days_kept(self) -> dict[str, int]:
        """The durations that this installation has chosen, in days by class of data."""
        return {name: int(days) for name, _is, days in (pair.partition("=") for pair in self.retention.split())}

    @property
    def is_sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def second_factor_for(self) -> str:
        """Who must show a second factor: `staff` unless chosen otherwise, `all`, or `off` as in the demonstration."""
        return self.second_factor or ("off" if self.demo else "staff")

    @property
    def address(self) -> str:
        """The public address of the installation, without a final slash."""
        return (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")


def current() -> Settings:
    """The settings of the application at work."""
    settings: Settings = current_app.extensions["settings"]
    return settings


_VARIABLES = {"host": "HOST", "port": "PORT", "database_url": "DATABASE_URL", "redis_url": "REDIS_URL",
              "secret_key": "SECRET_KEY", "mail_url": "MAIL_URL"}


def _from_file(path: Path) -> dict[str, Any]:
    if not path.exists():
        return {}
    try:
        chosen = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as fault:
        raise SettingsError([f"{path} cannot be read: {fault}."]) from fault
    unknown = sorted(set(chosen) - set(Settings.__dataclass_fields__))
    if unknown:
        raise SettingsError([f"{path} names settings that do not exist: {', '.join(unknown)}."])
    return chosen


def _converted(cls: type[Settings], name: str, value: Any, faults: list[str]) -> Any:
    kind = cls.__dataclass_fields__[name].type
    if kind is int:
        try:
            return int(value)
        except (TypeError, ValueError):
            faults.append(f"{name} must be a whole number, not {value!r}.")
            return 0
    if kind is bool:
        if isinstance(value, bool):
            return value
        if str(value).lower() in {"1", "true", "yes", "on"}:
            return True
        if str(value).lower() in {"0", "false", "no", "off"}:
            return False
        faults.append(f"{name} must be 1 or 0, not {value!r}.")
        return False
    return str(value)


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _kept_secret(path: Path) -> str:
    """The key of this installation, made on first run and readable by its owner only."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii").strip()
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="ascii").strip()


def _check(values: dict[str, Any], faults: list[str]) -> None:
    if not _RETENTION.fullmatch(values.get("retention", "")):
        faults.append("retention must name days by class of data, as in inactive=365 messages=30.")
    _check_places(values, faults)
    if not 1 <= values.get("port", 8000) <= 65535:
        faults.append("port must lie between 1 and 65535.")
    if values.get("proxies", 0) < 0:
        faults.append("proxies must be 0 or the number of proxies in front of the application.")
    for name, least, most in (("picture_megabytes", 1, 200), ("document_megabytes", 1, 200), ("attachments", 0, 20)):
        if not least <= values.get(name, most) <= most:
            faults += [f"{name} must lie between {least} and {most}."]
    if not 1 <= values.get("threads", 8) <= 64:
        faults.append("threads must lie between 1 and 64.")


def _check_places(values: dict[str, Any], faults: list[str]) -> None:
    if len(values["secret_key"]) < 32:
        faults.append("secret_key is too short: it needs at least 32 random characters.")
    if not values["database_url"].startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append("database_url must begin with sqlite:/// or postgresql://.")
    if values.get("base_url") and urlsplit(values["base_url"]).scheme not in {"http", "https"}:
        faults.append("base_url must begin with http:// or https://.")
    if values.get("redis_url") and not values["redis_url"].startswith(("redis://", "rediss://", "unix://")):
        faults.append("redis_url must begin with redis://, rediss:// or unix://.")
    if values.get("mail_url") and urlsplit(values["mail_url"]).scheme not in {"smtp", "smtps", "smtp+starttls"}:
        faults.append("mail_url must begin with smtp://, smtps:// or smtp+starttls://.")
    if "@" not in values.get("mail_sender", "a@b"):
        faults.append("mail_sender must be an e-mail address.")
    if values.get("second_factor", "staff") not in {"staff", "all", "off"}:
        faults.append("second_factor must be staff, all or off.")
