"""The grades of a majority judgement, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from consult.core.languages import Localized
from consult.methods.interface import Rules

USUAL = (_l("To be rejected"), _l("Poor"), _l("Acceptable"), _l("Good"), _l("Very good"), _l("Excellent"))
"""The six of Balinski and Laraki, worst first."""
MOST = 10


def grades(rules: Rules) -> tuple[LazyString, ...]:
    """The grades of a ballot, worst first."""
    given = rules.parameters.get("grades")
    return tuple(map(_worded, given)) if given else USUAL


def _worded(grade: Any) -> LazyString:
    text: Any = Localized(grade) if isinstance(grade, Mapping) else grade
    return LazyString(lambda: str(text))
