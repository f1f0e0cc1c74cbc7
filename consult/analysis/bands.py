"""Age bands: read from what people write, and put together where they coincide with others."""

import itertools
import re
from collections.abc import Collection, Iterable

OLDEST = 200
"""No age is beyond: the last age of a band that has no end."""
Ages = tuple[int, int]
"""The first and the last age of a band."""

_OLD = 120
_NUMBER = re.compile(r"\d+")
_BELOW = ("meno", "sotto", "under", "below", "less", "younger", "unter", "moins", "<")
_UP_TO = ("fino", "up to", "bis", "jusqu", *_BELOW)
_ONE = re.compile(r"\d+( ?(anni?|years?( old)?|jahre?|ans?))?")


def ages(written: str) -> Ages | None:
    """The ages that a label speaks of, as in `16-24`, `65+`, `fino a 17 anni`, `65 e oltre`; None where it is none."""
    said = " ".join(written.casefold().split())
    numbers = [int(number) for number in _NUMBER.findall(said)]
    if not 1 <= len(numbers) <= 2 or max(numbers) > _OLD or numbers != sorted(numbers):
        return None
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    number, before = numbers[0], said[:said.index(str(numbers[0]))]
    if any(word in before for word in _UP_TO):
        return (0, number - 1 if any(word in before for word in _BELOW) else number) if number else None
    return (number, number) if _ONE.fullmatch(said) else (number, OLDEST)


def code(written: str) -> str | None:
    """A band as it is kept, `16-17` or `75+`; None where it is none."""
    found = ages(written)
    return None if found is None else f"{found[0]}+" if found[1] >= OLDEST else f"{found[0]}-{found[1]}"


def in_order(codes: Iterable[str]) -> list[str]:
    """Bands by age."""
    return sorted(codes, key=lambda band: ages(band) or (OLDEST, OLDEST))


def filling(wanted: Ages, codes: Collection[str]) -> list[str] | None:
    """The bands that together are exactly the ages wanted; None where no bands are."""
    known = {found[0]: (found[1], band) for band in in_order(codes) if (found := ages(band))}
    at, parts = wanted[0], []
    while at in known and at <= wanted[1]:
        last, band = known[at]
        parts.append(band)
        at = last + 1
    return parts if parts and at == wanted[1] + 1 else None


def overlapping(codes: Iterable[str]) -> tuple[str, str] | None:
    """Two bands that share an age; None where no two do."""
    ordered = in_order(set(codes))
    for one, other in itertools.pairwise(ordered):
        last, first = (ages(one) or (0, 0))[1], (ages(other) or (OLDEST, OLDEST))[0]
        if first <= last:
            return one, other
    return None
