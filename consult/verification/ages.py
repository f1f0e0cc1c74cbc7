"""Age bands: all that is kept of a day of birth."""

from datetime import date

STARTS = (0, 14, 16, 18, 25, 35, 50, 65, 75)
"""The age at which each band begins: those that rules ask for, and those that statistics use."""


def age(born: date, today: date) -> int:
    """Full years. Who was born on a 29 February completes a year on the first of March of a short year."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def band(years: int) -> str:
    """The band of an age, as in "35-49" or "75+"."""
    start = max(first for first in STARTS if first <= years)
    return next(name for name in BANDS if bounds(name)[0] == start)


def bounds(band: str) -> tuple[int, int | None]:
    """The lowest and the highest age of a band; None where it has no upper end."""
    first, _, last = band.rstrip("+").partition("-")
    return int(first), int(last) if last else None


def _names() -> tuple[str, ...]:
    ends = [start - 1 for start in STARTS[1:]]
    return (*(f"{start}-{end}" for start, end in zip(STARTS, ends, strict=False)), f"{STARTS[-1]}+")


BANDS = _names()


def within(band: str, minimum: int | None, maximum: int | None) -> bool:
    """True if everybody of a band is old enough and young enough; an unknown band is never within bounds."""
    if minimum is None and maximum is None:
        return True
    if not band:
        return False
    first, last = bounds(band)
    return (minimum is None or first >= minimum) and (maximum is None or (last is not None and last <= maximum))
