"""How figures and titles are written in the sentences of a count, in the language of whoever reads."""

from collections.abc import Iterable
from fractions import Fraction

from flask_babel import LazyString, format_currency, format_decimal, format_percent
from flask_babel import gettext as _

from consult.methods.interface import Names


def euros(amount: int) -> LazyString:
    """Whole euros."""
    return LazyString(format_currency, amount, "EUR", "#,##0 ¤", currency_digits=False)


def cents(amount: float) -> LazyString:
    """Euros with two decimals."""
    return LazyString(format_currency, amount, "EUR", "#,##0.00 ¤", currency_digits=False)


def figure(number: int) -> LazyString:
    """A whole number."""
    return LazyString(format_decimal, number)


def decimal(number: float | Fraction) -> LazyString:
    """A number with at most two decimals."""
    return LazyString(format_decimal, float(number), "#,##0.##")


def share(part: int, whole: int) -> LazyString:
    """A part of a whole, in percent."""
    return LazyString(format_percent, part / whole if whole else 0, "#,##0.#%")


def listed(codes: Iterable[str], names: Names) -> LazyString:
    """Titles in quotation marks, one after the other."""
    titles = [names(code) for code in codes]
    return LazyString(lambda: "; ".join(_("“%(title)s”", title=title) for title in titles))
