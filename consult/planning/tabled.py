"""The indicators of a theme as one table: what each says of the whole territory, and between which values it lies."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from consult.analysis.figures import WHOLE, Measured
from consult.analysis.models import Theme
from consult.analysis.words import THEMES
from consult.core.charts import Column, Row, Table, written
from consult.core.languages import Localized, everywhere


def of_theme(theme: Theme, found: Sequence[Measured]) -> Table:
    """The table. Figures of different units stand beside each other, so that its cells are words."""
    return Table(
        code=theme.value, caption=everywhere(THEMES[theme]), heading=everywhere(_l("Indicator")),
        columns=tuple(Column(label=everywhere(label), unit="text")
                      for label in (WHOLE, _l("Lowest value"), _l("Highest value"))),
        rows=tuple(_row(one) for one in found))


def _row(one: Measured) -> Row:
    low, high = one.span or (None, None)
    year = f" ({one.indicator.year})"
    label = Localized({language: text + year for language, text in one.indicator.title.items()})
    return Row(label=label, values=(_said(one, one.whole()), _of_place(one, low), _of_place(one, high)))


def _of_place(one: Measured, found: tuple[str, float] | None) -> str:
    return f"{_said(one, found[1])} – {found[0]}" if found else "–"


def _said(one: Measured, value: float | None) -> str:
    """A value with its unit, in the language of the page."""
    if value is None:
        return "–"
    rounded = int(value) if value == int(value) else round(value, 2)
    return f"{written(rounded, 'number')} {one.indicator.unit}".strip()
