"""The plane as circles, each for at least five people; nobody is a point."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import LazyString
from flask_babel import gettext as _

WIDTH, HEIGHT, MARGIN = 720, 480, 40
LARGEST = 34.0
LIGHT = frozenset({1, 3, 5})
"""Tones on which dark letters are read."""


@dataclass(frozen=True)
class Circle:
    """At least five people who answered alike."""

    x: int
    y: int
    radius: float
    tone: int
    letter: str

    @property
    def light(self) -> bool:
        return self.tone in LIGHT


@dataclass(frozen=True)
class Plane:
    """What is drawn."""

    circles: Sequence[Circle]
    described: LazyString
    width: int = WIDTH
    height: int = HEIGHT


def drawn(content: dict[str, Any]) -> Plane | None:
    """The plane of a map; None where no five people stand close to one another."""
    found = content["plane"]
    if not found:
        return None
    letters = content["letters"]
    most = max(count for _x, _y, count, _letter in found)
    xs, ys = [one[0] for one in found], [one[1] for one in found]
    circles = [Circle(MARGIN + _along(x, xs, WIDTH - 2 * MARGIN), HEIGHT - MARGIN - _along(y, ys, HEIGHT - 2 * MARGIN),
                      round(LARGEST * math.sqrt(count / most), 1),
                      letters.index(letter) * 2 % 7 if letter in letters else 6, letter)
               for x, y, count, letter in sorted(found, key=lambda one: -one[2])]
    return Plane(circles, LazyString(
        lambda: _("The plane of answers with the groups %(letters)s.", letters=", ".join(letters)) if letters
        else _("The plane of answers, without clear groups.")))


def _along(value: float, values: Sequence[float], length: int) -> int:
    """How far along a length a value lies between the smallest and the largest."""
    reach = max(values) - min(values)
    return round((value - min(values)) / reach * length) if reach else length // 2
