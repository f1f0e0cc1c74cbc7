"""Finding words in a text, and putting marks in their place."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from consult.core.blackout import MARK
from consult.moderation.matters import Passage

__all__ = ["MARK"]

SHORTEST = 3
"""Characters of a passage: no mark is longer than what it stands for."""
AROUND = 30
MOST = 50
"""Places that are offered."""


@dataclass(frozen=True)
class Place:
    """Where words stand: in which field, from which character, how many."""

    field: str
    start: int
    length: int

    @property
    def end(self) -> int:
        return self.start + self.length

    @property
    def code(self) -> str:
        """As forms name it."""
        return f"{self.field}:{self.start}:{self.length}"


def pattern(words: str) -> re.Pattern[str]:
    """These words, however they are spaced and broken into lines."""
    return re.compile(r"\s+".join(re.escape(part) for part in words.split()))


def found(passages: Iterable[Passage], words: str) -> list[Place]:
    """Where words stand, in the order in which they are read; the first ones of very many."""
    wanted = pattern(words)
    return [Place(passage.field, hit.start(), hit.end() - hit.start())
            for passage in passages for hit in wanted.finditer(passage.text)][:MOST]


def around(passages: Iterable[Passage], place: Place) -> tuple[str, str, str]:
    """What stands before words, the words, and what follows them: so that one can tell places apart."""
    text = next(passage.text for passage in passages if passage.field == place.field)
    before, after = text[max(0, place.start - AROUND):place.start], text[place.end:place.end + AROUND]
    return before, text[place.start:place.end], after


def marked(passages: Sequence[Passage], places: Iterable[Place]) -> list[Passage]:
    """The passages as readers see them once these places are blacked out."""
    wanted = sorted(places, key=lambda place: place.start, reverse=True)
    shown = []
    for passage in passages:
        text = passage.text
        for place in wanted:
            if place.field == passage.field:
                text = text[:place.start] + MARK + text[place.end:]
        shown.append(Passage(passage.field, text))
    return shown


def filled(text: str, place: int, words: str) -> str:
    """A text in which words stand again where one of its marks did."""
    parts = text.split(MARK)
    return MARK.join([*parts[:place], parts[place] + words + parts[place + 1], *parts[place + 2:]])


def without(value: Any, words: Iterable[str]) -> Any:
    """Whatever is kept of a text, in which none of these words can be read any more."""
    patterns = [pattern(each) for each in sorted(words, key=len, reverse=True)]

    def covered(part: Any) -> Any:
        if isinstance(part, dict):
            return {key: covered(each) for key, each in part.items()}
        if isinstance(part, list):
            return [covered(each) for each in part]
        if isinstance(part, str):
            for each in patterns:
                part = each.sub(MARK, part)
        return part

    return covered(value)
