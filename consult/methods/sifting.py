"""Papers before they are counted: those that say the same are put together, those that break the rules put aside."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

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
    """Papers from the rows (marks as JSON text, municipality, channel) of a box: equal rows become one paper.

    This is how a million papers are read in a second: the text is parsed once for all papers that say the same.
    """
    read: dict[str, Marks] = {}
    for (text, place, channel), times in Counter(rows).items():
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
    known: dict[int, tuple[Marks, Marks | None, Marks]] = {}  # holds the marks, so that their id stays their own
    for paper in papers:
        if id(paper.marks) not in known:
            known[id(paper.marks)] = paper.marks, *_both_ways(method, rules, paper.marks)
        _marks, adds, against = known[id(paper.marks)]
        if adds is None:
            continue
        places.papers[paper.place] += paper.times
        places.channels[paper.channel] += paper.times
        for found, where in ((adds, places.added), (against, places.against)):
            here = where.setdefault(paper.place, Counter())
            for code, number in found.items():
                here[code] += number * paper.times
    return places


def _both_ways(method: Method, rules: Rules, marks: Marks) -> tuple[Marks | None, Marks]:
    """What a paper adds and what it says against; None for one that breaks the rules."""
    if method.fault(rules, marks) is not None:
        return None, {}
    return method.adds(rules, marks), method.against(rules, marks)
