"""What every template may use: who asks, what may be done, values in the form of the language, and slots.

A slot is a place in a page that features above fill without the page knowing them. The page says
`{{ slot("proposal.aside", proposal) }}`; a feature above says, in its views:

    @pages.slot("proposal.aside")
    def outcome(proposal):
        return render_template("results/outcome.html", ...)  # or "" for nothing

Lists would ask the database once a row, so what fills a slot of a list asks nothing: it reads what a function
marked `@pages.before_list("proposal")` has fetched for the whole page, and left in `flask.g`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from babel import dates
from flask import Flask, g, has_request_context, request, session, url_for
from flask_babel import LazyString, format_currency, format_date, format_percent
from flask_login import current_user
from markupsafe import Markup
from werkzeug.urls import iri_to_uri

from consult.core import charts, clock, languages, richtext, templating
from consult.core.config import LANGUAGES
from consult.core.policy import Verdict, can

Filler = Callable[[Any], str]
Prefetch = Callable[[Sequence[Any]], None]
_slots: dict[str, list[tuple[int, Filler]]] = defaultdict(list)
_prefetches: dict[str, list[Prefetch]] = defaultdict(list)


def register(app: Flask) -> None:
    """Give the templates of an application their globals and filters."""
    templating.register(app)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.globals.update(can=may, url_for=address, in_language=in_language, flashes_wait=flashes_wait,
                                 slot=filled, written=charts.written, bars_of=charts.bars_of,
                                 stacks_of=charts.stacks_of, divided_codes=charts.DIVIDED)
    app.jinja_env.filters.update(
        date=_date, datetime=_datetime, day=_day, number=_number, money=_money, euros=_euros, percent=_percent,
        shown=richtext.shown, excerpt=richtext.excerpt, staff_text=_staff_text, foreign=_foreign)
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {
        "me": current_user,
        "locale": languages.current(),
        "languages": list(LANGUAGES.items()),
        "here": request.full_path.rstrip("?") if has_request_context() else "/",
        "now": clock.now,
    }


def may(action: str, thing: Any = None) -> Verdict:
    """Whether whoever looks at the page may do something: hides the button that would be refused."""
    return can(current_user, action, thing)


def slot(name: str, *, position: int = 50) -> Callable[[Filler], Filler]:
    """Fill a place in other pages: the function takes the thing shown there and answers a rendered template."""

    def place(filler: Filler) -> Filler:
        _slots[name] = sorted([*_slots[name], (position, filler)], key=lambda placed: placed[0])
        return filler

    return place


def before_list(kind: str) -> Callable[[Prefetch], Prefetch]:
    """Have a function called with all the things of a page of a list, before any of their slots is filled."""

    def keep(prefetch: Prefetch) -> Prefetch:
        _prefetches[kind].append(prefetch)
        return prefetch

    return keep


def filled(name: str, thing: Any) -> Markup:
    """All that features put into a place, in order of position; empty where none has anything to show."""
    return richtext.shown("".join(filler(thing) for _position, filler in _slots.get(name, ())))


def prepare(kind: str, things: Sequence[Any]) -> None:
    """Let features fetch at once what their slots will show of each of these things."""
    for prefetch in _prefetches.get(kind, ()):
        prefetch(things)


_ID, _SLUG = 7_000_000_001, "7-no-slug-7"
"""No row has them: in the address of a kind they stand where ids and slugs are put in."""
_PLAIN = re.compile(r"[a-z0-9-]+", re.ASCII)


def address(endpoint: str, /, **values: Any) -> str:
    """`url_for`, which a page of comments asks some hundred times for addresses that differ in one number.

    Where all that a page names is an `id` or a `slug` or both, the address of the kind is made once a request.
    """
    id, slug = values.get("id", _ID), values.get("slug", _SLUG)
    plain = type(id) is int and 0 < id <= _ID and isinstance(slug, str) and _PLAIN.fullmatch(slug)
    if not plain or not values.keys() <= {"id", "slug"}:
        return url_for(endpoint, **values)
    known: dict[tuple[str, ...], str] = g.setdefault("addresses", {})
    kind = (endpoint, *values)
    if kind not in known:
        places: dict[str, Any] = {name: _ID if name == "id" else _SLUG for name in values}
        known[kind] = url_for(endpoint, **places)
    return known[kind].replace(str(_ID), str(id)).replace(_SLUG, slug)


def in_language(code: str) -> str:
    """The address of this page in another language."""
    pairs = [(name, value) for name, value in request.args.items(multi=True) if name != "lingua"]
    return f"{iri_to_uri(request.path)}?{urlencode([*pairs, ('lingua', code)], errors='replace')}"


def flashes_wait() -> bool:
    """True if sentences were left for this page; a visitor without a cookie is not given one by asking."""
    return bool(request.cookies) and "_flashes" in session


def _staff_text(text: object) -> Markup:
    """What the staff wrote in Markdown, as HTML."""
    return richtext.shown(richtext.render_staff(str(text or "")))


def _foreign(text: languages.Localized | LazyString | str | None) -> str | None:
    """The language of a text where it is not that of the page: `<p{{ {"lang": text|foreign}|xmlattr }}>`.

    A string is the language itself; a sentence of the interface is in that of the page.
    """
    here = languages.current()
    if isinstance(text, LazyString):
        return None
    code = text.language_for(here) if isinstance(text, languages.Localized) else text
    return code if text and code != here else None


def _date(value: date | datetime | None) -> str:
    """3 marzo 2027"""
    return "" if value is None else _written_out(_local(value), languages.current())


@lru_cache(maxsize=4096)
def _written_out(day: date, language: str) -> str:
    """Kept, because a page of comments holds few days and writes each of them many times."""
    return str(dates.format_date(day, "long", locale=language))


def _day(value: date | datetime | None) -> str:
    """03/03/2027, for tables"""
    return "" if value is None else str(format_date(_local(value), "dd/MM/yyyy"))


def _datetime(value: datetime | None) -> str:
    """3 marzo 2027, 18:30"""
    return "" if value is None else f"{_date(value)}, {clock.local(value):%H:%M}"


def _local(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _number(value: float | Decimal | None) -> str:
    return "" if value is None else languages.number(value)


def _money(value: float | Decimal | None) -> str:
    """Whole euros."""
    return "" if value is None else str(format_currency(value, "EUR", "#,##0 ¤", currency_digits=False))


def _euros(value: Decimal | None) -> str:
    """Euros, with cents where there are any."""
    if value is None:
        return ""
    return _money(value) if value == int(value) else str(format_currency(value, "EUR", "#,##0.00 ¤"))


def _percent(value: float | None) -> str:
    """A share between 0 and 1, with one decimal."""
    return "" if value is None else str(format_percent(value, "#,##0.0 %"))
