"""Papers before they are counted: those that say the same are put together, those that break the rules put aside."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from consult.core.later import numpy as np
from consult.methods.interface import Marks, Method, Paper, Place, Rules


@dataclass(frozen=True, kw_only=True)
class Sifted:
    """Valid papers, those with the same marks as one pile, in an order that does not depend on that of casting."""

    piles: tuple[tuple[Marks, int], ...]
    blank: int
    invalid: int

    @property
    def valid(self) -> int:
        return sum(times for _marks, times in self.piles)


def sift(method: Method, rules: Rules, papers: Iterable[Paper]) -> Sifted:
    """Put papers together by what they say, and count those that break the rules."""
    piles: dict[tuple[tuple[str, int], ...], tuple[Marks, int]] = {}
    for marks, times in _same_object(papers):
        key = tuple(sorted(marks.items()))
        piles[key] = marks, times + (piles[key][1] if key in piles else 0)
    valid, invalid = [], 0
    for _key, (marks, times) in sorted(piles.items(), key=lambda pile: pile[0]):
        if method.fault(rules, marks) is None:
            valid.append((marks, times))
        else:
            invalid += times
    return Sifted(piles=tuple(valid), invalid=invalid, blank=sum(times for marks, times in valid if not marks))


def _same_object(papers: Iterable[Paper]) -> Iterator[tuple[Marks, int]]:
    """Marks that are one object, as `gathered` gives them, are looked at once."""
    marks_of: dict[int, Marks] = {}  # holds each object, so that its id stays its own
    times: Counter[int] = Counter()
    for paper in papers:
        marks_of.setdefault(id(paper.marks), paper.marks)
        times[id(paper.marks)] += paper.times
    return ((marks, times[id]) for id, marks in marks_of.items())


def gathered(rows: Iterable[tuple[str, Place, str]]) -> Iterator[Paper]:
    """Papers from the rows (marks as JSON text, municipality, channel) of a box: equal rows become one paper."""
    return piled((*row, times) for row, times in Counter(rows).items())


def piled(rows: Iterable[tuple[str, Place, str, int]]) -> Iterator[Paper]:
    """Papers from rows that the database has counted (marks as JSON text, municipality, channel, how many).

    This is how a million papers are read in a second: the text is parsed once for all papers that say the same.
    """
    read: dict[str, Marks] = {}
    for text, place, channel, times in rows:
        marks = read.get(text)
        if marks is None:
            marks = read[text] = json.loads(text)
        yield Paper(marks=marks, place=place, channel=channel, times=times)


@dataclass
class Places:
    """What was counted by municipality and channel: valid papers, and what they add to each option."""

    papers: Counter[Place] = field(default_factory=Counter)
    channels: Counter[str] = field(default_factory=Counter)
    added: dict[Place, Counter[str]] = field(default_factory=dict)
    against: dict[Place, Counter[str]] = field(default_factory=dict)
    """What papers say against an option, where they can."""


def by_place(method: Method, rules: Rules, papers: Iterable[Paper]) -> Places:
    """Valid papers by municipality and by channel, and the sums of what `method.adds` says of them."""
    places = Places()
    adding, opposing = _Sums(rules.codes), _Sums(rules.codes)
    said: dict[int, tuple[Marks, int | None]] = {}  # holds the marks, so that their id stays their own
    for paper in papers:
        known = said.get(id(paper.marks))
        if known is None:
            valid = method.fault(rules, paper.marks) is None
            known = paper.marks, adding.line(method.adds(rules, paper.marks)) if valid else None
            said[id(paper.marks)] = known
            if valid:
                opposing.line(method.against(rules, paper.marks))
        if known[1] is not None:
            places.papers[paper.place] += paper.times
            places.channels[paper.channel] += paper.times
            adding.count(known[1], paper.place, paper.times)
    places.added = adding.by_place()
    opposing.counted = adding.counted
    places.against = opposing.by_place()
    return places


class _Sums:
    """Sums of what different papers say, by place: as a product of two tables of whole numbers."""

    def __init__(self, codes: Sequence[str]) -> None:
        self.counted: dict[Place, Counter[int]] = {}
        self._codes = codes
        self._at = {code: at for at, code in enumerate(codes)}
        self._lines: list[int] = []
        self._columns: list[int] = []
        self._numbers: list[int] = []
        self._height = 0

    def line(self, found: Marks) -> int:
        """Take in what a paper says, and answer its number."""
        for code, number in found.items():
            self._lines.append(self._height)
            self._columns.append(self._at[code])
            self._numbers.append(number)
        self._height += 1
        return self._height - 1

    def count(self, line: int, place: Place, times: int) -> None:
        """So many more papers of a place say what that line says."""
        self.counted.setdefault(place, Counter())[line] += times

    def by_place(self) -> dict[Place, Counter[str]]:
        """The sums by place, of the codes that got anything."""
        columns, numbers = np.array(self._columns, dtype=np.int64), np.array(self._numbers, dtype=np.int64)
        lines = np.array(self._lines, dtype=np.int64)
        found = {}
        for place, counted in self.counted.items():
            times = np.zeros(self._height, dtype=np.int64)
            times[list(counted.keys())] = list(counted.values())
            sums = np.zeros(len(self._codes), dtype=np.int64)
            np.add.at(sums, columns, numbers * times[lines])
            found[place] = Counter({code: int(total) for code, total in zip(self._codes, sums, strict=True) if total})
        return found
