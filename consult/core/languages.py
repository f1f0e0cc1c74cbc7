"""The language of the interface, and staff texts kept in several languages."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa
from babel.numbers import format_decimal
from babel.support import NullTranslations, Translations
from flask import Flask, g, has_request_context, request, session
from flask_babel import Babel, LazyString, force_locale, get_locale, get_translations
from jinja2 import pass_eval_context
from jinja2.nodes import EvalContext
from markupsafe import escape
from sqlalchemy.types import TypeDecorator

from consult.core import richtext
from consult.core.config import LANGUAGES

DEFAULT = "it"

babel = Babel()


def current() -> str:
    """The code of the language in which the page is answered."""
    try:
        here = g._get_current_object()
    except RuntimeError:  # outside the application
        return DEFAULT
    # what Flask-Babel has found for this page stands there: a page asks some hundred times
    locale = getattr(getattr(here, "_flask_babel", None), "babel_locale", None) or get_locale()
    return locale.language if locale and locale.language in LANGUAGES else DEFAULT


def choose() -> str:
    """What the visitor asked for, else what the session keeps, else Italian.

    The browser's own preference is not read: one address shows one text, which can be kept and sent again.
    """
    if not has_request_context():
        return DEFAULT
    if "language" not in g:
        asked = request.args.get("lingua")
        kept = session.get("language") if request.cookies else None
        if asked in LANGUAGES:
            g.language = asked
        elif kept in LANGUAGES:
            g.language = kept
        else:
            g.language = DEFAULT
    return str(g.language)


def register(app: Flask) -> None:
    """Let templates say `_("…")` and `ngettext(…)` as Jinja and Flask-Babel do, at a fraction of the cost.

    A page says some two hundred sentences: the catalogue is kept by language, not found anew for each.
    """
    app.jinja_env.globals.update(_=_said, gettext=_said, ngettext=_counted)


_catalogues: dict[str, NullTranslations] = {}


def _catalogue() -> NullTranslations:
    code = current()
    found = _catalogues.get(code) or get_translations()
    if isinstance(found, Translations):  # outside the application there is none, which is not to be remembered
        _catalogues[code] = found
    return found


@pass_eval_context
def _said(context: EvalContext, sentence: str, /, **values: Any) -> str:
    said: str = _catalogue().gettext(sentence)
    if values and all(type(value) is int for value in values.values()):  # nothing in them could be escaped
        said, values = said % values, {}
    elif not values and "%" in said:
        said = said % values
    whole = richtext.shown(said) if context.autoescape else said
    return whole % values if values else whole


@pass_eval_context
def _counted(context: EvalContext, one: str, many: str, number: int, /, **values: Any) -> str:
    said: str = _catalogue().ngettext(one, many, number)
    return (richtext.shown(said) if context.autoescape else said) % {"num": number, **values}


def number(value: Any) -> str:
    """A number as the reader writes it."""
    return _whole(value, current()) if type(value) is int else format_decimal(value, locale=current())


@lru_cache(maxsize=4096)
def _whole(value: int, code: str) -> str:
    """Kept, because pages count, and small numbers come up again and again."""
    return format_decimal(value, locale=code)


def remember() -> None:
    """Keep a language asked for with `?lingua=` in the cookie of the session."""
    asked = request.args.get("lingua")
    if asked in LANGUAGES and session.get("language") != asked:
        session["language"] = asked


class Localized(dict[str, str]):
    """A text of the staff in one or more languages, printed in the reader's or else the first it has."""

    def in_language(self, code: str) -> str:
        """The text in a language, falling back on Italian, then on any."""
        return self.get(code) or self.get(DEFAULT) or next(iter(self.values()), "")

    def language_for(self, code: str) -> str:
        """The language of what `in_language` answers: the page marks it where it is another."""
        return next((c for c in (code, DEFAULT) if self.get(c)), next(iter(self), DEFAULT))

    def __str__(self) -> str:
        return self.in_language(current())

    def __html__(self) -> str:
        return str(escape(str(self)))

    @classmethod
    def of(cls, text: "str | dict[str, str] | Localized | None") -> "Localized":
        """The same text as Localized; a plain string counts as Italian."""
        if text is None:
            return cls()
        if isinstance(text, dict):
            return cls({code: str(value) for code, value in text.items() if value})
        return cls({DEFAULT: text})


def everywhere(text: LazyString | str) -> Localized:
    """A text of the interface in every language: what is frozen must not depend on who reads it first."""
    said = Localized()
    for code in LANGUAGES:
        with force_locale(code):
            said[code] = str(text)
    return said


def one_after_another(*sentences: Localized) -> Localized:
    """Whole sentences as one text, in each language that all of them have."""
    codes = [code for code in LANGUAGES if all(code in sentence for sentence in sentences)] if sentences else []
    return Localized({code: " ".join(sentence[code] for sentence in sentences) for code in codes})


class LocalizedText(TypeDecorator[Localized]):
    """A JSON column that reads and writes Localized."""

    impl = sa.JSON
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> dict[str, str]:
        return dict(Localized.of(value))

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Localized:
        return Localized(value or {})
